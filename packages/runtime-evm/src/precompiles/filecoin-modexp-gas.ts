import { presentOperands, readModexpLengths } from './modexp-operands.ts'

const GREATEST = BigInt(Number.MAX_SAFE_INTEGER)
/** Lengths from here on make the actor fail before it calculates. */
const LENGTH_END = 2n ** 32n

/**
 * What a modular exponentiation costs with Filecoin's EVM actor, in whole gas of the FVM: within a quarter of what it is charged, but for
 * operands that are zero or nearly so, which cost less.
 *
 * Its numbers have digits of 32 bits. With an odd modulus it works through the exponent digit by digit, four bits at a time, without a division (Montgomery);
 * with an even one bit by bit.
 */
export function filecoinModexpGas(input: Uint8Array): number {
  const lengths = readModexpLengths(input)
  if (lengths.base >= LENGTH_END || lengths.exponent >= LENGTH_END || lengths.modulus >= LENGTH_END)
    return 7_000
  const { base, exponent, modulus } = presentOperands(input, lengths)
  const present = BigInt(base.length + exponent.length + modulus.length)
  const reading = 7_000n + 330n * present + (6n * lengths.modulus) / 5n + (3n * lengths.exponent) / 2n
  const isWhole = BigInt(modulus.length) === lengths.modulus
  const last = isWhole ? (modulus.at(-1) ?? 0) : 0
  // Modulo 0 and 1 there is nothing to calculate.
  const above = isWhole && last === 1 ? modulus.subarray(0, -1) : modulus
  if (above.every((byte) => byte === 0)) return saturated(reading)

  const size = (lengths.modulus + 3n) / 4n
  const reducing = (10n + lengths.base) * 24n * size
  const { bits, ones } = bitsOf(exponent, lengths.exponent)
  if (last % 2 === 1) {
    const multiplication = 3_750n + 650n * size + 333n * size * size
    return saturated(reading + reducing + multiplication * (40n * ((bits + 31n) / 32n) + 14n))
  }
  const multiplication = 1_500n + 3_000n * size + 165n * size * size
  return saturated(reading + reducing + multiplication * (bits + ones))
}

/** The length of an exponent in bits, and how many of them are set. */
function bitsOf(present: Uint8Array, length: bigint): { readonly bits: bigint; readonly ones: bigint } {
  const first = present.findIndex((byte) => byte !== 0)
  if (first === -1) return { bits: 0n, ones: 0n }
  let ones = 0
  for (const byte of present) for (let rest = byte; rest > 0; rest &= rest - 1) ones++
  const bits = 8n * (length - BigInt(first)) - BigInt(Math.clz32(present[first] as number) - 24)
  return { bits, ones: BigInt(ones) }
}

function saturated(gas: bigint): number {
  return Number(gas < GREATEST ? gas : GREATEST)
}
