/** Output lengths of BLAKE2b that the protocol uses, in bytes: checksum, address payload, CID digest, full digest. */
export type Blake2bLength = 4 | 20 | 32 | 64

/**
 * The cryptography that consensus code needs, synchronous once loaded.
 *
 * Providers are handed to whoever needs them; nothing looks one up. All providers give the same bytes for the same input.
 * No method keeps or mutates its arguments, and every returned array is fresh.
 */
export interface CryptoProvider {
  /** Which implementation answers: `portable`, `node`, ... */
  readonly name: string
  /** The library behind each primitive, for reports: `{ blake2b: 'hash-wasm 4.13.0', ... }`. */
  readonly implementations: Readonly<Record<CryptoPrimitive, string>>

  /** BLAKE2b, unkeyed, with a digest of `length` bytes. */
  blake2b(data: Uint8Array, length: Blake2bLength): Uint8Array
  /** SHA-256, 32 bytes. */
  sha256(data: Uint8Array): Uint8Array
  /** Keccak-256 (not SHA3-256), 32 bytes. */
  keccak256(data: Uint8Array): Uint8Array
  /** RIPEMD-160, 20 bytes. */
  ripemd160(data: Uint8Array): Uint8Array

  /**
   * Recovers the public key that signed a digest.
   *
   * @param digest 32 bytes
   * @param signature 65 bytes: r (32) || s (32) || recovery id (0..3). High-s signatures are accepted.
   * @returns 65 bytes, `0x04 || x || y`, or `undefined` where no key can have made this signature
   */
  secp256k1Recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined
  /**
   * Verifies a compact signature (r || s, 64 bytes; high-s accepted) over a 32-byte digest
   * under a public key of 33 or 65 bytes. Malformed input is an invalid signature.
   */
  secp256k1Verify(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean
  /**
   * Signs a digest, deterministically (RFC 6979 with HMAC-SHA256).
   *
   * @param digest 32 bytes
   * @param secretKey 32 bytes
   * @returns 65 bytes: r (32) || s (32, low) || recovery id, or `undefined` where the bytes are no secret key
   */
  secp256k1Sign(digest: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined

  /**
   * Verifies an Ed25519 signature (R ‖ S, 64 bytes) of a message under a public key of 32 bytes, by the rules of ZIP 215: S is below the order of
   * the group, points may be written in more than one way and may be of small order, and the equation is multiplied by the cofactor. Of the rules there are, these
   * are the ones that any implementation, batch verification too, can follow exactly. Input of another length is an invalid signature.
   */
  ed25519Verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean

  /**
   * Verifies a BLS12-381 signature of Filecoin's kind: signature in G2 (96 bytes), keys in G1 (48 bytes), DST
   * `BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_`. With one message it is an ordinary signature, with more an aggregate over
   * pairwise distinct messages. Malformed points, points outside the subgroup, identity keys, repeated messages and counts that
   * differ are an invalid signature; no messages and no keys make a valid one where the signature is the identity.
   */
  blsVerify(
    signature: Uint8Array,
    messages: readonly Uint8Array[],
    publicKeys: readonly Uint8Array[],
  ): boolean
  /** Adds signatures up to one aggregate (96 bytes), or `undefined` where one of them is malformed or the list is empty. */
  blsAggregate(signatures: readonly Uint8Array[]): Uint8Array | undefined

  /** The curve of Ethereum's precompiles 0x06 to 0x08, where the provider has a library for it. Whoever needs it has one of their own, which gives the same. */
  bn254?(): Bn254 | undefined
  /** The curve of Ethereum's precompiles 0x0b to 0x11, likewise. */
  bls12381?(): Bls12381 | undefined
}

/**
 * Operations on the curve BN254, which Ethereum calls alt_bn128. Coordinates are words of 32 bytes, big-endian; a point of G1 is x ‖ y, one of G2 x ‖ y, each the imaginary part ‖ the
 * real part (EIP-197). Whoever calls has tested that coordinates are below the modulus, that points are on their curves, and that none is the identity.
 */
export interface Bn254 {
  /** A point of G1 times a number of 32 bytes; all zeros where that is the identity. */
  multiply(point: Uint8Array, scalar: Uint8Array): Uint8Array
  /** Whether a point of the twist is in G2. */
  isInG2(point: Uint8Array): boolean
  /** Whether the product of pairings is one. @param pairs 192 bytes each: a point of G1, a point in G2 */
  isPairingOne(pairs: Uint8Array): boolean
}

/**
 * Operations on the curve BLS12-381. Coordinates have 48 bytes, big-endian; an element of the extension is its real part ‖ its imaginary part (EIP-2537, without the padding). Whoever
 * calls has tested that coordinates are below the modulus, that points are on their curves, and that none is the identity. What is given back is all zeros for the identity.
 */
export interface Bls12381 {
  /** The sum of points in G1 times numbers. @param points 96 bytes each @param scalars 32 bytes each, as many */
  g1MultiScalar(points: Uint8Array, scalars: Uint8Array): Uint8Array
  /** The sum of points in G2 times numbers. @param points 192 bytes each @param scalars 32 bytes each, as many */
  g2MultiScalar(points: Uint8Array, scalars: Uint8Array): Uint8Array
  /** Whether a point of the curve is in G1. */
  isInG1(point: Uint8Array): boolean
  /** Whether a point of the twist is in G2. */
  isInG2(point: Uint8Array): boolean
  /** Whether the product of pairings is one. @param pairs 288 bytes each: a point in G1, a point in G2 */
  isPairingOne(pairs: Uint8Array): boolean
  /** The point of G1 that RFC 9380 maps an element of the field to. */
  mapToG1(element: Uint8Array): Uint8Array
  /** The point of G2 that RFC 9380 maps an element of the extension to. */
  mapToG2(element: Uint8Array): Uint8Array
}

/** The primitives of a {@link CryptoProvider}, as named in reports. */
export type CryptoPrimitive =
  | 'blake2b'
  | 'sha256'
  | 'keccak256'
  | 'ripemd160'
  | 'secp256k1'
  | 'ed25519'
  | 'bls'
