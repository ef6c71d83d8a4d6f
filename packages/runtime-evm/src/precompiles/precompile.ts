/**
 * @module What a precompile is: a pure function at a low address, with a price.
 *
 * Nothing here knows of calls: the caller charges {@link Precompile.gas} first, runs only what was paid for, and makes of a failure what its network makes
 * of it. On Ethereum that takes all the gas of the call; on Filecoin the call gives 0 and costs nothing more.
 */
import type { CryptoProvider } from '@troupe/crypto'

/** The part of a {@link CryptoProvider} that precompiles need. */
export type PrecompileCrypto = Pick<
  CryptoProvider,
  'sha256' | 'keccak256' | 'ripemd160' | 'secp256k1Recover' | 'bn254' | 'bls12381'
>

/**
 * Why a precompile failed. A contract never sees which of them it was.
 *
 * - `input-length`: the input is not as long as it has to be
 * - `field-element`: a coordinate is not below the modulus of its field, or the bytes that pad it are not zero
 * - `not-on-curve`, `not-in-subgroup`: a point that is none, or one that has another order than the protocol's
 * - `final-flag`: the last byte of a BLAKE2b compression is neither 0 nor 1
 * - `operand-length`: an operand of the modular exponentiation is longer than it may be
 * - `commitment`, `proof`: a commitment that has another versioned hash, or a proof that does not hold
 * - `actor-panic`, `actor-memory`: with Filecoin's EVM actor alone, and there it is the whole actor that ends, with exit code 24 or 4
 */
export type PrecompileFailure =
  | 'input-length'
  | 'field-element'
  | 'not-on-curve'
  | 'not-in-subgroup'
  | 'final-flag'
  | 'operand-length'
  | 'commitment'
  | 'proof'
  | 'actor-panic'
  | 'actor-memory'

/** What a precompile gives: bytes that nobody else holds, or the reason why it failed. */
export type PrecompileResult = Uint8Array | PrecompileFailure

/** The function of a precompile. It keeps nothing of its input and does not change it. */
export type PrecompileFunction = (input: Uint8Array) => PrecompileResult

/** A precompile of a network. */
export interface Precompile {
  /** The name that its specification has for it, such as `ECRECOVER` or `BLS12_G1ADD`. */
  readonly name: string
  /** Its address as a number, 0x01 to 0x0100. */
  readonly address: number
  /**
   * What a call with this input costs, in whole units of Ethereum's gas. It looks at little of the input, and takes no time to speak of.
   * A price that 2^53-1 does not hold counts as that.
   */
  gas(input: Uint8Array): number
  /** Runs it. How long that takes is bounded by the price. */
  run(input: Uint8Array): PrecompileResult
}

/** The precompiles of a network by address. */
export type Precompiles = ReadonlyMap<number, Precompile>
