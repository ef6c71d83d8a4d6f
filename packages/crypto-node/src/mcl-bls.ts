/**
 * BLS signatures over mcl, a pairing library in Wasm: three to five times as fast as the portable provider.
 *
 * It is not `@chainsafe/blst` because that has the domain separation tag of Ethereum's scheme built in, and can therefore not
 * verify a signature of Filecoin's.
 *
 * @module
 */
import { areDistinct, BLS_SIGNATURE_DST, type CryptoProvider } from '@troupe/crypto'
import { expandMessage } from './expand-message.ts'
import { instantiateMcl, type Mcl } from './mcl.ts'
import { MclMemory } from './mcl-memory.ts'
import type { HashFunction } from './openssl-hash.ts'

/** The BLS methods of a {@link CryptoProvider}. */
export type Bls = Pick<CryptoProvider, 'blsVerify' | 'blsAggregate'>

/** `BLS12_381`, its compiled sizes (6 words of Fp + 10 times 4 words of Fr), and the hash to curve of RFC 9380. */
const CURVE = 5
const COMPILED_SIZES = 46
const HASH_TO_CURVE = 5

/** Bytes of an element of the field, of a point and of an element of the target group in mcl's memory. */
const FP_SIZE = 48
const G1_SIZE = 144
const G2_SIZE = 288
const GT_SIZE = 576
/** Bytes from which one element of the field is reduced (RFC 9380, section 8.8.2). */
const FP_UNIFORM_LENGTH = 64
/** Bytes of compressed points. */
const KEY_LENGTH = 48
const SIGNATURE_LENGTH = 96

/** How many pairings share one Miller loop. It bounds the memory of an aggregate of any size. */
const PAIRS_PER_LOOP = 16

/** The generator of G1, compressed (draft-irtf-cfrg-pairing-friendly-curves, section 4.2.1). */
const G1_GENERATOR =
  '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb'

/** In the first byte of a compressed point: this is the identity. */
const IDENTITY_FLAG = 0x40

/** Loads mcl into a Wasm instance of our own. @throws whatever keeps it from loading */
export function loadMclBls(sha256: HashFunction): { readonly name: string; readonly functions: Bls } {
  const { mcl, version } = instantiateMcl()
  const bls = new MclBls(mcl, sha256)
  return {
    name: `mcl-wasm ${version}`,
    functions: {
      blsVerify: (signature, messages, publicKeys) => bls.verify(signature, messages, publicKeys),
      blsAggregate: (signatures) => bls.aggregate(signatures),
    },
  }
}

/** mcl with the memory that its calls work in, all of it allocated once. */
class MclBls {
  readonly #mcl: Mcl
  readonly #memory: MclMemory
  readonly #sha256: HashFunction
  readonly #dst: Uint8Array = new TextEncoder().encode(BLS_SIGNATURE_DST)
  readonly #negatedGenerator: number
  /** A compressed point on its way in or out. */
  readonly #bytes: number
  /** Uniform bytes of a hash, and the four elements of the field made from them. */
  readonly #uniform: number
  readonly #field: number
  readonly #signature: number
  readonly #sum: number
  readonly #g1s: number
  readonly #g2s: number
  readonly #loop: number
  readonly #product: number

