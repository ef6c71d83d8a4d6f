import { loadCrypto } from '@troupe/crypto'
import { loadInitState, loadInstalledActors, storeInitState, storeInstalledActors } from '@troupe/hypervisor'
import {
  CborReader,
  CborStore,
  CborWriter,
  type Cid,
  cidOf,
  DAG_CBOR,
  MemoryBlockstore,
  RAW,
} from '@troupe/ipld'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const codes = [cidOf(crypto, RAW, Uint8Array.of(1)), cidOf(crypto, RAW, Uint8Array.of(2))]
const [map] = codes as [Cid]

describe('the state of the init actor', () => {
  const store = new CborStore(new MemoryBlockstore(), crypto)
  const state = { addressMap: map, nextId: 100n, networkName: 'test' }

  it('has three fields, and a fourth where users install code', () => {
    const plain = storeInitState(store, state)
    expect(loadInitState(store, plain)).toEqual(state)
    expect(loadInitState(store, plain, true)).toEqual(state)
    expect(new CborReader(store.getBlock(plain)).array()).toBe(3)

    const withList = { ...state, installedActors: storeInstalledActors(store, codes) }
    const head = storeInitState(store, withList)
    expect(loadInitState(store, head, true)).toEqual(withList)
    expect(() => loadInitState(store, head)).toThrow(
      expect.objectContaining({ code: 'cbor/unexpected-type' }),
    )
    const five = new CborWriter().array(5).cid(map).uint(100n).text('test').cid(map).cid(map).finish()
    expect(() => loadInitState(store, store.putBlock(DAG_CBOR, five), true)).toThrow(
      expect.objectContaining({ code: 'cbor/unexpected-type' }),
    )
  })

  it('links to a list of code: an array of CIDs', () => {
    const list = storeInstalledActors(store, codes)
    expect(list.code).toBe(DAG_CBOR)
    const bytes = codes.flatMap((code) => [0xd8, 0x2a, 0x58, code.bytes.length + 1, 0, ...code.bytes])
    expect([...store.getBlock(list)]).toEqual([0x82, ...bytes])
    expect(loadInstalledActors(store, list).map(String)).toEqual(codes.map(String))
    expect([...store.getBlock(storeInstalledActors(store, []))]).toEqual([0x80])
    const name = store.putBlock(DAG_CBOR, new CborWriter().array(1).text('code').finish())
    expect(() => loadInstalledActors(store, name)).toThrow(
      expect.objectContaining({ code: 'cbor/unexpected-type' }),
    )
  })
})
