import { Container, ContainerError, type TransformCache } from '@troupe/container'
import { loadCrypto } from '@troupe/crypto'
import { NV16, NV17, NV18, NV19, type RuleSet } from '@troupe/hypervisor'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { invokeGuest } from './support/invoke-guest.ts'
import { body, section, vector, wasm } from './support/wasm-builder.ts'
import { wat } from './support/wat.ts'

const crypto = await loadCrypto()
const CODE = wat(
  '(module (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const 77)))',
)
const INVALID = wat('(module (func (drop (i32.add (i32.const 1) (i32.const 2)))))').map((byte) =>
  byte === 0x6a ? 0x7c : byte,
)
const SIMD = wasm(section(1, [1, 0x60, 1, 0x7b, 0]))

function cid(...bytes: number[]): Cid {
  return cidOf(crypto, RAW, Uint8Array.from(bytes))
}

/** A cache of its own, whose entries can be looked at and spoilt. */
class MemoryCache implements TransformCache {
  readonly entries = new Map<string, Uint8Array>()
  gets = 0

  get(key: string): Uint8Array | undefined {
    this.gets++
    return this.entries.get(key)
  }

  put(key: string, bytes: Uint8Array): void {
    this.entries.set(key, bytes)
  }
}

function containerWith(store: TransformCache): Container {
  return new Container({ cache: { store, crypto } })
}

describe('a container', () => {
  it('keeps what it has made, by code and rule set', () => {
    const container = new Container()
    const made = container.prepare(cid(1), CODE, NV18)
    expect(container.find(cid(1), NV18)).toBe(made)
    expect(container.prepare(cid(1), new Uint8Array(), NV18)).toBe(made)
    expect(container.find(cid(1), NV17)).toBeUndefined()
    expect(container.find(cid(2), NV18)).toBeUndefined()
  })

  it('keeps what it has refused', () => {
    const container = new Container()
    const unsupported = expect.objectContaining({ code: 'module/unsupported', feature: 'SIMD' })
    expect(() => container.prepare(cid(1), SIMD, NV18)).toThrow(unsupported)
    expect(() => container.find(cid(1), NV18)).toThrow(unsupported)
    expect(() => container.prepare(cid(1), CODE, NV18)).toThrow(unsupported)
  })

  it('forgets the oldest where it holds as many as it may', () => {
    const container = new Container({ maximumModules: 2 })
    for (const n of [1, 2, 3]) container.prepare(cid(n), CODE, NV18)
    expect([1, 2, 3].map((n) => container.find(cid(n), NV18) !== undefined)).toEqual([false, true, true])
  })

  it('refuses what is invalid, and keeps that', () => {
    const container = new Container()
    const invalid = expect.objectContaining({ code: 'module/invalid', rule: 'type-mismatch' })
    expect(() => container.prepare(cid(1), INVALID, NV18)).toThrow(invalid)
    expect(() => container.find(cid(1), NV18)).toThrow(invalid)
  })

  it('fails, and keeps nothing, where a valid module is beyond the engine', () => {
    const container = new Container()
    // V8 takes `br_table` with 65,520 labels, the reference with 131,072.
    const labels = new Array<number>(65_521).fill(0)
    const beyond = wasm(
      section(1, [1, 0x60, 0, 0]),
      section(3, [1, 0]),
      section(10, vector([body([], [0x41, 0, 0x0e, ...vector(labels.map((label) => [label])), 0])])),
    )
    expect(() => container.prepare(cid(1), beyond, NV18)).toThrow(
      expect.objectContaining({ code: 'host/engine' }),
    )
    expect(container.find(cid(1), NV18)).toBeUndefined()
  })

  it.each<[string, string, RuleSet, boolean]>([
    ['a memory of 8192 pages', '(memory 8192)', NV18, true],
    ['a memory of 8193 pages', '(memory 8193)', NV18, false],
    ['a memory of 8193 pages, in generation 2', '(memory 8193)', NV17, true],
    ['a memory that could grow beyond', '(memory 1 65536)', NV18, true],
    ['a table of 20,000 elements', '(table 20000 funcref)', NV18, true],
    ['a table of 20,001 elements', '(table 20001 funcref)', NV18, false],
    ['a table of 20,001 elements, in generation 2', '(table 20001 funcref)', NV17, true],
    ['a table that could grow beyond', '(table 1 30000 funcref)', NV18, true],
  ])('takes or refuses %s', (_, text, rules, isTaken) => {
    const prepare = (): unknown => new Container().prepare(cid(1), wat(`(module ${text} (func))`), rules)
    if (isTaken) expect(prepare()).toBeDefined()
    else expect(prepare).toThrow(expect.objectContaining({ code: 'module/limit' }))
  })
})

