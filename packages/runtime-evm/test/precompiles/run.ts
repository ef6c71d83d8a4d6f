import { loadCrypto } from '@troupe/crypto'
import { createPrecompiles, type Precompile, type PrecompileFork, rowsOfFork } from '@troupe/runtime-evm'
import { fromHex, toHex } from './hex.ts'

const crypto = await loadCrypto()

/** A precompile as it is on a fork. */
export function precompile(address: number, fork: PrecompileFork = 'osaka'): Precompile {
  const found = createPrecompiles(rowsOfFork(fork), crypto).get(address)
  if (found === undefined) throw new Error(`no precompile at ${address} on ${fork}`)
  return found
}

/** What a precompile gives for hexadecimal digits: such digits, or `failed: <reason>`. */
export function run(found: Precompile, input: string): string {
  const result = found.run(fromHex(input))
  return typeof result === 'string' ? `failed: ${result}` : toHex(result)
}
