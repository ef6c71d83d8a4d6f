/** @module The curves of Ethereum's precompiles over mcl: four to ten times as fast as in JavaScript. */
import type { Bls12381, Bn254 } from '@troupe/crypto'
import { instantiateMcl, type Mcl } from './mcl.ts'
import { MclMemory } from './mcl-memory.ts'

/** What mcl calls a curve, and how points are handed in. */
interface CurveForm {
  readonly id: number
  /** Bytes of an element of the field. */
  readonly elementLength: number
  /** Which part of an element of the extension is handed in first. */
  readonly first: 'real' | 'imaginary'
}

const BN_SNARK1: CurveForm = { id: 4, elementLength: 32, first: 'imaginary' }
const BLS12_381: CurveForm = { id: 5, elementLength: 48, first: 'real' }
/** 6 words of Fp + 10 times 4 words of Fr. */
const COMPILED_SIZES = 46
/** The hash to curve of RFC 9380. */
const HASH_TO_CURVE = 5

const SCALAR_LENGTH = 32
/** Bytes of an element of the field, of a number, of points and of an element of the target group in mcl's memory. */
const FP_SIZE = 48
const FR_SIZE = 32
const G1_SIZE = 3 * FP_SIZE
const G2_SIZE = 6 * FP_SIZE
const GT_SIZE = 12 * FP_SIZE

/** How many pairings share one Miller loop. It bounds the memory of an input of any length. */
const PAIRS_PER_LOOP = 16
/** How many multiples are summed up at once, for the same reason. */
const POINTS_PER_SUM = 128

/** Loads mcl into a Wasm instance of our own. @throws whatever keeps it from loading */
export function loadMclBn254(): Bn254 {
  const curve = new MclCurve(instantiateMcl().mcl, BN_SNARK1)
  return {
    multiply: (point, scalar) => curve.g1MultiScalar(point, scalar),
    isInG2: (point) => curve.isInG2(point),
    isPairingOne: (pairs) => curve.isPairingOne(pairs),
  }
}

/** Loads mcl into a Wasm instance of our own. @throws whatever keeps it from loading */
export function loadMclBls12381(): Bls12381 {
  const { mcl } = instantiateMcl()
  const curve = new MclCurve(mcl, BLS12_381)
  if (mcl._mclBn_setMapToMode(HASH_TO_CURVE) !== 0) throw new Error('mcl does not know the hash to curve')
  return {
    g1MultiScalar: (points, scalars) => curve.g1MultiScalar(points, scalars),
    g2MultiScalar: (points, scalars) => curve.g2MultiScalar(points, scalars),
    isInG1: (point) => curve.isInG1(point),
    isInG2: (point) => curve.isInG2(point),
    isPairingOne: (pairs) => curve.isPairingOne(pairs),
    mapToG1: (element) => curve.mapToG1(element),
    mapToG2: (element) => curve.mapToG2(element),
  }
}

/** mcl with the memory that its calls work in, all of it allocated once. */
class MclCurve {
  readonly #mcl: Mcl
  readonly #memory: MclMemory
  readonly #length: number
  /** Where the real part of an element of the extension is, and where the imaginary one. */
  readonly #parts: readonly [real: number, imaginary: number]
  readonly #bytes: number
  readonly #scalars: number
  readonly #g1s: number
  readonly #g2s: number
  readonly #sum: number
  readonly #loop: number
  readonly #product: number

  constructor(mcl: Mcl, { elementLength, first, id }: CurveForm) {
    this.#mcl = mcl
    this.#memory = new MclMemory(mcl)
    this.#length = elementLength
    this.#parts = first === 'real' ? [0, elementLength] : [elementLength, 0]
    if (mcl._mclBn_init(id, COMPILED_SIZES) !== 0) throw new Error('mcl does not know the curve')
    this.#bytes = this.#memory.allocate(FP_SIZE)
    this.#scalars = this.#memory.allocate(FR_SIZE * POINTS_PER_SUM)
    this.#g1s = this.#memory.allocate(G1_SIZE * POINTS_PER_SUM)
    this.#g2s = this.#memory.allocate(G2_SIZE * POINTS_PER_SUM)
    this.#sum = this.#memory.allocate(2 * G2_SIZE)
    this.#loop = this.#memory.allocate(GT_SIZE)
    this.#product = this.#memory.allocate(GT_SIZE)
  }

