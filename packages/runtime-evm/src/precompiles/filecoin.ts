/** @module The precompiles of Filecoin's EVM actor that are Ethereum's too, by release of the built-in actors. */
import { ETHEREUM_PRECOMPILES } from './ethereum.ts'
import { FILECOIN_GAS } from './filecoin-gas.ts'
import { createFilecoinModexp } from './filecoin-modexp.ts'
import type { Precompile, PrecompileCrypto, Precompiles } from './precompile.ts'

/** The lowest and the highest address below 256 that is kept for precompiles, with the two prefixes: Ethereum's, and Filecoin's own. */
const FIRST_RESERVED = 0x01n
const LAST_RESERVED = 0xffn
const PREFIXES = [0n, 0xfen << 152n]
const P256VERIFY = 0x0100n
const MODEXP = 0x05

/** The first release with the precompiles over BLS12-381, and the first with P256VERIFY. The oldest EVM actor is that of release 10. */
const SINCE_BLS12_381 = 17
const SINCE_P256VERIFY = 18

/**
 * Makes the precompiles of a release of the built-in actors, such as 18: those of Ethereum but for the evaluation of blobs at 0x0a, which Filecoin has not. They take and give what
 * Ethereum's do, but for lengths in MODEXP (see `createFilecoinModexp`). Their prices are in gas of the FVM, and calibrated: fitted to what the official actor is
 * charged for its Wasm.
 *
 * A failure gives the caller 0 and no data, and takes nothing from it but what was used.
 *
 * Source: builtin-actors@b0a3bdd6 actors/evm/src/interpreter/precompiles/mod.rs.
 */
export function createFilecoinPrecompiles(release: number, crypto: PrecompileCrypto): Precompiles {
  const precompiles = new Map<number, Precompile>()
  for (const { address, name, create } of ETHEREUM_PRECOMPILES) {
    const gas = FILECOIN_GAS.get(address)
    if (gas === undefined || !isOfRelease(address, release)) continue
    precompiles.set(address, {
      name,
      address,
      gas,
      run: address === MODEXP ? createFilecoinModexp() : create(crypto),
    })
  }
  return precompiles
}

/**
 * Whether an address is kept for precompiles of the EVM actor. A call of one that has none succeeds, transfers the value and gives nothing.
 * @param address an Ethereum address as a number of 160 bits
 */
export function isReservedForPrecompiles(release: number, address: bigint): boolean {
  if (address === P256VERIFY) return release >= SINCE_P256VERIFY
  return PREFIXES.some((prefix) => address >= prefix + FIRST_RESERVED && address <= prefix + LAST_RESERVED)
}

function isOfRelease(address: number, release: number): boolean {
  if (address <= 0x09) return true
  return address <= 0x11 ? release >= SINCE_BLS12_381 : release >= SINCE_P256VERIFY
}
