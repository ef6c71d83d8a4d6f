import {
  BUNDLE_LIMITS,
  BundleError,
  type BundleErrorCode,
  decodeManifest,
  decodeManifestData,
  readBundle,
} from '@troupe/bundles'
import { CborWriter, type Cid, DAG_CBOR, parseCid, RAW } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Block, block, carOf, crypto, manifestData, smallBundle, text } from './synthetic.ts'

function codeOf(run: () => unknown): BundleErrorCode | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof BundleError) return error.code
    throw error
  }
}

const refusal = (car: Uint8Array): BundleErrorCode | undefined => codeOf(() => readBundle(car, crypto))

/** A bundle with this root block and nothing else. */
const withRoot = (bytes: Uint8Array): Uint8Array => {
  const root = block(DAG_CBOR, bytes)
  return carOf([root[0]], [root])
}

describe('reading a bundle', () => {
  const { root, data, code, car } = smallBundle('a')

  it('gives the manifest and the code of its actors in order', () => {
    const bundle = readBundle(car, crypto)
    expect(String(bundle.root)).toBe(String(root[0]))
    expect(String(bundle.manifestData)).toBe(String(data[0]))
    expect(bundle.rootBlock).toEqual(root[1])
    expect(bundle.manifestDataBlock).toEqual(data[1])
    expect(bundle.actors.map(({ name, code, wasm }) => [name, String(code), wasm])).toEqual([
      ['system', String(code[0]?.[0]), code[0]?.[1]],
      ['init', String(code[1]?.[0]), code[1]?.[1]],
    ])
  })

  it('takes blocks in any order, and leaves out what the manifest does not name', () => {
    const shuffled = carOf([root[0]], [...code, block(RAW, text('junk')), data, root])
    expect(readBundle(shuffled, crypto).actors).toHaveLength(2)
  })

  it('takes a manifest without actors', () => {
    expect(readBundle(smallBundle('', []).car, crypto).actors).toEqual([])
  })

  it('refuses what is no CAR', () => {
    expect(refusal(text('hello'))).toBe('bundles/not-a-bundle')
    expect(refusal(new Uint8Array())).toBe('bundles/not-a-bundle')
    expect(refusal(new Uint8Array(9).fill(0xff))).toBe('bundles/not-a-bundle')
    expect(refusal(carOf([], []).map((byte) => (byte === 1 ? 2 : byte)))).toBe('bundles/not-a-bundle')
  })

  it('refuses a CAR with no root or with two', () => {
    expect(refusal(carOf([], [root, data, ...code]))).toBe('bundles/not-a-bundle')
    expect(refusal(carOf([root[0], data[0]], [root, data, ...code]))).toBe('bundles/not-a-bundle')
  })

  it('refuses a CAR cut off at any place', () => {
    for (let end = 1; end < car.length; end += 7) {
      const sort = refusal(car.subarray(0, end))
      expect(['bundles/malformed', 'bundles/incomplete', 'bundles/not-a-bundle']).toContain(sort)
    }
    expect(refusal(car.subarray(0, car.length - 1))).toBe('bundles/malformed')
  })

  it('reads a damaged CAR, or refuses it with an error of its own', () => {
    const edits = fc.array(fc.tuple(fc.nat(car.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(edits, (changes) => {
        const damaged = Uint8Array.from(car)
        for (const [at, byte] of changes) damaged[at] = byte
        const sort = refusal(damaged)
        expect(sort === undefined || sort.startsWith('bundles/')).toBe(true)
      }),
      { seed: 13, numRuns: 500 },
    )
  })

  it('refuses a block that is not what its CID says', () => {
    const [first, second] = code as [Block, Block]
    const forged: Block = [second[0], text('something else')]
    expect(refusal(carOf([root[0]], [root, data, first, forged]))).toBe('bundles/malformed')
  })

  it('refuses a CAR that lacks its root, its manifest data or some code', () => {
    expect(refusal(carOf([root[0]], [data, ...code]))).toBe('bundles/incomplete')
    expect(refusal(carOf([root[0]], [root, ...code]))).toBe('bundles/incomplete')
    expect(refusal(carOf([root[0]], [root, data, ...code.slice(1)]))).toBe('bundles/incomplete')
  })

  it('refuses a manifest of another version', () => {
    for (const version of [0, 2]) {
      const writer = new CborWriter().array(2).uint(version).cid(data[0])
      expect(refusal(withRoot(writer.finish()))).toBe('bundles/unsupported-manifest-version')
    }
  })

  it('refuses a root that is no manifest', () => {
    expect(refusal(withRoot(new CborWriter().uint(1).finish()))).toBe('bundles/not-a-bundle')
    expect(refusal(withRoot(new CborWriter().array(1).uint(1).finish()))).toBe('bundles/not-a-bundle')
    expect(refusal(withRoot(new CborWriter().array(2).uint(1).text('x').finish()))).toBe(
      'bundles/not-a-bundle',
    )
    expect(refusal(withRoot(Buffer.concat([root[1], Uint8Array.of(0)])))).toBe('bundles/not-a-bundle')
  })

  it('refuses a root that is not encoded canonically', () => {
    const wide = Buffer.concat([Uint8Array.of(0x82, 0x18, 0x01), root[1].subarray(2)])
    const other = block(DAG_CBOR, wide)
    expect(refusal(carOf([other[0]], [other, data, ...code]))).toBe('bundles/not-a-bundle')
  })

  it('refuses CIDs of other kinds', () => {
    const raw = block(RAW, root[1])
    expect(refusal(carOf([raw[0]], [raw, data, ...code]))).toBe('bundles/not-a-bundle')
    const sha = parseCid('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
    expect(codeOf(() => decodeManifestData(manifestData([['a', sha]])))).toBe('bundles/not-a-bundle')
    const manifest = new CborWriter()
      .array(2)
      .uint(1)
      .cid(code[0]?.[0] as Cid)
      .finish()
    expect(codeOf(() => decodeManifest(manifest))).toBe('bundles/not-a-bundle')
  })

  it('refuses names that are empty, long, repeated or not printable', () => {
    const cid = code[0]?.[0] as Cid
    const sort = (...names: readonly string[]) =>
      codeOf(() => decodeManifestData(manifestData(names.map((name) => [name, cid]))))
    expect(sort('a', 'b', 'x'.repeat(64))).toBeUndefined()
    for (const names of [[''], ['x'.repeat(65)], ['a', 'a'], ['a b'], ['\u001b[2J'], ['é']])
      expect(sort(...names)).toBe('bundles/not-a-bundle')
  })

  it('refuses a CAR with a block over the limits of CARs', () => {
    const huge = Uint8Array.from([0xff, 0xff, 0xff, 0x7f])
    expect(refusal(Buffer.concat([car, huge]))).toBe('bundles/too-large')
  })

  it('takes as many actors as the limit says, and not one more', () => {
    const limits = { ...BUNDLE_LIMITS, actors: 2 }
    expect(readBundle(car, crypto, limits).actors).toHaveLength(2)
    expect(codeOf(() => readBundle(smallBundle('', ['a', 'b', 'c']).car, crypto, limits))).toBe(
      'bundles/too-large',
    )
  })
})
