/**
 * @module What the reference's tests of its kernel find true of blocks, found true here for generation 4.
 *
 * Source: ref-fvm master fvm/tests/default_kernel/ops.rs; the test is named with each.
 */
import { NV21, NV28, type RuleSet } from '@troupe/hypervisor'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { gasOf, invoke, type Syscall } from '../kernel/invoke.ts'

const BLAKE2B_256 = 0xb220n
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const create = (syscall: Syscall, text: string): unknown =>
  syscall('ipld.blockCreate', BigInt(RAW), bytes(text))

describe.each<[RuleSet]>([[NV21], [NV28]])('the reference’s tests of the kernel, at $name', (rules) => {
  const { prices } = rules

  it('roundtrip: a block that was created, linked, and opened again', async () => {
    expect.assertions(6)
    await invoke(rules, (syscall, _kernel, { crypto }) => {
      expect(create(syscall, 'foo')).toEqual({ value: 1 })
      const cid = syscall('ipld.blockLink', 1, BLAKE2B_256, 32) as Cid
      expect(String(cid)).toBe(String(cidOf(crypto, RAW, bytes('foo'))))
      expect(syscall('ipld.blockStat', 1)).toEqual({ codec: BigInt(RAW), size: 3 })
      expect(syscall('ipld.blockOpen', cid)).toMatchObject({ id: 2, codec: BigInt(RAW), size: 3 })
      const buffer = new Uint8Array(3)
      expect(syscall('ipld.blockRead', 1, 0, buffer)).toEqual({ value: 0 })
      expect(buffer).toEqual(bytes('foo'))
    })
  })

  it('create and create_unexpected: handles in order, and what is no block', async () => {
    expect.assertions(5)
    await invoke(rules, (syscall, kernel) => {
      expect(gasOf(kernel, () => create(syscall, 'bar'))).toBe(prices.onBlockCreate(3, 0) / 1000)
      expect(create(syscall, 'baz')).toEqual({ value: 2 })
      expect(syscall('ipld.blockCreate', 0xffn, bytes('foo'))).toBe('IllegalCodec')
      expect(syscall('ipld.blockCreate', 0x71n, bytes(''))).toBe('Serialization')
      expect(create(syscall, '')).toEqual({ value: 3 })
    })
  })

  it('link and link_unexpected: the CID is of the content, by the one hash function', async () => {
    expect.assertions(9)
    await invoke(rules, (syscall, kernel) => {
      create(syscall, 'foo')
      create(syscall, 'baz')
      create(syscall, 'foo')
      const link = (id: number, code = BLAKE2B_256, length = 32): unknown =>
        syscall('ipld.blockLink', id, code, length)
      expect(gasOf(kernel, () => link(1))).toBe(prices.onBlockLink(3) / 1000)
      expect(String(link(1))).toBe(String(link(3)))
      expect(String(link(1))).not.toBe(String(link(2)))
      for (const length of [0, 128]) expect(link(1, BLAKE2B_256, length)).toBe('IllegalCid')
      for (const length of [32, 0]) expect(link(1, 0xffn, length)).toBe('IllegalCid')
      for (const id of [123_456, 0]) expect(link(id)).toBe('InvalidHandle')
    })
  })

  it('read and read_unexpected: from anywhere, into any buffer', async () => {
    expect.assertions(11)
    await invoke(rules, (syscall, kernel) => {
      const read = (id: number, offset: number, buffer: Uint8Array): unknown =>
        syscall('ipld.blockRead', id, offset, buffer)
      expect(read(1, 0, new Uint8Array(3))).toBe('InvalidHandle')
      create(syscall, 'foo')
      create(syscall, 'hello world!')
      const wide = new Uint8Array(32)
      expect(gasOf(kernel, () => read(1, 0, wide))).toBeCloseTo(prices.onBlockRead(3) / 1000)
      expect(wide).toEqual(Uint8Array.of(...bytes('foo'), ...new Uint8Array(29)))
      expect(read(1, 0, wide)).toEqual({ value: 3 - 32 })
      const half = new Uint8Array(6)
      expect(read(2, 0, half)).toEqual({ value: 6 })
      expect(read(2, 6, half)).toEqual({ value: 0 })
      expect(half).toEqual(bytes('world!'))
      const garbage = new Uint8Array(32).fill(0xff)
      read(2, 0, garbage)
      expect(garbage).toEqual(Uint8Array.of(...bytes('hello world!'), ...new Uint8Array(20).fill(0xff)))
      for (const id of [0, 0xff]) expect(read(id, 0, half)).toBe('InvalidHandle')
      expect(read(1, 255, new Uint8Array(3))).toEqual({ value: -255 })
    })
  })

  it('stat and stat_unexpected: free, and of no other handle', async () => {
    expect.assertions(5)
    await invoke(rules, (syscall, kernel) => {
      expect(syscall('ipld.blockStat', 1)).toBe('InvalidHandle')
      create(syscall, 'foo')
      expect(gasOf(kernel, () => syscall('ipld.blockStat', 1))).toBe(0)
      expect(syscall('ipld.blockStat', 1)).toEqual({ codec: BigInt(RAW), size: 3 })
      for (const id of [0, 0xff]) expect(syscall('ipld.blockStat', id)).toBe('InvalidHandle')
    })
  })
})
