import { type ModexpLengths, presentOperands, readModexpLengths } from './modexp-operands.ts'
import { createModularPower, type ModularPower } from './modular-power.ts'
import { toBigint, writeBigint } from './padded-input.ts'
import type { PrecompileFunction } from './precompile.ts'

/**
 * MODEXP at 0x05: base to the power of exponent, modulo modulus (EIP-198).
 *
 * Shape: lengths of base, exponent and modulus, three words ‖ base ‖ exponent ‖ modulus; what is missing is zero, and what is beyond does not count. The output is as
 * long as the modulus, and zero where that is 0 or 1.
 *
 * @param lengthLimit how many bytes an operand may have: 1,024 from Osaka on (EIP-7823); `undefined` for as many as were paid for
 */
export function createModexp(lengthLimit: number | undefined): PrecompileFunction {
  const limit = lengthLimit === undefined ? undefined : BigInt(lengthLimit)
  const modularPower = createModularPower()
  return (input) => {
    const { base, exponent, modulus } = readModexpLengths(input)
    if (limit !== undefined && (base > limit || exponent > limit || modulus > limit)) return 'operand-length'
    // Nothing to give: then the exponent may be of any length, for the least price.
    return modulus === 0n ? new Uint8Array(0) : power(modularPower, input, { base, exponent, modulus })
  }
}

/** The power of the operands of an input, whose modulus has at least a byte. Time and memory are what the lengths say. */
export function power(modularPower: ModularPower, input: Uint8Array, lengths: ModexpLengths): Uint8Array {
  const { base, exponent, modulus } = presentOperands(input, lengths)
  const output = new Uint8Array(Number(lengths.modulus))
  const divisor = withZeros(modulus, lengths.modulus)
  if (divisor <= 1n) return output
  const zeroBytes = lengths.exponent - BigInt(exponent.length)
  const result = modularPower(withZeros(base, lengths.base), { bytes: exponent, zeroBytes }, divisor)
  writeBigint(output, 0, output.length, result)
  return output
}

/** The number that bytes are with zeros behind them, `length` in all. */
function withZeros(bytes: Uint8Array, length: bigint): bigint {
  const value = toBigint(bytes)
  return value === 0n ? value : value << (8n * (length - BigInt(bytes.length)))
}
