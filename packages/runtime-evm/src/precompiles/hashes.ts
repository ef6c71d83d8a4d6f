/** @module The precompiles that hash or copy their input, all but the compression of BLAKE2b. */
import { paddedBytes } from './padded-input.ts'
import type { PrecompileCrypto, PrecompileFunction } from './precompile.ts'

/** SHA2-256 at 0x02. It never fails. */
export function createSha256({ sha256 }: PrecompileCrypto): PrecompileFunction {
  return (input) => sha256(input)
}

/** RIPEMD-160 at 0x03: the digest in the last 20 of 32 bytes. It never fails. */
export function createRipemd160({ ripemd160 }: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    const word = new Uint8Array(32)
    word.set(ripemd160(input), 12)
    return word
  }
}

/** IDENTITY at 0x04: a copy of the input. It never fails. */
export function identity(input: Uint8Array): Uint8Array {
  // Not `slice`: that of Node's buffers copies nothing.
  return new Uint8Array(input)
}

/**
 * ECRECOVER at 0x01: the Ethereum address, in a word, whose key signed a digest. It never fails: where there is none, the output is empty.
 *
 * Shape: digest (32) ‖ v as a word, 27 or 28 ‖ r (32) ‖ s (32); what is missing is zero, and what is beyond does not count. Any s below the
 * order of the group will do, because this is older than the rule against high ones.
 */
export function createEcRecover(crypto: PrecompileCrypto): PrecompileFunction {
  return (input) => {
    const words = paddedBytes(input, 0, 128)
    const v = words[63] as number
    if ((v !== 27 && v !== 28) || words.subarray(32, 63).some((byte) => byte !== 0)) return new Uint8Array(0)
    const signature = new Uint8Array(65)
    signature.set(words.subarray(64))
    signature[64] = v - 27
    const publicKey = crypto.secp256k1Recover(words.subarray(0, 32), signature)
    if (publicKey === undefined) return new Uint8Array(0)
    return crypto.keccak256(publicKey.subarray(1)).fill(0, 0, 12)
  }
}
