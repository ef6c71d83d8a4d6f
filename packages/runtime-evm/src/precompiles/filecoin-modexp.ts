import { power } from './modexp.ts'
import { type ModexpLengths, presentOperands, readModexpLengths } from './modexp-operands.ts'
import { createModularPower } from './modular-power.ts'
import type { PrecompileFailure, PrecompileFunction } from './precompile.ts'

/** The greatest length that the actor reads. */
const MAX_LENGTH = 2n ** 32n - 1n
/** So many bytes that are not in the input overflow the actor's count of bits, and it panics. */
const PANIC_BYTES = 2n ** 29n

/**
 * How many bytes an operand may have that is not zero, and the modulus in any case.
 *
 * Differs: the actor has as much memory as an instance may have, 512 MiB, and ends where that is used up, which depends on what else it holds. Here as
 * on the main network no call with more than this has ever been of use, and nested calls may keep what they were returned.
 */
const OPERAND_LIMIT = 2 ** 24

/**
 * MODEXP as Filecoin's EVM actor has it: EIP-198, with lengths below 2^32. Longer ones fail, where Ethereum would be out of gas; and what the actor has no room for
 * ends the actor.
 *
 * Source: builtin-actors@b0a3bdd6 actors/evm/src/interpreter/precompiles/evm.rs `modexp`, actors/evm/src/reader.rs.
 */
export function createFilecoinModexp(): PrecompileFunction {
  const modularPower = createModularPower()
  return (input) => {
    const lengths = readModexpLengths(input)
    const { base, exponent, modulus } = lengths
    if (base > MAX_LENGTH || exponent > MAX_LENGTH || modulus > MAX_LENGTH) return 'operand-length'
    if (base === 0n && modulus === 0n) return new Uint8Array(0)
    return (
      findAbort(input, lengths) ?? (modulus === 0n ? new Uint8Array(0) : power(modularPower, input, lengths))
    )
  }
}

/** What ends the actor while it reads the operands in their order, or makes room for the result. */
function findAbort(input: Uint8Array, lengths: ModexpLengths): PrecompileFailure | undefined {
  const present = presentOperands(input, lengths)
  const limit = BigInt(OPERAND_LIMIT)
  for (const operand of ['base', 'exponent', 'modulus'] as const) {
    if (lengths[operand] - BigInt(present[operand].length) >= PANIC_BYTES) return 'actor-panic'
    const isZero = present[operand].every((byte) => byte === 0)
    if (lengths[operand] > limit && (operand === 'modulus' || !isZero)) return 'actor-memory'
  }
  return undefined
}
