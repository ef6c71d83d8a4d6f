/**
 * @module A chain in miniature, of which anybody can say whether it is whole.
 *
 * Its head at a height is a block that names the last {@link WINDOW} leaves, and has the height in it. An index has the head of each of the last heights.
 * What falls out of the window is garbage.
 */
import type { CryptoProvider } from '@troupe/crypto'
import {
  CborReader,
  CborWriter,
  type ChainStore,
  type Cid,
  cidEquals,
  cidOf,
  DAG_CBOR,
  decodeCid,
  RAW,
  type RefChange,
  reachableBlocks,
  verifyBlock,
} from '@troupe/ipld'

/** Leaves that a head names at most. */
const WINDOW = 8
const MAX_LEAF_BYTES = 6000

const HEAD = new TextEncoder().encode('head')

/** The head of a ledger. */
export interface Head {
  readonly height: number
  readonly cid: Cid
  readonly leaves: readonly Cid[]
}

/** The head, or `undefined` where the ledger is empty. */
export function readHead(store: ChainStore): Head | undefined {
  const bytes = store.getRef('ledger', HEAD)
  if (bytes === undefined) return undefined
  const cid = decodeCid(bytes)
  const block = store.get(cid)
  if (block === undefined) throw new Error(`the head ${cid} is not there`)
  const reader = new CborReader(block)
  reader.array()
  const height = reader.uint()
  return { height, cid, leaves: Array.from({ length: reader.array() }, () => reader.cid()) }
}

/** Adds one height, in one commit. Other blocks of it are put before, as a state tree's are. */
export function grow(store: ChainStore, crypto: CryptoProvider, random: (bound: number) => number): Head {
  const { height: before, leaves: named } = readHead(store) ?? { height: 0, leaves: [] }
  const height = before + 1
  const leaf = Uint8Array.from({ length: 8 + random(MAX_LEAF_BYTES) }, () => random(256))
  const leafCid = cidOf(crypto, RAW, leaf)
  const leaves = [...named, leafCid].slice(-WINDOW)
  const writer = new CborWriter().array(2).uint(height).array(leaves.length)
  for (const cid of leaves) writer.cid(cid)
  const block = writer.finish()
  const cid = cidOf(crypto, DAG_CBOR, block)
  const refs: RefChange[] = [
    { namespace: 'ledger', key: HEAD, value: cid.bytes },
    { namespace: 'heights', key: heightKey(height), value: cid.bytes },
    { namespace: 'heights', key: heightKey(height - WINDOW), value: undefined },
  ]
  if (random(2) === 0) store.put(leafCid, leaf)
  store.commit({
    blocks: [
      [leafCid, leaf],
      [cid, block],
    ],
    refs,
  })
  return { height, cid, leaves }
}

/** Whatever is wrong with a ledger, a line each. */
export function inspectLedger(store: ChainStore, crypto: CryptoProvider): string[] {
  const head = readHead(store)
  if (head === undefined)
    return store.listRefs('heights').length === 0 ? [] : ['there are heights without a head']
  const problems: string[] = []
  for (const [cid, bytes] of reachableBlocks(store, [head.cid])) {
    if (bytes === undefined) problems.push(`the head reaches ${cid}, which is not there`)
    else verifyBlock(crypto, cid, bytes)
  }
  const heights = store.listRefs('heights')
  const first = Math.max(1, head.height - WINDOW + 1)
  const expected = Array.from({ length: head.height - first + 1 }, (_, i) => first + i)
  const found = heights.map(({ key }) => new DataView(key.buffer, key.byteOffset).getUint32(0))
  if (found.join() !== expected.join()) problems.push(`the index has the heights ${found}, not ${expected}`)
  const last = heights.at(-1)
  if (last !== undefined && !cidEquals(decodeCid(last.value), head.cid))
    problems.push('the index has another head')
  return problems
}

function heightKey(height: number): Uint8Array {
  const key = new Uint8Array(4)
  new DataView(key.buffer).setUint32(0, Math.max(0, height))
  return key
}
