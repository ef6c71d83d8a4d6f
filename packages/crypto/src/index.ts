/**
 * Hashes, signatures and commitments behind one synchronous interface, {@link CryptoProvider}.
 *
 * `await loadCrypto()` gives the portable provider; `@troupe/crypto-node` has a faster one for Node. Whoever needs cryptography is
 * handed a provider: nothing looks one up, and all of them give the same bytes for the same input.
 *
 * ```ts
 * const crypto = await loadCrypto()
 * const digest = crypto.blake2b(bytes, 32)
 * ```
 *
 * @module
 */
export { BLS_SIGNATURE_DST } from './bls-signature-dst.ts'
export { CodedError } from './coded-error.ts'
export { areDistinct } from './distinct.ts'
export { CryptoError, type CryptoErrorCode } from './errors.ts'
export { loadCrypto } from './load-crypto.ts'
export type { Blake2bLength, Bls12381, Bn254, CryptoPrimitive, CryptoProvider } from './provider.ts'
export { computeUnsealedSectorCommitment, type PieceCommitment } from './unsealed-sector.ts'