  g1MultiScalar(points: Uint8Array, scalars: Uint8Array): Uint8Array {
    return this.#memory.withStack(() => {
      const mcl = this.#mcl
      const pointLength = 2 * this.#length
      const part = this.#sum + G1_SIZE
      mcl._mclBnG1_clear(this.#sum)
      this.#inParts(scalars, (start, count) => {
        for (let index = 0; index < count; index++)
          this.#readG1(points, (start + index) * pointLength, this.#g1s + index * G1_SIZE)
        mcl._mclBnG1_mulVec(part, this.#g1s, this.#scalars, count)
        mcl._mclBnG1_add(this.#sum, this.#sum, part)
      })
      return this.#writeG1(this.#sum)
    })
  }

  g2MultiScalar(points: Uint8Array, scalars: Uint8Array): Uint8Array {
    return this.#memory.withStack(() => {
      const mcl = this.#mcl
      const pointLength = 4 * this.#length
      const part = this.#sum + G2_SIZE
      mcl._mclBnG2_clear(this.#sum)
      this.#inParts(scalars, (start, count) => {
        for (let index = 0; index < count; index++)
          this.#readG2(points, (start + index) * pointLength, this.#g2s + index * G2_SIZE)
        mcl._mclBnG2_mulVec(part, this.#g2s, this.#scalars, count)
        mcl._mclBnG2_add(this.#sum, this.#sum, part)
      })
      return this.#writeG2(this.#sum)
    })
  }

  isInG1(point: Uint8Array): boolean {
    return this.#memory.withStack(() => {
      this.#readG1(point, 0, this.#g1s)
      return this.#mcl._mclBnG1_isValidOrder(this.#g1s) === 1
    })
  }

  isInG2(point: Uint8Array): boolean {
    return this.#memory.withStack(() => {
      this.#readG2(point, 0, this.#g2s)
      return this.#mcl._mclBnG2_isValidOrder(this.#g2s) === 1
    })
  }

  isPairingOne(pairs: Uint8Array): boolean {
    return this.#memory.withStack(() => {
      const mcl = this.#mcl
      const pairLength = 6 * this.#length
      mcl._mclBnGT_setInt(this.#product, 1)
      for (let offset = 0; offset < pairs.length; offset += PAIRS_PER_LOOP * pairLength) {
        const count = Math.min(PAIRS_PER_LOOP, (pairs.length - offset) / pairLength)
        for (let index = 0; index < count; index++) {
          const at = offset + index * pairLength
          this.#readG1(pairs, at, this.#g1s + index * G1_SIZE)
          this.#readG2(pairs, at + 2 * this.#length, this.#g2s + index * G2_SIZE)
        }
        mcl._mclBn_millerLoopVec(this.#loop, this.#g1s, this.#g2s, count)
        mcl._mclBnGT_mul(this.#product, this.#product, this.#loop)
      }
      mcl._mclBn_finalExp(this.#product, this.#product)
      return mcl._mclBnGT_isOne(this.#product) === 1
    })
  }

  mapToG1(element: Uint8Array): Uint8Array {
    return this.#memory.withStack(() => {
      this.#readFp(element, 0, this.#g1s)
      if (this.#mcl._mclBnFp_mapToG1(this.#sum, this.#g1s) !== 0)
        throw new Error('mcl does not map to the curve')
      return this.#writeG1(this.#sum)
    })
  }

  mapToG2(element: Uint8Array): Uint8Array {
    return this.#memory.withStack(() => {
      this.#readFp2(element, 0, this.#g2s)
      if (this.#mcl._mclBnFp2_mapToG2(this.#sum, this.#g2s) !== 0)
        throw new Error('mcl does not map to the curve')
      return this.#writeG2(this.#sum)
    })
  }

  /** Reads scalars part after part. */
  #inParts(scalars: Uint8Array, take: (start: number, count: number) => void): void {
    const all = scalars.length / SCALAR_LENGTH
    for (let start = 0; start < all; start += POINTS_PER_SUM) {
      const count = Math.min(POINTS_PER_SUM, all - start)
      for (let index = 0; index < count; index++) {
        const at = (start + index) * SCALAR_LENGTH
        this.#memory.write(scalars.subarray(at, at + SCALAR_LENGTH), this.#bytes)
        const fr = this.#scalars + index * FR_SIZE
        if (this.#mcl._mclBnFr_setBigEndianMod(fr, this.#bytes, SCALAR_LENGTH) !== 0)
          throw new Error('mcl does not read a number')
      }
      take(start, count)
    }
  }

  #readG1(bytes: Uint8Array, offset: number, g1: number): void {
    this.#readFp(bytes, offset, g1)
    this.#readFp(bytes, offset + this.#length, g1 + FP_SIZE)
    this.#setSmall(g1 + 2 * FP_SIZE, 1)
  }

  #readG2(bytes: Uint8Array, offset: number, g2: number): void {
    this.#readFp2(bytes, offset, g2)
    this.#readFp2(bytes, offset + 2 * this.#length, g2 + 2 * FP_SIZE)
    this.#setSmall(g2 + 4 * FP_SIZE, 1)
    this.#setSmall(g2 + 5 * FP_SIZE, 0)
  }

  /** In mcl's memory the real part comes first. */
  #readFp2(bytes: Uint8Array, offset: number, fp2: number): void {
    this.#readFp(bytes, offset + this.#parts[0], fp2)
    this.#readFp(bytes, offset + this.#parts[1], fp2 + FP_SIZE)
  }

  #readFp(bytes: Uint8Array, offset: number, fp: number): void {
    this.#memory.write(bytes.subarray(offset, offset + this.#length), this.#bytes)
    if (this.#mcl._mclBnFp_setBigEndianMod(fp, this.#bytes, this.#length) !== 0)
      throw new Error('mcl does not read a number')
  }

  #setSmall(fp: number, value: number): void {
    const bytes = new Uint8Array(this.#length)
    bytes[this.#length - 1] = value
    this.#readFp(bytes, 0, fp)
  }

  #writeG1(g1: number): Uint8Array {
    this.#mcl._mclBnG1_normalize(g1, g1)
    const point = new Uint8Array(2 * this.#length)
    this.#writeFp(g1, point, 0)
    this.#writeFp(g1 + FP_SIZE, point, this.#length)
    return point
  }

  #writeG2(g2: number): Uint8Array {
    this.#mcl._mclBnG2_normalize(g2, g2)
    const point = new Uint8Array(4 * this.#length)
    for (const coordinate of [0, 1])
      for (const part of [0, 1] as const)
        this.#writeFp(
          g2 + (2 * coordinate + part) * FP_SIZE,
          point,
          2 * coordinate * this.#length + this.#parts[part],
        )
    return point
  }

  /** mcl writes the lowest byte first. */
  #writeFp(fp: number, bytes: Uint8Array, offset: number): void {
    const length = this.#length
    if (this.#mcl._mclBnFp_serialize(this.#bytes, length, fp) !== length)
      throw new Error('mcl does not write a number')
    bytes.set(this.#memory.read(this.#bytes, length).reverse(), offset)
  }
}
