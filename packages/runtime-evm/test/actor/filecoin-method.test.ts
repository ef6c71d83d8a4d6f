import { CBOR } from '@troupe/ipld'
import { ActorError } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'
import { writeAbi } from '../../src/actor/abi-reader.ts'
import { filecoinMethodInput, filecoinMethodOutput } from '../../src/actor/filecoin-method.ts'

const panic = (message: string): never => {
  throw new Error(message)
}
const outputOf = (words: readonly bigint[], data = new Uint8Array()) =>
  filecoinMethodOutput(writeAbi(words, data), panic)
const failure = (run: () => unknown): ActorError => {
  try {
    run()
  } catch (error) {
    if (error instanceof ActorError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('the input of a method by number', () => {
  it('is the selector, the number, the codec and the parameters', () => {
    const input = filecoinMethodInput(1024n, { codec: CBOR, data: Uint8Array.of(1, 2) })
    expect([...input.subarray(0, 4)]).toEqual([0x86, 0x8e, 0x10, 0xc4])
    expect(input.subarray(4)).toEqual(writeAbi([1024n, 0x51n, 96n, 2n], Uint8Array.of(1, 2)))
    expect(filecoinMethodInput(1024n, undefined).subarray(4)).toEqual(
      writeAbi([1024n, 0n, 96n, 0n], Uint8Array.of()),
    )
  })
})

describe('the output of a method by number', () => {
  it('is a block, or none', () => {
    expect(filecoinMethodOutput(new Uint8Array(), panic)).toBeUndefined()
    expect(outputOf([0n, 0n, 96n, 0n])).toBeUndefined()
    expect(outputOf([0n, 0x51n, 96n, 2n], Uint8Array.of(7, 8))).toEqual({
      codec: CBOR,
      data: Uint8Array.of(7, 8),
    })
    // What is not there is zero.
    expect(outputOf([0n, 0x51n, 500n, 0n])).toEqual({ codec: CBOR, data: new Uint8Array() })
  })

  it('is an exit with the code that it tells', () => {
    const error = failure(() => outputOf([40n, 0x51n, 96n, 1n], Uint8Array.of(9)))
    expect([error.exitCode, error.data?.data]).toEqual([40, Uint8Array.of(9)])
  })

  it('is malformed with another codec, bytes without one, and numbers that are too large', () => {
    for (const words of [
      [0n, 0x55n, 96n, 0n],
      [0n, 0n, 96n, 1n],
      [2n ** 32n, 0n, 96n, 0n],
      [0n, 2n ** 64n, 96n, 0n],
      [0n, 0n, 2n ** 32n, 0n],
      [0n, 0x51n, 96n, 2n ** 32n],
    ])
      expect(failure(() => outputOf(words)).exitCode).toBe(21)
  })

  it('ends the invocation where no block could hold it', () => {
    expect(outputOf([0n, 0x51n, 96n, 2n ** 20n])?.data.length).toBe(2 ** 20)
    expect(() => outputOf([0n, 0x51n, 96n, 2n ** 20n + 1n])).toThrow('1048577')
  })
})
