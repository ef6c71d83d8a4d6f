import { loadCrypto } from '@troupe/crypto'
import { CborStore, MemoryBlockstore, type ValueCodec } from '@troupe/ipld'
import { Hamt, type HamtOptions } from '@troupe/ipld/hamt'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const value: ValueCodec<number> = {
  encode: (writer, number) => void writer.uint(number),
  decode: (reader) => reader.uint(),
}
const OPTIONS: HamtOptions<number> = { bitWidth: 5, value }
const keyOf = (key: number): Uint8Array => new TextEncoder().encode(`key ${key}`)

/** What a model says of two maps. */
function expected(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): Map<string, unknown> {
  const changes = new Map<string, unknown>()
  for (const key of new Set([...before.keys(), ...after.keys()]))
    if (before.get(key) !== after.get(key)) changes.set(`key ${key}`, [before.get(key), after.get(key)])
  return changes
}

function found(before: Hamt<number>, after: Hamt<number>): Map<string, unknown> {
  const changes = new Map<string, unknown>()
  for (const change of before.diff(after)) {
    const key = new TextDecoder().decode(change.key)
    expect(changes.has(key)).toBe(false)
    changes.set(key, [change.before, change.after])
  }
  return changes
}

function mapOf(store: CborStore, entries: ReadonlyMap<number, number>): Hamt<number> {
  const map = Hamt.create(store, OPTIONS)
  for (const [key, number] of entries) map.set(keyOf(key), number)
  return map
}

describe('the difference of two maps', () => {
  const entries = fc.array(fc.tuple(fc.nat(60), fc.nat(3)), { maxLength: 80 }).map((pairs) => new Map(pairs))

  it('is what a model says, stored or not, for any two maps', () => {
    fc.assert(
      fc.property(entries, entries, fc.boolean(), fc.boolean(), (a, b, isStoredA, isStoredB) => {
        const store = new CborStore(new MemoryBlockstore(), crypto)
        const load = (map: Hamt<number>, isStored: boolean): Hamt<number> =>
          isStored ? Hamt.load(store, map.flush(), OPTIONS) : map
        const before = load(mapOf(store, a), isStoredA)
        const after = load(mapOf(store, b), isStoredB)
        expect(found(before, after)).toEqual(expected(a, b))
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it('reads only what is not the same', () => {
    const blocks = new MemoryBlockstore()
    const store = new CborStore(blocks, crypto)
    const map = mapOf(store, new Map(Array.from({ length: 20_000 }, (_, key) => [key, 1])))
    const before = map.flush()
    map.set(keyOf(77), 2)
    const after = map.flush()
    let reads = 0
    const counting = new CborStore(
      {
        get: (cid) => {
          reads++
          return blocks.get(cid)
        },
        has: (cid) => blocks.has(cid),
        put: () => expect.fail(),
      },
      crypto,
    )
    const changes = found(Hamt.load(counting, before, OPTIONS), Hamt.load(counting, after, OPTIONS))
    expect(changes).toEqual(new Map([['key 77', [1, 2]]]))
    expect(reads).toBeLessThan(12)
  })

  it('is not told of maps that are not alike', () => {
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const map = Hamt.create(store, OPTIONS)
    for (const options of [
      { ...OPTIONS, bitWidth: 4 },
      { ...OPTIONS, minDataDepth: 1 },
    ])
      expect(() => map.diff(Hamt.create(store, options))).toThrow(
        expect.objectContaining({ code: 'hamt/bad-options' }),
      )
  })
})
