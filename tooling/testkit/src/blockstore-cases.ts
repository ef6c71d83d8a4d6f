import { loadCrypto } from '@troupe/crypto'
import { type Blockstore, cidOf, DAG_CBOR, decodeCid, RAW } from '@troupe/ipld'
import { describe, expect, test } from 'vitest'

const crypto = await loadCrypto()
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const plain = (bytes: Uint8Array | undefined): number[] | undefined => bytes && [...bytes]

/** What every {@link Blockstore} must do, whatever it is made of. Call it at the top level of a test file. */
export function blockstoreCases(name: string, make: () => Blockstore | Promise<Blockstore>): void {
  describe(`${name} is a blockstore`, () => {
    test('a block that was never put is absent', async () => {
      const store = await make()
      const cid = cidOf(crypto, RAW, text('never'))
      expect(store.get(cid)).toBeUndefined()
      expect(store.has(cid)).toBe(false)
    })

    test('a block that was put is there, and only that', async () => {
      const store = await make()
      const bytes = text('here')
      const cid = cidOf(crypto, RAW, bytes)
      store.put(cid, bytes)
      expect(plain(store.get(cid))).toEqual(plain(bytes))
      expect(store.has(cid)).toBe(true)
      expect(store.has(cidOf(crypto, RAW, text('there')))).toBe(false)
    })

    test('CIDs that are equal but not the same object name the same block', async () => {
      const store = await make()
      const bytes = text('twice')
      const cid = cidOf(crypto, RAW, bytes)
      store.put(cid, bytes)
      const again = decodeCid(cid.bytes.slice())
      expect(store.has(again)).toBe(true)
      expect(plain(store.get(again))).toEqual(plain(bytes))
    })

    test('the same bytes under another codec are another block', async () => {
      const store = await make()
      const bytes = Uint8Array.of(0x80)
      store.put(cidOf(crypto, RAW, bytes), bytes)
      expect(store.has(cidOf(crypto, DAG_CBOR, bytes))).toBe(false)
    })

    test('putting a block twice is putting it once', async () => {
      const store = await make()
      const bytes = text('again')
      const cid = cidOf(crypto, RAW, bytes)
      store.put(cid, bytes)
      store.put(cid, bytes.slice())
      expect(plain(store.get(cid))).toEqual(plain(bytes))
    })

    test('an empty block is a block', async () => {
      const store = await make()
      const cid = cidOf(crypto, RAW, new Uint8Array())
      store.put(cid, new Uint8Array())
      expect(store.has(cid)).toBe(true)
      expect(store.get(cid)).toHaveLength(0)
    })

    test('several blocks can be put at once, where the store offers it', async () => {
      const store = await make()
      const blocks = ['a', 'b', 'c'].map((value) => {
        const bytes = text(value)
        return [cidOf(crypto, RAW, bytes), bytes] as const
      })
      if (store.putMany === undefined) for (const [cid, bytes] of blocks) store.put(cid, bytes)
      else store.putMany(blocks)
      for (const [cid, bytes] of blocks) expect(plain(store.get(cid))).toEqual(plain(bytes))
    })

    test('many blocks stay apart', async () => {
      const store = await make()
      const blocks = Array.from({ length: 500 }, (_, i) => text(`block ${i}`))
      const cids = blocks.map((bytes) => cidOf(crypto, RAW, bytes))
      for (const [i, bytes] of blocks.entries()) store.put(cids[i] ?? expect.fail(), bytes)
      for (const [i, bytes] of blocks.entries())
        expect(plain(store.get(cids[i] ?? expect.fail()))).toEqual(plain(bytes))
    })
  })
}
