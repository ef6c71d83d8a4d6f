import { loadCrypto } from '@troupe/crypto'
import {
  CborWriter,
  type Cid,
  cidOf,
  createCid,
  DAG_CBOR,
  FIL_COMMITMENT_SEALED,
  IDENTITY,
  MemoryBlockstore,
  RAW,
  reachableBlocks,
} from '@troupe/ipld'
import { describe, expect, test } from 'vitest'
import { hex } from './hex.ts'

const crypto = await loadCrypto()

function linking(...cids: readonly Cid[]): [Cid, Uint8Array] {
  const writer = new CborWriter().array(cids.length)
  for (const cid of cids) writer.cid(cid)
  const bytes = writer.finish()
  return [cidOf(crypto, DAG_CBOR, bytes), bytes]
}

function storeOf(...blocks: readonly [Cid, Uint8Array][]): MemoryBlockstore {
  const store = new MemoryBlockstore()
  for (const block of blocks) store.put(...block)
  return store
}

/** The CIDs in order, each with whether its block is there. */
function reached(store: MemoryBlockstore, ...roots: readonly Cid[]): string[] {
  return [...reachableBlocks(store, roots)].map(([cid, bytes]) => `${cid} ${bytes !== undefined}`)
}

describe('reachableBlocks', () => {
  test('gives each block once, parents before children, and says which are absent', () => {
    const leaf = linking()
    const absent = linking(cidOf(crypto, RAW, hex('01')))
    const left = linking(leaf[0], absent[0])
    const root = linking(left[0], leaf[0], left[0])
    const store = storeOf(leaf, left, root)
    expect(reached(store, root[0], left[0], root[0])).toEqual([
      `${root[0]} true`,
      `${left[0]} true`,
      `${leaf[0]} true`,
      `${absent[0]} false`,
    ])
    expect(reached(store)).toEqual([])
  })

  test('passes over commitments, and looks into identity CIDs without giving them', () => {
    const leaf = linking()
    const inner = linking(leaf[0])
    const inline = createCid(DAG_CBOR, IDENTITY, inner[1])
    const sealed = createCid(FIL_COMMITMENT_SEALED, 0xb401, new Uint8Array(32))
    const root = linking(sealed, inline, createCid(RAW, IDENTITY, hex('00')))
    expect(reached(storeOf(leaf, root), root[0])).toEqual([`${root[0]} true`, `${leaf[0]} true`])
  })

  test('looks for links in DAG-CBOR only', () => {
    const [, bytes] = linking(linking()[0])
    const raw: [Cid, Uint8Array] = [cidOf(crypto, RAW, bytes), bytes]
    expect(reached(storeOf(raw, linking()), raw[0])).toEqual([`${raw[0]} true`])
  })

  test('follows a chain deeper than any stack', () => {
    const store = new MemoryBlockstore()
    let last = linking()
    for (let i = 0; i < 20_000; i++) {
      store.put(...last)
      last = linking(last[0])
    }
    store.put(...last)
    expect(reached(store, last[0])).toHaveLength(20_001)
  })

  test('finds links under the rules of the earliest generation too', () => {
    const leaf = linking()
    // An array of a link and of a text that is cut off.
    const bytes = Uint8Array.from([0x82, ...linking(leaf[0])[1].subarray(1), 0x65, 0x61])
    const cut: [Cid, Uint8Array] = [cidOf(crypto, DAG_CBOR, bytes), bytes]
    expect(reached(storeOf(cut, leaf), cut[0])).toEqual([`${cut[0]} true`, `${leaf[0]} true`])
  })

  test('stops at a block whose links cannot be found, and names it', () => {
    const bytes = hex('9fff')
    const broken: [Cid, Uint8Array] = [cidOf(crypto, DAG_CBOR, bytes), bytes]
    const root = linking(broken[0])
    expect(() => reached(storeOf(root, broken), root[0])).toThrow(
      expect.objectContaining({ code: 'blockstore/unscannable', cid: broken[0] }),
    )
  })
})
