import { loadCrypto } from '@troupe/crypto'
import {
  CborStore,
  type Cid,
  cidEquals,
  cidOf,
  MemoryBlockstore,
  RAW,
  RecordingBlockstore,
} from '@troupe/ipld'
import { decodeCar, encodeCar } from '@troupe/ipld/car'
import { Hamt, type HamtOptions } from '@troupe/ipld/hamt'
import { exportWitness, openWitness } from '@troupe/ipld/witness'
import { describe, expect, test } from 'vitest'
import { ascii, textCodec } from './test-codecs.ts'

const crypto = await loadCrypto()
const MAP: HamtOptions<string> = { bitWidth: 5, value: textCodec }

/** Changes a map, and gives its new root. */
function work(store: ConstructorParameters<typeof CborStore>[0], root: Cid): Cid {
  const map = Hamt.load(new CborStore(store, crypto), root, MAP)
  map.set(ascii('key 1'), 'changed')
  map.delete(ascii('key 2'))
  map.set(ascii('new'), map.get(ascii('key 77')) ?? 'nothing')
  return map.flush()
}

/** A map of 500 entries: its root before the work and after it, and the witness of the work. */
function witnessed(): { before: Cid; after: Cid; car: Uint8Array; blocks: MemoryBlockstore } {
  const blocks = new MemoryBlockstore()
  const map = Hamt.create(new CborStore(blocks, crypto), MAP)
  for (let i = 0; i < 500; i++) map.set(ascii(`key ${i}`), `value ${i}`)
  const before = map.flush()
  const recording = new RecordingBlockstore(blocks)
  const after = work(recording, before)
  return { before, after, car: exportWitness([before], recording), blocks }
}

describe('a witness', () => {
  const { before, after, car, blocks } = witnessed()
  const whole = decodeCar(car, crypto)

  test('is all that it takes to do the work again', () => {
    const store = openWitness(car, crypto)
    expect(store.roots.map(String)).toEqual([String(before)])
    expect(cidEquals(work(store, before), after)).toBe(true)
    expect(whole.blocks.length).toBeLessThan(blocks.size / 4)
  })

  test('gives no result with any of its blocks missing', () => {
    expect(whole.blocks.length).toBeGreaterThan(3)
    for (const [left] of whole.blocks) {
      const rest = whole.blocks.filter(([cid]) => cid !== left)
      const store = openWitness(encodeCar(whole.roots, rest), crypto)
      expect(() => work(store, before)).toThrow(
        expect.objectContaining({ code: 'blockstore/unavailable', cid: left }),
      )
    }
  })

  test('is refused with any of its blocks changed', () => {
    for (const [changed, original] of whole.blocks) {
      const bytes = original.slice()
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
      const forged = whole.blocks.map(([cid, block]) => [cid, cid === changed ? bytes : block] as const)
      expect(() => openWitness(encodeCar(whole.roots, forged), crypto)).toThrow(
        expect.objectContaining({ code: 'blockstore/hash-mismatch' }),
      )
    }
  })

  test('says of no block that it is absent', () => {
    const store = openWitness(car, crypto)
    const cid = cidOf(crypto, RAW, ascii('elsewhere'))
    const unavailable = expect.objectContaining({ code: 'blockstore/unavailable', cid })
    expect(() => store.get(cid)).toThrow(unavailable)
    expect(() => store.has(cid)).toThrow(unavailable)
    store.put(cid, ascii('elsewhere'))
    expect(store.has(cid)).toBe(true)
  })

  test('cannot be made where a block was found to be absent, or is gone', () => {
    const base = new MemoryBlockstore()
    const [here, gone] = ['here', 'gone'].map((value) => cidOf(crypto, RAW, ascii(value))) as [Cid, Cid]
    base.put(here, ascii('here'))
    const recording = new RecordingBlockstore(base)
    recording.get(here)
    expect(decodeCar(exportWitness([], recording), crypto).blocks).toHaveLength(1)
    recording.has(gone)
    expect(() => exportWitness([], recording)).toThrow(
      expect.objectContaining({ code: 'witness/absent-read', cid: gone }),
    )
    recording.reset()
    recording.get(here)
    base.delete(here)
    expect(() => exportWitness([], recording)).toThrow(
      expect.objectContaining({ code: 'blockstore/unavailable', cid: here }),
    )
  })

  test('has a bound on its size, when it is made and when it is opened', () => {
    const base = new MemoryBlockstore()
    const bytes = new Uint8Array(100)
    const cid = cidOf(crypto, RAW, bytes)
    base.put(cid, bytes)
    const recording = new RecordingBlockstore(base)
    recording.get(cid)
    const small = exportWitness([cid], recording)
    const tooLarge = expect.objectContaining({ code: 'witness/too-large' })
    expect(exportWitness([cid], recording, { maxBytes: small.length })).toEqual(small)
    expect(() => exportWitness([cid], recording, { maxBytes: small.length - 1 })).toThrow(tooLarge)
    expect(() => exportWitness([], recording, { maxBytes: 10 })).toThrow(tooLarge)
    expect(openWitness(small, crypto, { maxBytes: small.length }).has(cid)).toBe(true)
    expect(() => openWitness(small, crypto, { maxBytes: small.length - 1 })).toThrow(tooLarge)
    expect(() => openWitness(small, crypto, { maxBlocks: 0 })).toThrow(
      expect.objectContaining({ code: 'car/too-large' }),
    )
  })
})
