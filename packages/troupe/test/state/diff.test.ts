import { loadCrypto } from '@troupe/crypto'
import { encodeActorState, idAddress, storeStateRoot } from '@troupe/hypervisor'
import {
  type Blockstore,
  CborStore,
  type Cid,
  cidKey,
  cidOf,
  DAG_CBOR,
  encodeIpld,
  IpldError,
  type IpldValue,
  Kamt,
  MemoryBlockstore,
  RAW,
  u256Codec,
  u256Keys,
} from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { Hamt } from '@troupe/ipld/hamt'
import {
  type ActorInterface,
  amt,
  hamt,
  link,
  list,
  type Schema,
  STORAGE,
  TEXT,
  TOKENS,
  toPlain,
  tuple,
  UINT,
} from '@troupe/schema'
import fc from 'fast-check'
import { type DiffOptions, diffStates, renderDiff, type StateChange } from 'troupe'
import { describe, expect, it } from 'vitest'
import { RAW_VALUES } from '../../src/state/value-diff.ts'

const crypto = await loadCrypto()
const KEEPER = cidOf(crypto, RAW, Uint8Array.of(1))
const OTHER = cidOf(crypto, RAW, Uint8Array.of(2))

const ROW = tuple({ a: UINT, b: list(UINT) })
const BOX = tuple({ x: UINT, y: TEXT })
const KEPT = tuple({
  count: UINT,
  table: hamt('text', ROW),
  rows: amt(TOKENS),
  words: STORAGE,
  box: link(BOX),
})
const ACTORS: readonly ActorInterface[] = [{ name: 'keeper', state: KEPT, methods: [] }]
const OPTIONS: DiffOptions = { crypto, actors: ACTORS }

/** What an actor of the test keeps, outside of any tree. */
interface Model {
  readonly count: bigint
  readonly table: Readonly<Record<string, { readonly a: bigint; readonly b: readonly bigint[] }>>
  readonly rows: Readonly<Record<string, bigint>>
  readonly words: Readonly<Record<string, bigint>>
  readonly box: { readonly x: bigint; readonly y: string }
}

const EMPTY: Model = { count: 0n, table: {}, rows: {}, words: {}, box: { x: 0n, y: '' } }

/** A store that can lose blocks. */
class States {
  readonly blocks = new MemoryBlockstore()
  readonly store: CborStore = new CborStore(this.blocks, crypto)

  put(value: IpldValue): Cid {
    return this.store.putBlock(DAG_CBOR, encodeIpld(value))
  }

  keep({ count, table, rows, words, box }: Model): Cid {
    const encoded = (schema: Schema, value: IpldValue): Uint8Array => encodeIpld(toPlain(schema, value))
    const tree = Hamt.create(this.store, { bitWidth: 5, value: RAW_VALUES })
    for (const [key, row] of Object.entries(table)) tree.set(new TextEncoder().encode(key), encoded(ROW, row))
    const array = Amt.create(this.store, { bitWidth: 2, value: RAW_VALUES })
    for (const [index, amount] of Object.entries(rows)) array.set(BigInt(index), encoded(TOKENS, amount))
    const storage = Kamt.create(this.store, {
      keys: u256Keys,
      value: u256Codec,
      bitWidth: 5,
      maxArrayWidth: 1,
    })
    for (const [key, word] of Object.entries(words)) storage.set(BigInt(key), word)
    const boxed = this.put(toPlain(BOX, box))
    return this.put([count, tree.flush(), array.flush(), storage.flush(), boxed])
  }

  /** A state with these actors, and a system actor that names the keeper. */
  root(actors: Readonly<Record<string, { head: Cid; balance?: bigint; code?: Cid }>>): Cid {
    const tree = Hamt.create(this.store, { bitWidth: 5, value: RAW_VALUES })
    const manifest = this.put([['keeper', KEEPER]])
    const system = { head: this.put([manifest]), code: OTHER }
    const all: typeof actors = { '0': system, ...actors }
    for (const [id, { head, balance = 0n, code = KEEPER }] of Object.entries(all)) {
      const record = { code, head, balance, sequence: 0n }
      tree.set(idAddress(BigInt(id)).bytes, encodeActorState(record, 5))
    }
    return storeStateRoot(this.store, { version: 5, actors: tree.flush(), info: this.put([]) })
  }
}

function collect(
  blocks: Blockstore,
  before: Cid,
  after: Cid,
  options: Partial<DiffOptions> = {},
): StateChange[] {
  return [...diffStates(blocks, before, after, { ...OPTIONS, ...options })]
}

/** Changes as data, in the order of their paths. */
function sorted(changes: Iterable<Pick<StateChange, 'path' | 'before' | 'after'>>): unknown[] {
  return Array.from(changes, ({ path, before, after }) => ({ path, before, after })).sort((a, b) =>
    a.path < b.path ? -1 : 1,
  )
}

