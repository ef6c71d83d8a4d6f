import { loadCrypto } from '@troupe/crypto'
import {
  CborStore,
  CborWriter,
  type Cid,
  DAG_CBOR,
  MemoryBlockstore,
  RAW,
  toInterfaceBlockstore,
} from '@troupe/ipld'
import { RemoteBlockstore, RemoteChainStore, withRestart } from '@troupe/ipld/remote'
import { MemoryStore } from '@troupe/ipld/store'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const code = (value: string) => expect.objectContaining({ code: value })
const KEY = Uint8Array.of(1)

function open(): { far: MemoryBlockstore; local: MemoryStore; store: RemoteChainStore } {
  const far = new MemoryBlockstore()
  const local = new MemoryStore()
  return {
    far,
    local,
    store: new RemoteChainStore(new RemoteBlockstore(toInterfaceBlockstore(far), crypto), local),
  }
}

/** A tree of blocks: `width` leaves below each of `width` nodes. */
function treeIn(blocks: MemoryBlockstore, width: number): Cid {
  const store = new CborStore(blocks, crypto)
  const node = (children: readonly Cid[]): Cid => {
    const writer = new CborWriter().array(children.length)
    for (const child of children) writer.cid(child)
    return store.putBlock(DAG_CBOR, writer.finish())
  }
  return node(
    Array.from({ length: width }, (_, i) =>
      node(Array.from({ length: width }, (__, j) => store.putBlock(RAW, Uint8Array.of(i, j)))),
    ),
  )
}

describe('the store of a chain whose blocks are elsewhere', () => {
  it('reads what is here, then what is there, and says what it needs from there', async () => {
    const { far, local, store } = open()
    const near = new CborStore(local, crypto).putBlock(RAW, Uint8Array.of(1))
    const there = new CborStore(far, crypto).putBlock(RAW, Uint8Array.of(2))
    expect(store.get(near)).toEqual(Uint8Array.of(1))
    expect(store.has(near)).toBe(true)
    expect(() => store.get(there)).toThrow(
      expect.objectContaining({ code: 'blockstore/unavailable', cid: there }),
    )
    expect(() => store.has(there)).toThrow(code('blockstore/unavailable'))
    const { value } = await withRestart(store.remote, () => [store.get(there), store.has(there)])
    expect(value).toEqual([Uint8Array.of(2), true])
  })

  it('writes here, references too, until it is told to take the blocks there', async () => {
    const { far, local, store } = open()
    const put = new CborStore(store, crypto).putBlock(RAW, Uint8Array.of(3))
    const [batched] = [new CborStore(new MemoryBlockstore(), crypto).putBlock(RAW, Uint8Array.of(4))]
    store.putMany([[batched, Uint8Array.of(4)]])
    store.commit({ blocks: [], refs: [{ namespace: 'head', key: KEY, value: put.bytes }] })
    expect(local.getRef('head', KEY)).toEqual(put.bytes)
    expect(store.listRefs('head')).toHaveLength(1)
    expect(store.statistics()).toEqual(local.statistics())
    expect(far.size).toBe(0)
    expect(await store.upload()).toBe(2)
    expect(await store.upload()).toBe(0)
    expect(far.get(put)).toEqual(Uint8Array.of(3))
    await store.collectGarbage([batched])
    expect(local.has(put)).toBe(false)
    await store.close()
    expect(() => local.get(put)).toThrow(code('store/closed'))
  })

  it('fetches all that a root reaches, level by level, and no more than it may hold', async () => {
    const { far, local, store } = open()
    const root = treeIn(far, 12)
    const [[leaf, bytes] = expect.fail()] = far.entries()
    local.put(leaf, bytes)
    const everything = [...far.entries()].map(([cid]) => cid)
    const readAll = () => everything.map((cid) => store.get(cid)?.length)
    const reachable = { roots: [root], near: local }
    const { prefetched, restarts } = await withRestart(store.remote, readAll, { reachable })
    expect([restarts, prefetched]).toEqual([0, 12 * 12 + 12])
    const other = open()
    const options = { reachable: { roots: [treeIn(other.far, 12)] }, maxHeldBytes: 1000 }
    await expect(withRestart(other.store.remote, () => 1, options)).rejects.toThrow(
      code('blockstore/too-large'),
    )
  })

  it('does without a block that is nowhere, for a run that may', async () => {
    const { far, store } = open()
    const root = treeIn(far, 2)
    const [[leaf] = expect.fail()] = far.entries()
    far.delete(leaf)
    const run = (): boolean => store.has(leaf)
    await expect(withRestart(store.remote, run)).rejects.toThrow(code('blockstore/unavailable'))
    const options = { reachable: { roots: [root] }, isWhole: true }
    expect((await withRestart(store.remote, run, options)).value).toBe(false)
    expect((await withRestart(store.remote, run, { isWhole: true })).value).toBe(false)
    await expect(withRestart(store.remote, run)).rejects.toThrow(code('blockstore/unavailable'))
  })
})
