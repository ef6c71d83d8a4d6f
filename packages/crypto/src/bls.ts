import { bls12_381 } from '@noble/curves/bls12-381.js'
import { BLS_SIGNATURE_DST } from './bls-signature-dst.ts'
import { areDistinct } from './distinct.ts'
import { undefinedIfMalformed } from './malformed.ts'

const { G1, G2, pairingBatch } = bls12_381
const { Fp12 } = bls12_381.fields
const signatureCodec = bls12_381.longSignatures.Signature

type Key = ReturnType<typeof G1.Point.fromBytes>
type Sum = ReturnType<typeof signatureCodec.fromBytes>
type Pair = { g1: Key; g2: Sum }

/** How many pairings share one Miller loop. It bounds the memory of an aggregate of any size; more would save little more. */
const PAIRS_PER_LOOP = 16

/**
 * {@link CryptoProvider.blsVerify} in portable JavaScript.
 *
 * Source: filecoin-project/bls-signatures src/signature.rs `verify_messages`, which also refuses identity keys and repeated
 * messages.
 */
export function blsVerify(
  signature: Uint8Array,
  messages: readonly Uint8Array[],
  publicKeys: readonly Uint8Array[],
): boolean {
  if (messages.length !== publicKeys.length) return false
  const sum = decodeSignature(signature)
  if (sum === undefined) return false
  const keys: Key[] = []
  for (const bytes of publicKeys) {
    const key = decodePublicKey(bytes)
    if (key === undefined) return false
    keys.push(key)
  }
  if (!areDistinct(messages)) return false

  let product = Fp12.ONE
  let pairs: Pair[] = []
  for (const [i, g1] of keys.entries()) {
    const g2 = G2.hashToCurve(messages[i] as Uint8Array, { DST: BLS_SIGNATURE_DST })
    pairs.push({ g1, g2 })
    if (pairs.length === PAIRS_PER_LOOP) {
      product = Fp12.mul(product, pairingBatch(pairs, false))
      pairs = []
    }
  }
  // The library refuses to pair with the identity, whose pairing is one.
  if (!sum.is0()) pairs.push({ g1: G1.Point.BASE.negate(), g2: sum })
  product = Fp12.mul(product, pairingBatch(pairs, false))
  return Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE)
}

/** {@link CryptoProvider.blsAggregate} in portable JavaScript. */
export function blsAggregate(signatures: readonly Uint8Array[]): Uint8Array | undefined {
  if (signatures.length === 0) return undefined
  let sum = G2.Point.ZERO
  for (const bytes of signatures) {
    const signature = decodeSignature(bytes)
    if (signature === undefined) return undefined
    sum = sum.add(signature)
  }
  // The encoder knows the identity only in its normal form.
  return signatureCodec.toBytes(sum.is0() ? G2.Point.ZERO : sum)
}

/** Both decoders check that the point is on the curve and in the subgroup of prime order. */
function decodeSignature(bytes: Uint8Array): Sum | undefined {
  if (bytes.length !== 96) return undefined
  return undefinedIfMalformed(() => signatureCodec.fromBytes(bytes))
}

function decodePublicKey(bytes: Uint8Array): Key | undefined {
  if (bytes.length !== 48) return undefined
  const key = undefinedIfMalformed(() => G1.Point.fromBytes(bytes))
  return key?.is0() ? undefined : key
}