describe('the cache of a container', () => {
  it('saves the transformation to the next container', async () => {
    const store = new MemoryCache()
    containerWith(store).prepare(cid(1), CODE, NV18)
    expect(store.entries.size).toBe(1)
    const [before] = store.entries.values()
    const container = containerWith(store)
    const { end } = await invokeGuest(CODE, { rules: NV18, container })
    expect(end).toEqual({ type: 'return', handle: 77 })
    expect([...store.entries.values()]).toContain(before)
  })

  it('has short keys that differ with code, rules and prices', () => {
    const store = new MemoryCache()
    const prices = { ...NV18.prices, wasm: { ...NV18.prices.wasm, base: 5000 } }
    for (const rules of [
      NV16,
      NV17,
      NV18,
      { ...NV18, wasm: { ...NV18.wasm, stackLimit: 7 } },
      { ...NV18, prices },
    ])
      containerWith(store).prepare(cid(1), CODE, rules)
    containerWith(store).prepare(cid(2), CODE, NV18)
    containerWith(store).prepare(cid(2), CODE, NV18)
    // Network versions 16 and 17 do not differ in anything that matters here.
    expect(store.entries.size).toBe(5)
    for (const key of store.entries.keys()) expect(key).toMatch(/^wasm-[0-9a-f]{64}$/)
  })

  it('shares entries between network versions of the same rules', () => {
    const store = new MemoryCache()
    containerWith(store).prepare(cid(1), CODE, NV18)
    containerWith(store).prepare(cid(1), CODE, NV19)
    expect(store.entries.size).toBe(1)
  })

  it.each<[string, (entry: Uint8Array) => Uint8Array]>([
    ['has a bit changed', (entry) => entry.map((byte, i) => (i === 60 ? byte ^ 1 : byte))],
    ['has its hash changed', (entry) => entry.map((byte, i) => (i === 0 ? byte ^ 1 : byte))],
    ['has been cut', (entry) => entry.subarray(0, -1)],
    ['has been cut to less than a hash', (entry) => entry.subarray(0, 31)],
    ['is empty', () => new Uint8Array()],
  ])('is not believed where an entry %s', (_, spoil) => {
    const store = new MemoryCache()
    containerWith(store).prepare(cid(1), CODE, NV18)
    const [[key, entry]] = [...store.entries] as [[string, Uint8Array]]
    store.entries.set(key, spoil(entry))
    expect(containerWith(store).prepare(cid(1), CODE, NV18)).toBeDefined()
    expect(store.entries.get(key)).toEqual(entry)
  })

  it('saves the validation too', () => {
    const store = new MemoryCache()
    containerWith(store).prepare(cid(1), CODE, NV18)
    // Two modules of one CID cannot be; here they show that the second is only read.
    expect(containerWith(store).prepare(cid(1), INVALID, NV18)).toBeDefined()
    expect(() => containerWith(store).prepare(cid(2), INVALID, NV18)).toThrow(ContainerError)
  })

  it('holds no refusals', () => {
    const store = new MemoryCache()
    expect(() => containerWith(store).prepare(cid(1), SIMD, NV18)).toThrow(ContainerError)
    expect(() => containerWith(store).prepare(cid(1), INVALID, NV18)).toThrow(ContainerError)
    expect(store.entries.size).toBe(0)
  })
})