  constructor(mcl: Mcl, sha256: HashFunction) {
    this.#mcl = mcl
    this.#memory = new MclMemory(mcl)
    this.#sha256 = sha256
    if (mcl._mclBn_init(CURVE, COMPILED_SIZES) !== 0) throw new Error('mcl does not know the curve')
    if (mcl._mclBn_setMapToMode(HASH_TO_CURVE) !== 0) throw new Error('mcl does not know the hash to curve')
    mcl._mclBn_setETHserialization(1) // the ZCash encoding of points, which Filecoin uses too
    mcl._mclBn_verifyOrderG1(1)
    mcl._mclBn_verifyOrderG2(1)

    this.#bytes = this.#memory.allocate(SIGNATURE_LENGTH)
    this.#uniform = this.#memory.allocate(4 * FP_UNIFORM_LENGTH)
    this.#field = this.#memory.allocate(4 * FP_SIZE)
    this.#signature = this.#memory.allocate(G2_SIZE)
    this.#sum = this.#memory.allocate(G2_SIZE)
    this.#g1s = this.#memory.allocate(G1_SIZE * PAIRS_PER_LOOP)
    this.#g2s = this.#memory.allocate(G2_SIZE * PAIRS_PER_LOOP)
    this.#loop = this.#memory.allocate(GT_SIZE)
    this.#product = this.#memory.allocate(GT_SIZE)
    this.#negatedGenerator = this.#memory.allocate(G1_SIZE)
    if (!this.#readPublicKey(Uint8Array.from(Buffer.from(G1_GENERATOR, 'hex')), this.#negatedGenerator)) {
      throw new Error('mcl does not read the generator')
    }
    mcl._mclBnG1_neg(this.#negatedGenerator, this.#negatedGenerator)
  }

  verify(signature: Uint8Array, messages: readonly Uint8Array[], publicKeys: readonly Uint8Array[]): boolean {
    if (messages.length !== publicKeys.length || !areDistinct(messages)) return false
    return this.#memory.withStack(() => {
      if (!this.#readSignature(signature, this.#signature)) return false
      const mcl = this.#mcl
      mcl._mclBnGT_setInt(this.#product, 1)
      let pairs = 0
      for (const [i, publicKey] of publicKeys.entries()) {
        if (!this.#readPublicKey(publicKey, this.#g1s + pairs * G1_SIZE)) return false
        this.#hashToG2(messages[i] as Uint8Array, this.#g2s + pairs * G2_SIZE)
        pairs++
        if (pairs === PAIRS_PER_LOOP) {
          this.#multiplyProduct(pairs)
          pairs = 0
        }
      }
      this.#memory.copy(this.#negatedGenerator, this.#g1s + pairs * G1_SIZE, G1_SIZE)
      this.#memory.copy(this.#signature, this.#g2s + pairs * G2_SIZE, G2_SIZE)
      this.#multiplyProduct(pairs + 1)
      mcl._mclBn_finalExp(this.#product, this.#product)
      return mcl._mclBnGT_isOne(this.#product) === 1
    })
  }

  aggregate(signatures: readonly Uint8Array[]): Uint8Array | undefined {
    if (signatures.length === 0) return undefined
    return this.#memory.withStack(() => {
      const mcl = this.#mcl
      mcl._mclBnG2_clear(this.#sum)
      for (const signature of signatures) {
        if (!this.#readSignature(signature, this.#signature)) return undefined
        mcl._mclBnG2_add(this.#sum, this.#sum, this.#signature)
      }
      if (mcl._mclBnG2_serialize(this.#bytes, SIGNATURE_LENGTH, this.#sum) !== SIGNATURE_LENGTH) {
        throw new Error('mcl does not write a point')
      }
      return this.#memory.read(this.#bytes, SIGNATURE_LENGTH)
    })
  }

  /** Multiplies the product of pairings by the first `count` pairs of `#g1s` and `#g2s`. */
  #multiplyProduct(count: number): void {
    this.#mcl._mclBn_millerLoopVec(this.#loop, this.#g1s, this.#g2s, count)
    this.#mcl._mclBnGT_mul(this.#product, this.#product, this.#loop)
  }

  /** Reads a key into `g1`; false where it is malformed, outside the subgroup or the identity. */
  #readPublicKey(bytes: Uint8Array, g1: number): boolean {
    if (bytes.length !== KEY_LENGTH || ((bytes[0] as number) & IDENTITY_FLAG) !== 0) return false
    this.#memory.write(bytes, this.#bytes)
    return this.#mcl._mclBnG1_deserialize(g1, this.#bytes, KEY_LENGTH) === KEY_LENGTH
  }

  /** Reads a signature into `g2`; false where it is malformed or outside the subgroup. */
  #readSignature(bytes: Uint8Array, g2: number): boolean {
    if (bytes.length !== SIGNATURE_LENGTH) return false
    if (((bytes[0] as number) & IDENTITY_FLAG) !== 0) {
      // Not left to mcl, which takes an identity whose other bits are not all zero.
      this.#mcl._mclBnG2_clear(g2)
      return bytes[0] === 0xc0 && bytes.every((byte, i) => i === 0 || byte === 0)
    }
    this.#memory.write(bytes, this.#bytes)
    return this.#mcl._mclBnG2_deserialize(g2, this.#bytes, SIGNATURE_LENGTH) === SIGNATURE_LENGTH
  }

  /** The hash to the curve of RFC 9380: two elements of the field, each mapped to the curve, and their sum. */
  #hashToG2(message: Uint8Array, g2: number): void {
    const mcl = this.#mcl
    this.#memory.write(expandMessage(this.#sha256, message, this.#dst, 4 * FP_UNIFORM_LENGTH), this.#uniform)
    for (let i = 0; i < 4; i++) {
      const fp = this.#field + i * FP_SIZE
      if (mcl._mclBnFp_setBigEndianMod(fp, this.#uniform + i * FP_UNIFORM_LENGTH, FP_UNIFORM_LENGTH) !== 0) {
        throw new Error('mcl does not reduce a number')
      }
    }
    const failed =
      mcl._mclBnFp2_mapToG2(g2, this.#field) | mcl._mclBnFp2_mapToG2(this.#sum, this.#field + 2 * FP_SIZE)
    if (failed !== 0) throw new Error('mcl does not map to the curve')
    mcl._mclBnG2_add(g2, g2, this.#sum)
  }
}