/** What two models differ in, found by looking at everything. */
function naive(before: Model, after: Model): Pick<StateChange, 'path' | 'before' | 'after'>[] {
  const changes: Pick<StateChange, 'path' | 'before' | 'after'>[] = []
  const compare = (path: string, a: IpldValue | undefined, b: IpldValue | undefined): void => {
    const text = (value: unknown): string =>
      JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? ''
    if (text(a) === text(b)) return
    const isParent = (value: unknown): value is object => typeof value === 'object' && value !== null
    if (!isParent(a) || !isParent(b)) changes.push({ path, before: a, after: b })
    else
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        compare(
          `${path}/${key}`,
          (a as Record<string, IpldValue>)[key],
          (b as Record<string, IpldValue>)[key],
        )
  }
  for (const field of ['count', 'table', 'rows', 'words', 'box'] as const)
    compare(`/f0100/${field}`, before[field], after[field])
  return changes
}

const numbers = fc.bigInt(0n, 3n)
const keys = fc.integer({ min: 0, max: 40 })
const model: fc.Arbitrary<Model> = fc.record({
  count: numbers,
  table: fc.dictionary(
    keys.map((key) => `key${key}`),
    fc.record({ a: numbers, b: fc.array(numbers, { maxLength: 3 }) }),
    { maxKeys: 40, noNullPrototype: true },
  ),
  rows: fc.dictionary(
    keys.map((key) => String(key ** 3)),
    numbers,
    { maxKeys: 40, noNullPrototype: true },
  ),
  words: fc.dictionary(
    keys.map((key) => `0x${(key * 1000).toString(16)}`),
    fc.bigInt(1n, 3n),
    { maxKeys: 20, noNullPrototype: true },
  ),
  box: fc.record({ x: numbers, y: fc.constantFrom('', 'y') }),
})

