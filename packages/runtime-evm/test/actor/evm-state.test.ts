import { loadCrypto } from '@troupe/crypto'
import {
  CborStore,
  cidOf,
  DAG_CBOR,
  decodeValue,
  encodeValue,
  Kamt,
  MemoryBlockstore,
  RAW,
  u256Codec,
  u256Keys,
} from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { type EvmState, evmStateCodec, isSameLifespan } from '../../src/actor/evm-state.ts'

const crypto = await loadCrypto()
const code = Uint8Array.of(0x60, 0x01)
const emptyStorage = Kamt.create(new CborStore(new MemoryBlockstore(), crypto), {
  ...{ keys: u256Keys, value: u256Codec, bitWidth: 5, minDataDepth: 0, maxArrayWidth: 1 },
}).flush()

function stateOf(more: Partial<EvmState> = {}): EvmState {
  return {
    bytecode: cidOf(crypto, RAW, code),
    bytecodeHash: crypto.keccak256(code),
    contractState: emptyStorage,
    transientData: undefined,
    nonce: 1n,
    tombstone: undefined,
    ...more,
  }
}

describe('the state of a contract', () => {
  it('is a tuple of six, with null for what there is not', () => {
    const bytes = encodeValue(evmStateCodec, stateOf())
    expect(bytes.length).toBe(124)
    expect(bytes[0]).toBe(0x86)
    expect([...bytes.subarray(-3)]).toEqual([0xf6, 0x01, 0xf6])
    expect(cidOf(crypto, DAG_CBOR, bytes).toString()).toBe(
      // What the official actor has for the contract of this code.
      'bafy2bzaceclpxmqroap5umwitnadlhv4aaikimxtbbbaqqveof7bq5lcpmock',
    )
  })

  it('comes back as it was', () => {
    const lifespan = { origin: 100n, nonce: 7n }
    const state = stateOf({
      transientData: { state: emptyStorage, lifespan },
      nonce: 2n ** 64n - 1n,
      tombstone: lifespan,
    })
    expect(decodeValue(evmStateCodec, encodeValue(evmStateCodec, state))).toEqual(state)
  })

  it.each([
    ['with a field too few', (bytes: Uint8Array) => bytes.with(0, 0x85)],
    ['with a hash of another length', (bytes: Uint8Array) => bytes.with(bytes.indexOf(0x58, 40) + 1, 0x1f)],
    ['that ends early', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['with bytes after it', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0)],
  ])('is none %s', (_, breakIt) => {
    const bytes = breakIt(encodeValue(evmStateCodec, stateOf()))
    expect(() => decodeValue(evmStateCodec, bytes)).toThrow()
  })
})

describe('a lifespan', () => {
  it('is that of one message: of its origin and of its sequence number', () => {
    const lifespan = { origin: 100n, nonce: 7n }
    expect(isSameLifespan(lifespan, { ...lifespan })).toBe(true)
    expect(isSameLifespan(lifespan, { ...lifespan, nonce: 8n })).toBe(false)
    expect(isSameLifespan(lifespan, { ...lifespan, origin: 101n })).toBe(false)
  })
})
