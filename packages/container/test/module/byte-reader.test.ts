import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/module/byte-reader.ts'

const MALFORMED = expect.objectContaining({ code: 'module/malformed' })

function reader(...bytes: number[]): ByteReader {
  return new ByteReader(Uint8Array.from(bytes))
}

describe('an unsigned integer', () => {
  it.each([
    [[0x00], 0],
    [[0x7f], 127],
    [[0x80, 0x01], 128],
    [[0x80, 0x80, 0x00], 0],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], 2 ** 32 - 1],
    [[0x80, 0x80, 0x80, 0x80, 0x00], 0],
  ])('is read from %j', (bytes, value) => {
    const source = reader(...bytes)
    expect(source.u32()).toBe(value)
    expect(source.done).toBe(true)
  })

  it.each([
    ['ends too early', [0x80]],
    ['has more than 32 bits', [0xff, 0xff, 0xff, 0xff, 0x10]],
    ['has more than five bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
  ])('is refused where it %s', (_, bytes) => {
    expect(() => reader(...bytes).u32()).toThrow(MALFORMED)
  })
})

describe('a signed integer', () => {
  it.each([
    [[0x00], 0],
    [[0x3f], 63],
    [[0x40], -64],
    [[0x7f], -1],
    [[0xc0, 0x00], 64],
    [[0xff, 0xff, 0xff, 0xff, 0x07], 2 ** 31 - 1],
    [[0x80, 0x80, 0x80, 0x80, 0x78], -(2 ** 31)],
    [[0xff, 0xff, 0xff, 0xff, 0x7f], -1],
  ])('is read from %j', (bytes, value) => {
    expect(reader(...bytes).s32()).toBe(value)
  })

  it.each([
    ['has more than 32 bits', [0xff, 0xff, 0xff, 0xff, 0x08]],
    ['has unused bits other than its sign', [0x80, 0x80, 0x80, 0x80, 0x70]],
    ['has more than five bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
  ])('is refused where it %s', (_, bytes) => {
    expect(() => reader(...bytes).s32()).toThrow(MALFORMED)
  })

  it('of 64 bits is passed over', () => {
    const source = reader(...Array<number>(9).fill(0x80), 0x7f, 0x2a)
    source.skipS64()
    expect(source.byte()).toBe(0x2a)
    expect(() => reader(...Array<number>(9).fill(0x80), 0x01).skipS64()).toThrow(MALFORMED)
    expect(() => reader(...Array<number>(10).fill(0x80), 0x00).skipS64()).toThrow(MALFORMED)
  })
})

describe('a count', () => {
  it('may be no greater than the bytes that follow have room for', () => {
    expect(reader(2, 0, 0, 0, 0).count(2)).toBe(2)
    expect(() => reader(3, 0, 0, 0, 0).count(2)).toThrow(MALFORMED)
  })
})

describe('a name', () => {
  it('is UTF-8', () => {
    expect(reader(2, 0xc3, 0xa4).name()).toBe('ä')
    expect(reader(0).name()).toBe('')
    expect(() => reader(1, 0xff).name()).toThrow(MALFORMED)
    expect(() => reader(3, 0x61, 0x62).name()).toThrow(MALFORMED)
  })
})