describe('the difference of two states', () => {
  it('is what looking at everything finds', () => {
    fc.assert(
      fc.property(model, model, (before, after) => {
        const states = new States()
        const [a, b] = [
          states.root({ '100': { head: states.keep(before) } }),
          states.root({ '100': { head: states.keep(after) } }),
        ]
        expect(sorted(collect(states.blocks, a, b))).toEqual(sorted(naive(before, after)))
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it('is nothing for the same state, which need not be there', () => {
    expect(collect(new MemoryBlockstore(), KEEPER, KEEPER)).toEqual([])
  })

  it('names balances, new actors and actors that are gone, in the order of their ids', () => {
    const states = new States()
    const head = states.keep({ ...EMPTY, count: 7n })
    const before = states.root({ '100': { head, balance: 5n }, '1001': { head, balance: 3n } })
    const after = states.root({ '100': { head, balance: 7n }, '1000': { head, balance: 1n } })
    const changes = collect(states.blocks, before, after)
    expect(changes.map(({ path }) => path)).toEqual(['/f0100/balance', '/f01000', '/f01001'])
    expect(changes[0]).toMatchObject({ before: 5n, after: 7n })
    expect(changes[0]?.segments).toEqual(['f0100', 'balance'])
    expect(changes[1]).toMatchObject({
      before: undefined,
      after: { type: 'keeper', balance: 1n, state: { count: 7n } },
    })
    expect(changes[2]).toMatchObject({ before: { type: 'keeper', balance: 3n }, after: undefined })
    expect(renderDiff(changes)[0]).toBe('/f0100/balance: 5 → 7')
    expect(String(changes[2])).toContain('/f01001: (gone) {type: keeper, sequence: 0, balance: 3, state: {')
    expect(renderDiff(changes, { colours: true })[0]).toBe(
      '\u001b[36m/f0100/balance\u001b[39m: \u001b[31m5\u001b[39m → \u001b[32m7\u001b[39m',
    )
    // As `console.table` sees it.
    expect(Object.keys(changes[0] as object)).toEqual(['path', 'before', 'after'])
  })

  it('shows an actor whose code is another with all that it keeps', () => {
    const states = new States()
    const before = states.root({ '100': { head: states.keep(EMPTY) } })
    const after = states.root({ '100': { head: states.put(['anything']), code: OTHER } })
    expect(collect(states.blocks, before, after).map(({ path, after: now }) => [path, now])).toEqual([
      ['/f0100/code', OTHER],
      ['/f0100/state', ['anything']],
    ])
  })

  it('looks into what nobody describes, links included', () => {
    const states = new States()
    const inner = (value: IpldValue): Cid => states.put({ inner: value, same: [1] })
    const before = states.root({ '100': { head: states.put([1, inner(1)]), code: OTHER } })
    const after = states.root({ '100': { head: states.put([1, inner(2), 'more']), code: OTHER } })
    expect(sorted(collect(states.blocks, before, after))).toEqual([
      { path: '/f0100/1/inner', before: 1n, after: 2n },
      { path: '/f0100/2', before: undefined, after: 'more' },
    ])
  })

  it('has keys of any kind in its paths, with slashes escaped, and nothing that moves a cursor where it is drawn', () => {
    const states = new States()
    const table = { 'a/b~\u001b': { a: 1n, b: [] } }
    const before = states.root({ '100': { head: states.keep(EMPTY) } })
    const after = states.root({ '100': { head: states.keep({ ...EMPTY, table }) } })
    const changes = collect(states.blocks, before, after)
    expect(changes.map(({ path }) => path)).toEqual(['/f0100/table/a~1b~0\u001b'])
    expect(changes[0]?.segments).toEqual(['f0100', 'table', 'a/b~\u001b'])
    expect(renderDiff(changes)).toEqual(['/f0100/table/a~1b~0\\u{1b}: (new) {a: 1, b: []}'])
  })

  it('shows CIDs where blocks are not there', () => {
    const states = new States()
    const [old, now] = [
      states.keep(EMPTY),
      states.keep({ ...EMPTY, count: 1n, box: { x: 1n, y: 'y' }, rows: { '0': 9n } }),
    ]
    const before = states.root({ '100': { head: old } })
    const after = states.root({ '100': { head: now } })
    const lost = new Set<string>()
    const partial: Blockstore = {
      get: (cid) => (lost.has(cidKey(cid)) ? undefined : states.blocks.get(cid)),
      has: (cid) => !lost.has(cidKey(cid)) && states.blocks.has(cid),
      put: () => expect.fail('nothing is written'),
    }
    const all = collect(states.blocks, before, after)
    const box = cidOf(crypto, DAG_CBOR, encodeIpld(toPlain(BOX, { x: 1n, y: 'y' })))
    lost.add(cidKey(box))
    expect(collect(partial, before, after).find(({ path }) => path === '/f0100/box')?.after).toEqual(box)
    expect(collect(partial, before, after)).toHaveLength(all.length - 1)
    lost.add(cidKey(now))
    expect(sorted(collect(partial, before, after))).toEqual([
      { path: '/f0100/head', before: old, after: now },
    ])
    // Of the tree that has all actors there is only this to say.
    const { blocks } = states
    const tree = [...blocks.entries()].filter(
      ([cid]) => String(cid) !== String(before) && String(cid) !== String(after),
    )
    for (const [cid] of tree) lost.add(cidKey(cid))
    expect(sorted(collect(partial, before, after))).toEqual([{ path: '', before, after }])
  })

  it('throws where a root is not there, and where the store cannot answer', () => {
    const states = new States()
    const root = states.root({})
    const absent = expect.objectContaining({ code: 'blockstore/absent' })
    expect(() => collect(states.blocks, root, KEEPER)).toThrow(absent)
    const other = states.root({ '100': { head: states.keep(EMPTY) } })
    let left = 3
    const failing: Blockstore = {
      get: (cid) => {
        if (--left < 0) throw new IpldError('blockstore/unavailable', 'not now')
        return states.blocks.get(cid)
      },
      has: () => true,
      put: () => undefined,
    }
    expect(() => collect(failing, root, other)).toThrow(
      expect.objectContaining({ code: 'blockstore/unavailable' }),
    )
  })

  it('stops at the bound, and says so', () => {
    const states = new States()
    const rows = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [String(index), 1n]))
    const before = states.root({ '100': { head: states.keep(EMPTY) } })
    const after = states.root({ '100': { head: states.keep({ ...EMPTY, rows }) } })
    for (const [maxChanges, isComplete] of [
      [4, false],
      [5, true],
    ] as const) {
      const changes = diffStates(states.blocks, before, after, { ...OPTIONS, maxChanges })
      for (let i = 0; i < maxChanges; i++) expect(changes.next().done).toBe(false)
      expect(changes.next()).toEqual({ done: true, value: { isComplete } })
    }
  })

  it('is told of states before network version 18 as well', () => {
    const states = new States()
    const root = (balance: bigint): Cid => {
      const tree = Hamt.create(states.store, { bitWidth: 5, value: RAW_VALUES })
      const record = { code: OTHER, head: states.put([]), balance, sequence: 0n }
      tree.set(idAddress(100n).bytes, encodeActorState(record, 4))
      return storeStateRoot(states.store, { version: 4, actors: tree.flush(), info: states.put([]) })
    }
    expect(sorted(collect(states.blocks, root(1n), root(2n), { network: 'testnet' }))).toEqual([
      { path: '/t0100/balance', before: 1n, after: 2n },
    ])
  })
})
