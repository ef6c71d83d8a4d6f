import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/module/byte-reader.ts'
import { ByteWriter } from '../../src/transform/byte-writer.ts'
import { s64, u32 } from '../support/wasm-builder.ts'

function written(write: (writer: ByteWriter) => void): number[] {
  const writer = new ByteWriter(0)
  write(writer)
  return [...writer.written]
}

describe('an integer', () => {
  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1])(
    'unsigned %i is written shortest',
    (value) => {
      expect(written((writer) => writer.u32(value))).toEqual(u32(value))
    },
  )

  const limits = [2n ** 53n - 1n, -(2n ** 53n - 1n), 63n, 64n, -64n, -65n, 0n, -1n, 8191n, 8192n]
  it.each(limits)('signed %i is written shortest, as a number or a bigint', (value) => {
    expect(written((writer) => writer.s64(Number(value)))).toEqual(s64(value))
    expect(written((writer) => writer.s64(value))).toEqual(s64(value))
  })

  it.each([
    [2n ** 63n - 1n, 2n ** 63n - 1n],
    [2n ** 63n, -(2n ** 63n)],
    [2n ** 64n - 1n, -1n],
  ])('signed %i is written as its low 64 bits', (value, expected) => {
    expect(written((writer) => writer.s64(value))).toEqual(s64(expected))
  })

  it.each([0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1])('unsigned %i can be filled in later', (value) => {
    const bytes = written((writer) => {
      const at = writer.placeholderU32()
      writer.byte(0xaa)
      writer.patchU32(at, value)
    })
    const reader = new ByteReader(Uint8Array.from(bytes))
    expect([reader.u32(), reader.byte(), reader.done]).toEqual([value, 0xaa, true])
  })
})

describe('a range of bytes', () => {
  it.each([0, 1, 48, 49, 5000])('of length %i is copied, and the buffer grows', (length) => {
    const source = Uint8Array.from({ length: length + 2 }, (_, i) => i)
    expect(written((writer) => writer.copy(source, 1, 1 + length))).toEqual([
      ...source.subarray(1, 1 + length),
    ])
  })
})
