import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  idAddress,
  type Kernel,
  NV17,
  NV18,
  type ParameterKind,
  type RuleSet,
} from '@troupe/hypervisor'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { Invocation } from '../../src/invocation/invocation.ts'
import { PARAMETER_READERS } from '../../src/invocation/parameters.ts'

const LENGTH = 65_536
const ILLEGAL_ARGUMENT = expect.objectContaining({ number: 1 })
const crypto = await loadCrypto()

/** An invocation with a memory of one page that holds `bytes` at `offset`. */
function invocation(
  bytes: readonly number[] | Uint8Array = [],
  offset = 0,
  rules: RuleSet = NV18,
): Invocation {
  const made = new Invocation({ rules, memory: { used: 0 } } as unknown as Kernel)
  made.memory.attach({ buffer: new ArrayBuffer(LENGTH), grow: () => 0 })
  made.memory.show()
  made.memory.bytes.set(bytes, offset)
  return made
}

function read(kind: ParameterKind, values: (number | bigint)[], from: Invocation = invocation()): unknown {
  return PARAMETER_READERS[kind](from, values, 0)
}

describe('integers', () => {
  it('are taken as the kind says, whatever their sign in Wasm', () => {
    expect(read('u32', [-1])).toBe(2 ** 32 - 1)
    expect(read('i32', [-1])).toBe(-1)
    expect(read('u64', [-1n])).toBe(2n ** 64n - 1n)
    expect(read('i64', [-1n])).toBe(-1n)
  })
})

describe('bytes', () => {
  it('are a view of the memory', () => {
    const from = invocation([1, 2, 3], 100)
    const bytes = read('bytes', [100, 3], from) as Uint8Array
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3))
    bytes[0] = 9
    expect(from.memory.bytes[100]).toBe(9)
  })

  it.each<[ParameterKind, number[]]>([
    ['bytes', [LENGTH - 1, 2]],
    ['bytes', [LENGTH + 1, 0]],
    ['bytes', [-1, 0]],
    ['bytes', [-1, -1]],
    ['bytes', [1, -1]],
    ['bytes32', [LENGTH - 31]],
    ['bytes65', [LENGTH - 64]],
    ['bytes96', [LENGTH - 95]],
    ['eventEntries', [LENGTH - 47, 2]],
    // 24 times as many are 8 in 32 bits.
    ['eventEntries', [0, 178_956_971]],
    ['out', [LENGTH, 1]],
    ['text', [LENGTH, 1]],
    ['address', [LENGTH, 1]],
    ['optionalAddress', [LENGTH, 1]],
    ['cid', [LENGTH + 1]],
  ])('out of bounds are an illegal argument: %s %j', (kind, values) => {
    expect(() => read(kind, values)).toThrow(ILLEGAL_ARGUMENT)
  })

  it.each<[ParameterKind, number[], number]>([
    ['bytes', [LENGTH, 0], 0],
    ['bytes', [0, LENGTH], LENGTH],
    ['bytes32', [LENGTH - 32], 32],
    ['bytes65', [LENGTH - 65], 65],
    ['bytes96', [LENGTH - 96], 96],
    ['eventEntries', [LENGTH - 48, 2], 48],
    ['eventEntries', [LENGTH, 0], 0],
    ['out', [LENGTH - 1, 1], 1],
  ])('may go up to the end: %s %j', (kind, values, length) => {
    expect(read(kind, values)).toHaveLength(length)
  })

  it('of a lenient kind are missing where they are out of bounds', () => {
    expect(read('lenientBytes', [LENGTH - 1, 2])).toBeUndefined()
    expect(read('lenientBytes', [-1, 0])).toHaveLength(0)
    expect(read('lenientBytes', [LENGTH - 2, 2])).toHaveLength(2)
  })

  it.each<ParameterKind>(['at', 'outAt'])(
    'of a length that the kernel says are checked when it does: %s',
    (kind) => {
      const at = read(kind, [LENGTH - 4]) as (length: number) => Uint8Array
      expect(at(4)).toHaveLength(4)
      expect(() => at(5)).toThrow(ILLEGAL_ARGUMENT)
    },
  )
})

describe('text', () => {
  it('is UTF-8', () => {
    expect(read('text', [0, 3], invocation([0x61, 0xc3, 0xa4]))).toBe('aä')
    expect(() => read('text', [0, 1], invocation([0xff]))).toThrow(ILLEGAL_ARGUMENT)
  })
})

describe('an address', () => {
  const { bytes } = idAddress(300n)

  it('is decoded', () => {
    expect((read('address', [8, bytes.length], invocation(bytes, 8)) as Address).id).toBe(300n)
    expect(() => read('address', [8, 1], invocation(bytes, 8))).toThrow(ILLEGAL_ARGUMENT)
    expect(() => read('address', [0, 0])).toThrow(ILLEGAL_ARGUMENT)
  })

  it('that is optional is missing where its length is zero, wherever it is', () => {
    expect(read('optionalAddress', [-1, 0])).toBeUndefined()
    expect((read('optionalAddress', [8, bytes.length], invocation(bytes, 8)) as Address).id).toBe(300n)
  })

  it('may be delegated where the rules know that', () => {
    const delegated = [4, 10, 1, 2, 3]
    expect((read('address', [0, 5], invocation(delegated)) as Address).namespace).toBe(10n)
    expect(() => read('address', [0, 5], invocation(delegated, 0, NV17))).toThrow(ILLEGAL_ARGUMENT)
  })
})

describe('a CID', () => {
  const cid = cidOf(crypto, RAW, Uint8Array.of(1, 2, 3))

  it('is read from where it begins, whatever follows', () => {
    const from = invocation(cid.bytes, 50)
    const found = read('cid', [50], from) as Cid
    expect(found.toString()).toBe(cid.toString())
    from.memory.bytes.fill(0)
    expect(found.toString()).toBe(cid.toString())
  })

  it('may end with the memory', () => {
    const offset = LENGTH - cid.bytes.length
    expect(String(read('cid', [offset], invocation(cid.bytes, offset)))).toBe(cid.toString())
    expect(() => read('cid', [offset + 1], invocation(cid.bytes.subarray(0, -1), offset + 1))).toThrow(
      ILLEGAL_ARGUMENT,
    )
  })

  it('may be as long as a CID can be', () => {
    const padded = [0x01, 0x55, 0x80 | 0x12, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 64]
    const long = [...padded, ...Array<number>(64).fill(7)]
    expect((read('cid', [0], invocation(long)) as Cid).multihash.digest).toHaveLength(64)
  })

  // ref-fvm fvm/src/syscalls/context.rs (`read_cid`) reads digests of at most 64 bytes
  it('may have a digest of 64 bytes, and no more', () => {
    const identity = (length: number): number[] => [1, 0x55, 0, length, ...Array<number>(length).fill(7)]
    for (const length of [0, 1, 63, 64])
      expect((read('cid', [0], invocation(identity(length))) as Cid).multihash.size).toBe(length)
    for (const length of [65, 66, 127])
      expect(() => read('cid', [0], invocation(identity(length)))).toThrow(ILLEGAL_ARGUMENT)
  })

  it.each([[LENGTH], [0], [-1]])('that is none is an illegal argument, at %i', (offset) => {
    expect(() => read('cid', [offset], invocation([0xff, 0xff]))).toThrow(ILLEGAL_ARGUMENT)
  })
})
