/**
 * The signatures of the portable provider alone, for providers that need them only where nothing faster is.
 *
 * @module
 */
export { blsAggregate, blsVerify } from './bls.ts'
export { ed25519Verify } from './ed25519.ts'
export { secp256k1Recover, secp256k1Sign, secp256k1Verify } from './secp256k1.ts'

/** The library behind them, for reports; a test compares it with the installed package. */
export const CURVES_LIBRARY = '@noble/curves 2.4.0'
