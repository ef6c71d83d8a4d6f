import { loadCrypto } from '@troupe/crypto'
import { Manifest } from '@troupe/hypervisor'
import { CborStore, CborWriter, type Cid, DAG_CBOR, MemoryBlockstore, RAW } from '@troupe/ipld'
import { beforeAll, describe, expect, it } from 'vitest'

let store: CborStore
const codes: Cid[] = []
const codeAt = (index: number): Cid => codes[index] as Cid

beforeAll(async () => {
  store = new CborStore(new MemoryBlockstore(), await loadCrypto())
  for (let i = 0; i < 4; i++) codes.push(store.putBlock(RAW, new Uint8Array([i])))
})

function put(actors: readonly (readonly [string, Cid])[]): Cid {
  const writer = new CborWriter().array(actors.length)
  for (const [name, code] of actors) writer.array(2).text(name).cid(code)
  return store.putBlock(DAG_CBOR, writer.finish())
}

describe('Manifest', () => {
  it('gives codes by name and number, and numbers by code', () => {
    const manifest = Manifest.load(
      store,
      put([
        ['system', codeAt(0)],
        ['init', codeAt(1)],
      ]),
      ['init'],
    )
    expect([0, 1, 2, 3, -1].map((type) => manifest.codeOf(type))).toEqual([
      undefined,
      codeAt(0),
      codeAt(1),
      undefined,
      undefined,
    ])
    expect(codes.map((code) => manifest.typeOf(code))).toEqual([1, 2, 0, 0])
    expect([
      manifest.is('init', codeAt(1)),
      manifest.is('init', codeAt(0)),
      manifest.is('cron', codeAt(0)),
    ]).toEqual([true, false, false])
  })

  it('lets the last of equal names and codes count, as the reference does (machine/manifest.rs)', () => {
    const manifest = Manifest.load(
      store,
      put([
        ['account', codeAt(0)],
        ['account', codeAt(1)],
        ['multisig', codeAt(2)],
        ['reward', codeAt(2)],
      ]),
      ['account'],
    )
    expect(manifest.is('account', codeAt(0))).toBe(false)
    expect(manifest.is('account', codeAt(1))).toBe(true)
    expect(manifest.is('multisig', codeAt(2))).toBe(true)
    expect(manifest.is('reward', codeAt(2))).toBe(true)
    expect(manifest.typeOf(codeAt(2))).toBe(4)
    expect([1, 2, 3, 4].map((type) => String(manifest.codeOf(type)))).toEqual(
      [0, 1, 2, 2].map((index) => String(codeAt(index))),
    )
  })

  it('refuses a list without a required actor, and what is no list', () => {
    expect(() => Manifest.load(store, put([['system', codeAt(0)]]), ['init'])).toThrow(
      expect.objectContaining({ code: 'manifest/malformed' }),
    )
    for (const bytes of [[0x81, 0x80], [0xa0], [0x80, 0x00], [0x81, 0x82, 0x61, 0x61, 0x01]])
      expect(() => Manifest.load(store, store.putBlock(DAG_CBOR, new Uint8Array(bytes)), [])).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^cbor\//) }),
      )
  })

  it('finds the list of a bundle whose version is 1, in 32 bits', () => {
    const data = put([])
    const root = (version: number[]): Cid => {
      const rest = new CborWriter().cid(data).finish()
      return store.putBlock(DAG_CBOR, Uint8Array.of(0x82, ...version, ...rest))
    }
    expect(String(Manifest.dataOf(store, root([1])))).toBe(String(data))
    expect(() => Manifest.dataOf(store, root([2]))).toThrow(
      expect.objectContaining({ code: 'manifest/unsupported-version' }),
    )
    expect(() => Manifest.dataOf(store, root([0x1b, 0, 0, 0, 0, 0, 0, 0, 1]))).toThrow(
      expect.objectContaining({ code: 'cbor/unexpected-type' }),
    )
  })
})
