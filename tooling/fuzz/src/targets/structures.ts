/** @module Data structures over blocks whose blocks are hostile, CARs, and bitfields. */
import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  CborStore,
  type Cid,
  cidEquals,
  cidOf,
  DAG_CBOR,
  MemoryBlockstore,
  RAW,
  type ValueCodec,
} from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { Bitfield } from '@troupe/ipld/bitfield'
import { decodeCar, encodeCar } from '@troupe/ipld/car'
import { Hamt } from '@troupe/ipld/hamt'
import { Kamt, u256Keys } from '@troupe/ipld/kamt'
import fc from 'fast-check'
import { mutated } from '../mutate.ts'
import { attempt, claim, openTarget, sameBytes, type Target } from '../target.ts'

/** CARs with headers, lengths, CIDs and blocks that lie. */
export const car: Target = {
  name: 'car',
  open: async () => {
    const crypto = await loadCrypto()
    const blocks = [0, 1, 2].map((i): [Cid, Uint8Array] => {
      const bytes = new Uint8Array(i * 20).fill(i)
      return [cidOf(crypto, RAW, bytes), bytes]
    })
    const roots = blocks.map(([cid]) => cid)
    const seeds = [encodeCar(roots.slice(0, 1), blocks), encodeCar(roots, blocks), encodeCar([], [])]
    return openTarget(mutated(seeds), (bytes) => {
      const decoded = attempt(() => decodeCar(bytes, crypto))
      if (!('value' in decoded)) return
      const { roots, blocks } = decoded.value
      const encoded = encodeCar(roots, blocks)
      const again = decodeCar(encoded, crypto)
      claim(sameBytes(encodeCar(again.roots, again.blocks), encoded), 'what was encoded decodes to the same')
    })
  },
}

/** Run-length encoded bitfields, and what is computed from two of them. */
export const bitfield: Target = {
  name: 'bitfield',
  open: async () => {
    const seeds = [
      Bitfield.empty(),
      Bitfield.fromBits([0, 2, 3, 100, 2 ** 40]),
      Bitfield.fromRanges([
        { start: 5, end: 500 },
        { start: 2n ** 63n, end: 2n ** 64n - 1n },
      ]),
    ].map((one) => one.encode())
    return openTarget(fc.tuple(mutated(seeds), mutated(seeds)), (both) => {
      const decoded = both.map((bytes) => attempt(() => Bitfield.decode(bytes)))
      const [a, b] = decoded.flatMap((one) => ('value' in one ? [one.value] : []))
      if (a === undefined || b === undefined) return
      const encoded = a.encode()
      claim(sameBytes(Bitfield.decode(encoded).encode(), encoded), 'what was encoded decodes to the same')
      const [union, intersection] = [a.union(b), a.intersection(b)]
      claim(
        union.count + intersection.count === a.count + b.count,
        'union and intersection count every bit once',
      )
      claim(
        a.difference(b).union(intersection).equals(a),
        'a bitfield is its difference and its intersection',
      )
      claim(
        union.difference(intersection).equals(a.symmetricDifference(b)),
        'a bit is in one, in both, or in none',
      )
      claim(
        a.containsAny(b) === !intersection.isEmpty,
        'bitfields meet where their intersection is not empty',
      )
      claim(a.cut(b).count === a.difference(b).count, 'a cut keeps the bits outside of it')
    })
  },
}

const VALUES: ValueCodec<bigint> = {
  encode: (writer, value) => void writer.uint(value),
  decode: (reader) => reader.uint64(),
}

/** A structure, opened: HAMT, AMT and KAMT under one set of methods. Keys are small numbers. */
interface Opened {
  get(key: number): bigint | undefined
  set(key: number, value: bigint): unknown
  delete(key: number): unknown
  entries(): Iterable<unknown>
  flush(): Cid
}

/** A kind of structure. */
interface Kind {
  create(store: CborStore): Opened
  load(store: CborStore, root: Cid): Opened
}

const hamtKey = (key: number): Uint8Array => Uint8Array.of(key)
const ofHamt = (hamt: Hamt<bigint>): Opened => ({
  get: (key) => hamt.get(hamtKey(key)),
  set: (key, value) => hamt.set(hamtKey(key), value),
  delete: (key) => hamt.delete(hamtKey(key)),
  entries: () => hamt.entries(),
  flush: () => hamt.flush(),
})
/** Spread over several levels: neighbours, and powers of two. */
const wide = (key: number): bigint => (key < 64 ? BigInt(key) : 2n ** BigInt(key % 64))
const ofAmt = (amt: Amt<bigint>): Opened => ({
  get: (key) => amt.get(wide(key)),
  set: (key, value) => amt.set(wide(key), value),
  delete: (key) => amt.delete(wide(key)),
  entries: () => amt.entries(),
  flush: () => amt.flush(),
})
const ofKamt = (kamt: Kamt<bigint, bigint>): Opened => ({
  get: (key) => kamt.get(wide(key)),
  set: (key, value) => kamt.set(wide(key), value),
  delete: (key) => kamt.delete(wide(key)),
  entries: () => kamt.entries(),
  flush: () => kamt.flush(),
})

