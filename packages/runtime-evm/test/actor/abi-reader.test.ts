import { ActorError } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'
import { AbiReader, writeAbi } from '../../src/actor/abi-reader.ts'

describe('the reader of ABI values', () => {
  it('reads words, and zeros where the input ends', () => {
    const reader = new AbiReader(writeAbi([5n, 2n ** 256n - 1n], Uint8Array.of()).subarray(0, 40))
    expect(reader.uint(64)).toBe(5n)
    // Eight bytes are there, at the high end of the word.
    expect(reader.word()).toBe((2n ** 64n - 1n) << 192n)
    expect(reader.word()).toBe(0n)
    expect(reader.uint(32)).toBe(0n)
  })

  it('refuses numbers of more bits than there may be', () => {
    const reader = (word: bigint): AbiReader => new AbiReader(writeAbi([word], Uint8Array.of()))
    expect(reader(2n ** 32n - 1n).uint(32)).toBe(2n ** 32n - 1n)
    expect(() => reader(2n ** 32n).uint(32)).toThrow(ActorError)
    expect(reader(2n ** 64n - 1n).uint(64)).toBe(2n ** 64n - 1n)
    expect(() => reader(2n ** 64n).uint(64)).toThrow(ActorError)
  })

  it('reads bytes anywhere, padded with zeros', () => {
    const reader = new AbiReader(Uint8Array.of(1, 2, 3))
    reader.seek(1)
    expect([...reader.bytes(4)]).toEqual([2, 3, 0, 0])
    reader.seek(2 ** 40)
    expect([...reader.bytes(2)]).toEqual([0, 0])
    reader.seek(0)
    expect([...reader.bytes(2)]).toEqual([1, 2])
  })
})

describe('what is written by the ABI', () => {
  it('is words, and bytes padded to a whole one', () => {
    const bytes = writeAbi([1n, 2n ** 255n], Uint8Array.of(7))
    expect(bytes.length).toBe(96)
    expect([bytes[31], bytes[32], bytes[64], bytes[65]]).toEqual([1, 0x80, 7, 0])
  })
})