const HAMT_OPTIONS = { bitWidth: 3, value: VALUES, maxBucket: 2 }
const KAMT_OPTIONS = { bitWidth: 5, value: VALUES, keys: u256Keys, maxArrayWidth: 1 }
const KINDS: Readonly<Record<string, Kind>> = {
  hamt: {
    create: (store) => ofHamt(Hamt.create(store, HAMT_OPTIONS)),
    load: (store, root) => ofHamt(Hamt.load(store, root, HAMT_OPTIONS)),
  },
  amt: {
    create: (store) => ofAmt(Amt.create(store, { bitWidth: 2, value: VALUES })),
    load: (store, root) => ofAmt(Amt.load(store, root, { value: VALUES })),
  },
  kamt: {
    create: (store) => ofKamt(Kamt.create(store, KAMT_OPTIONS)),
    load: (store, root) => ofKamt(Kamt.load(store, root, KAMT_OPTIONS)),
  },
}

/** Most entries that are looked at: blocks that link to one another in many ways stand for more than can be counted. */
const MAX_ENTRIES = 300

const key = fc.nat(127)
const step = fc.oneof(
  fc.record({ kind: fc.constantFrom('get' as const, 'delete' as const), key }),
  fc.record({ kind: fc.constant('set' as const), key, value: fc.nat(1000).map(BigInt) }),
  fc.record({ kind: fc.constantFrom('entries' as const, 'flush' as const) }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** HAMT, AMT and KAMT: one block of a good one is changed, and the structure used. */
export const trees: Target = {
  name: 'trees',
  open: async () => {
    const crypto = await loadCrypto()
    const samples = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, sample(crypto, kind)]))
    const inputs = fc.constantFrom(...Object.keys(KINDS)).chain((kind) => {
      const blocks = (samples[kind] as Sample).blocks.map(([, bytes]) => bytes)
      return fc.record({
        kind: fc.constant(kind),
        block: fc.nat(blocks.length - 1),
        bytes: mutated(blocks, 3),
        steps: fc.array(step, { maxLength: 8 }),
      })
    })
    return openTarget(inputs, ({ kind, block, bytes, steps }) => {
      const { root, blocks } = samples[kind] as Sample
      const store = new CborStore(new MemoryBlockstore(), crypto)
      for (const [i, [cid, good]] of blocks.entries()) store.blocks.put(cid, i === block ? bytes : good)
      use(KINDS[kind] as Kind, store, root, steps)
    })
  },
}

interface Sample {
  readonly root: Cid
  readonly blocks: readonly (readonly [Cid, Uint8Array])[]
}

function sample(crypto: CryptoProvider, kind: string): Sample {
  const blocks = new MemoryBlockstore()
  const tree = (KINDS[kind] as Kind).create(new CborStore(blocks, crypto))
  for (let i = 0; i < 40; i++) tree.set(i * 3, BigInt(i))
  const root = tree.flush()
  return { root, blocks: [...blocks.entries()] }
}

function use(kind: Kind, store: CborStore, root: Cid, steps: readonly Step[]): void {
  const loaded = attempt(() => kind.load(store, root))
  if (!('value' in loaded)) return
  const tree = loaded.value
  for (const one of steps) attempt(() => take(kind, store, tree, one))
}

function take(kind: Kind, store: CborStore, tree: Opened, step: Step): void {
  switch (step.kind) {
    case 'get':
      tree.get(step.key)
      break
    case 'set':
      tree.set(step.key, step.value)
      claim(tree.get(step.key) === step.value, 'what was set is there')
      break
    case 'delete':
      tree.delete(step.key)
      claim(tree.get(step.key) === undefined, 'what was deleted is not there')
      break
    case 'entries': {
      let left = MAX_ENTRIES
      for (const _ of tree.entries()) if (--left === 0) break
      break
    }
    case 'flush': {
      const root = tree.flush()
      claim(root.code === DAG_CBOR, 'a root is DAG-CBOR')
      claim(
        cidEquals(kind.load(store, root).flush(), root),
        'what was flushed loads, and flushes to the same root',
      )
      break
    }
  }
}
