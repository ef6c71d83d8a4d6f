import {
  CborReader,
  CborWriter,
  decodeCid,
  decodeValue,
  encodeValue,
  IpldError,
  parseCid,
} from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACCEPTANCE } from './cbor-acceptance.ts'
import { expectCode } from './codes.ts'
import { hex, toHex } from './hex.ts'

const EMPTY_ARRAY = parseCid('bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a')
const RUNS = { seed: 1, numRuns: 200 }

/** Reads one item of a kind, and shows it as the recorded table does. */
const kinds: Record<string, (reader: CborReader) => string> = {
  u8: (r) => `${r.uint(8)}`,
  u32: (r) => `${r.uint(32)}`,
  u64: (r) => `${r.uint64()}`,
  i64: (r) => `${r.int64()}`,
  bool: (r) => `${r.bool()}`,
  bytes: (r) => toHex(r.bytes()),
  text: (r) => toHex(new TextEncoder().encode(r.text())),
  tuple2: (r) => {
    r.tuple(2)
    return `${r.uint64()},${r.uint64()}`
  },
  list: (r) => Array.from({ length: r.array() }, () => r.uint64()).join(','),
  map: (r) => {
    const pairs = new Map(Array.from({ length: r.map() }, () => [r.uint64(), r.uint64()] as const))
    return [...pairs]
      .sort(([a], [b]) => Number(a - b))
      .map(([k, v]) => `${k}:${v}`)
      .join(',')
  },
  option: (r) => (r.tryNull() ? 'null' : `${r.uint64()}`),
  cid: (r) => toHex(r.cid().bytes),
  any: (r) => {
    r.skip()
    return 'ok'
  },
}

/** What reading one item of a kind, and nothing more, gives; `undefined` where it throws a coded error. */
function read(kind: string, bytes: Uint8Array): string | undefined {
  const reader = new CborReader(bytes)
  try {
    const value = kinds[kind]?.(reader)
    reader.end()
    return value
  } catch (error) {
    expect(error).toBeInstanceOf(IpldError)
    return undefined
  }
}

describe('acceptance', () => {
  test.each(ACCEPTANCE)('%s %s is read as the reference reads it', (kind, bytes, value) => {
    expect(read(kind, hex(bytes))).toBe(value)
  })

  test('untyped items nest as deep as in the reference', () => {
    const nested = (levels: number, leaf: string) => hex('81'.repeat(levels) + leaf)
    expect(read('any', nested(127, '00'))).toBe('ok')
    expect(read('any', nested(127, '80'))).toBe('ok')
    expectCode(() => new CborReader(nested(128, '00')).skip(), 'cbor/too-deep')
    expectCode(() => new CborReader(nested(128, '80')).skip(), 'cbor/too-deep')
    expectCode(() => new CborReader(hex(`${'a16161'.repeat(128)}00`)).skip(), 'cbor/too-deep')
    expect(read('any', hex(`${'a16161'.repeat(127)}00`))).toBe('ok')
  })

  test('chunks of strings nest as deep as in the reference', () => {
    const nested = (levels: number) => hex(`${'5f'.repeat(levels)}4101${'ff'.repeat(levels)}`)
    expect(read('bytes', nested(256))).toBe('01')
    expectCode(() => new CborReader(nested(257)).bytes(), 'cbor/too-deep')
  })

  test('in exact mode, only the wanted major type and definite lengths pass', () => {
    expectCode(() => new CborReader(hex('5f4101ff'), { exact: true }).bytes(), 'cbor/malformed')
    for (const bytes of ['020102', '1f']) {
      expectCode(() => new CborReader(hex(bytes), { exact: true }).bytes(), 'cbor/unexpected-type')
    }
    expectCode(() => new CborReader(hex('0161'), { exact: true }).text(), 'cbor/unexpected-type')
    expectCode(() => new CborReader(hex('020102'), { exact: true }).array(), 'cbor/unexpected-type')
    expectCode(() => new CborReader(hex('182a450001550000'), { exact: true }).cid(), 'cbor/unexpected-type')
    expect(toHex(new CborReader(hex('d82a5f43000155420000ff'), { exact: true }).cid().bytes)).toBe('01550000')
  })

  test('in exact mode, a narrow field takes a wide encoding of a number that fits', () => {
    expect(new CborReader(hex('1b00000000ffffffff'), { exact: true }).uint(32)).toBe(0xffff_ffff)
    expectCode(() => new CborReader(hex('1b0000000100000000'), { exact: true }).uint(32), 'cbor/out-of-range')
  })
})

describe('reading', () => {
  test('errors say what is wrong', () => {
    expectCode(() => new CborReader(hex('')).uint(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('')).peekMajor(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('1900')).uint(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('40')).uint(), 'cbor/unexpected-type')
    expectCode(() => new CborReader(hex('8100')).tuple(2), 'cbor/unexpected-type')
    expectCode(() => new CborReader(hex('61ff')).text(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('d82b40')).cid(), 'cbor/unexpected-type')
    expectCode(() => new CborReader(hex('d82a4101')).cid(), 'cid/malformed')
    const reader = new CborReader(hex('0000'))
    reader.uint()
    expectCode(() => reader.end(), 'cbor/trailing-bytes')
  })

  test('a length is compared with what is left before anything is allocated', () => {
    expectCode(() => new CborReader(hex('9bffffffffffffffff00')).array(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('9a0000000200')).array(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('bb7fffffffffffffff0000')).map(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('a2000000')).map(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('5b7fffffffffffffff00')).bytes(), 'cbor/malformed')
    expectCode(() => new CborReader(hex('7b0000001000000000')).text(), 'cbor/malformed')
  })

  test('numbers end at 2^53 - 1, bigints at 64 bits', () => {
    expect(new CborReader(hex('1b001fffffffffffff')).uint()).toBe(Number.MAX_SAFE_INTEGER)
    expectCode(() => new CborReader(hex('1b0020000000000000')).uint(), 'cbor/out-of-range')
    expect(new CborReader(hex('1b0020000000000001')).uint64()).toBe(2n ** 53n + 1n)
    expect(new CborReader(hex('3b001ffffffffffffe')).int()).toBe(-Number.MAX_SAFE_INTEGER)
    expectCode(() => new CborReader(hex('3b001fffffffffffff')).int(), 'cbor/out-of-range')
    expect(new CborReader(hex('387f')).int(8)).toBe(-128)
    expectCode(() => new CborReader(hex('3880')).int(8), 'cbor/out-of-range')
    expectCode(() => new CborReader(hex('1880')).int(8), 'cbor/out-of-range')
    expectCode(() => new CborReader(hex('390000')).int(8), 'cbor/unexpected-type')
  })

  test('links are read in one step exactly where it makes no difference', () => {
    const link = new CborWriter().cid(EMPTY_ARRAY).finish()
    const change = fc.tuple(fc.nat(link.length - 1), fc.integer({ min: -2, max: 2 }))
    const outcome = (bytes: Uint8Array, action: (reader: CborReader) => void): string => {
      const reader = new CborReader(bytes)
      try {
        action(reader)
        return `ends at ${reader.offset}`
      } catch (error) {
        return (error as IpldError).code
      }
    }
    fc.assert(
      fc.property(fc.array(change, { maxLength: 2 }), fc.nat(50), (changes, length) => {
        const bytes = new Uint8Array(length).fill(0x20)
        bytes.set(link.subarray(0, length))
        for (const [at, difference] of changes)
          if (at < length) bytes[at] = (bytes[at] as number) + difference
        // What passes over an item of any kind knows nothing of the one step, but looks at the major type first.
        const isTag = (bytes[0] ?? 0xc0) >> 5 === 6
        const found = outcome(bytes, (reader) => reader.cid())
        if (isTag) expect(found).toBe(outcome(bytes, (reader) => reader.skip()))
        if (found === `ends at ${link.length}` && isTag) {
          const cid = new CborReader(bytes).cid()
          const plain = decodeCid(bytes.slice(5, 5 + cid.bytes.length))
          expect(cid).toEqual(plain)
          expect(toHex(cid.multihash.bytes)).toBe(toHex(plain.multihash.bytes))
        }
      }),
      { seed: 1, numRuns: 3_000 },
    )
    expect(String(new CborReader(link).cid())).toBe(String(EMPTY_ARRAY))
  })

  test('byte strings, raw items and CIDs are views of the input', () => {
    const input = new CborWriter().array(3).bytes(hex('0102')).cid(EMPTY_ARRAY).array(0).finish()
    const reader = new CborReader(input)
    reader.tuple(3)
    expect(reader.bytes().buffer).toBe(input.buffer)
    expect(reader.cid().bytes.buffer).toBe(input.buffer)
    const raw = reader.raw()
    expect(toHex(raw)).toBe('80')
    expect(raw.buffer).toBe(input.buffer)
    expect(reader.offset).toBe(input.length)
  })

  test('an item that is passed is the one that is skipped, and no text in it is looked at', () => {
    const items = [
      '05',
      '1bffffffffffffffff',
      '3864',
      '42ffff',
      '63616263',
      '80',
      '820163616263',
      'f5',
      'f6',
      'fb3ff8000000000000',
    ]
    items.push(
      'a2616101616282a0f4',
      toHex(new CborWriter().array(2).cid(EMPTY_ARRAY).map(1).text('a').bytes(hex('ff')).finish()),
    )
    for (const item of items) {
      const input = hex(`${item}f6`)
      expect(toHex(new CborReader(input).pass())).toBe(toHex(new CborReader(input).raw()))
    }
    expect(toHex(new CborReader(hex('61fff6')).pass())).toBe('61ff')
    for (const short of ['', '18', '62ff', '8201', 'a101', 'd82a', '9f', 'fb00', '9bffffffffffffffff01'])
      expect(() => new CborReader(hex(short)).pass()).toThrow(
        expect.objectContaining({ code: 'cbor/malformed' }),
      )
  })

  test('tryNull and peekMajor leave anything else in place', () => {
    const reader = new CborReader(hex('8105'))
    expect(reader.tryNull()).toBe(false)
    expect(reader.peekMajor()).toBe(4)
    expect(reader.array()).toBe(1)
    expect(reader.uint()).toBe(5)
    expect(new CborReader(hex('f6')).tryNull()).toBe(true)
  })

  test('big integers are written in as few bytes as they need, whatever their length', () => {
    for (let bits = 1n; bits <= 1016n; bits++)
      for (const magnitude of [2n ** (bits - 1n), 2n ** bits - 1n]) {
        const digits = magnitude.toString(16)
        const bytes = `00${digits.length % 2 === 0 ? '' : '0'}${digits}`
        expect(toHex(new CborWriter().bigInt(magnitude).finish()).endsWith(bytes)).toBe(true)
        expect(new CborReader(new CborWriter().bigInt(-magnitude).finish()).bigInt()).toBe(-magnitude)
      }
  })

  test('big integers have a sign byte, and at most 128 bytes', () => {
    const bigInt = (bytes: string) => new CborReader(hex(bytes)).bigInt()
    expect(bigInt('40')).toBe(0n)
    expect(bigInt('4100')).toBe(0n)
    expect(bigInt('4101')).toBe(0n)
    expect(bigInt('420001')).toBe(1n)
    expect(bigInt('430000ff')).toBe(255n)
    expect(bigInt('49010de0b6b3a7640000')).toBe(-(10n ** 18n))
    expectCode(() => bigInt('4102'), 'cbor/malformed')
    expect(bigInt(`588000${'ff'.repeat(127)}`)).toBe(2n ** 1016n - 1n)
    expectCode(() => bigInt(`588100${'ff'.repeat(128)}`), 'cbor/out-of-range')
  })
})

describe('writing', () => {
  test('integers and lengths are shortest', () => {
    const uints: [number | bigint, string][] = [
      [0, '00'],
      [23, '17'],
      [24, '1818'],
      [255, '18ff'],
      [256, '190100'],
      [65535, '19ffff'],
      [65536, '1a00010000'],
      [0xffff_ffff, '1affffffff'],
      [0x1_0000_0000, '1b0000000100000000'],
      [Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
      [24n, '1818'],
      [0xffff_ffffn, '1affffffff'],
      [2n ** 64n - 1n, '1bffffffffffffffff'],
    ]
    for (const [value, bytes] of uints) expect(toHex(new CborWriter().uint(value).finish())).toBe(bytes)
    const ints: [number | bigint, string][] = [
      [-1, '20'],
      [-24, '37'],
      [-25, '3818'],
      [-256, '38ff'],
      [-257, '390100'],
      [Number.MIN_SAFE_INTEGER, '3b001ffffffffffffe'],
      [-(2n ** 63n), '3b7fffffffffffffff'],
      [2n ** 63n - 1n, '1b7fffffffffffffff'],
      [-1n, '20'],
      [7, '07'],
    ]
    for (const [value, bytes] of ints) expect(toHex(new CborWriter().int(value).finish())).toBe(bytes)
    expect(toHex(new CborWriter().bytes(new Uint8Array(24)).finish()).slice(0, 6)).toBe('581800')
    expect(toHex(new CborWriter().text('aé').finish())).toBe('6361c3a9')
    expect(toHex(new CborWriter().map(1).text('a').bool(true).finish())).toBe('a16161f5')
    expect(toHex(new CborWriter().array(2).bool(false).null().finish())).toBe('82f4f6')
    expect(toHex(new CborWriter().cid(EMPTY_ARRAY).finish())).toBe(`d82a582700${toHex(EMPTY_ARRAY.bytes)}`)
  })

  test('what CBOR cannot carry is refused', () => {
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53, -1n, 2n ** 64n])
      expectCode(() => new CborWriter().uint(value), 'cbor/out-of-range')
    for (const value of [0.5, 2 ** 53, -(2 ** 53) - 2, 2n ** 63n, -(2n ** 63n) - 1n])
      expectCode(() => new CborWriter().int(value), 'cbor/out-of-range')
    expectCode(() => new CborWriter().text('\ud800'), 'cbor/out-of-range')
    expectCode(() => new CborWriter().bigInt(2n ** 1016n), 'cbor/out-of-range')
    expect(new CborWriter().bigInt(-(2n ** 1016n - 1n)).finish()).toHaveLength(130)
  })

  test('a writer says how much it holds, and whether the second half repeats the first', () => {
    const writer = new CborWriter(16)
    expect([writer.length, writer.repeatsAt(0)]).toEqual([0, true])
    const item = new Uint8Array(30).fill(7)
    writer.bytes(item)
    expect([writer.length, writer.repeatsAt(32), writer.repeatsAt(16)]).toEqual([32, false, false])
    writer.bytes(item)
    expect([writer.length, writer.repeatsAt(32)]).toEqual([64, true])
    writer.reset().bytes(item).bytes(item.fill(8, 29))
    expect([writer.length, writer.repeatsAt(32)]).toEqual([64, false])
    writer.finish()
    expect(writer.length).toBe(0)
  })

  test('a finished writer can be used again, and what it gave does not change', () => {
    const writer = new CborWriter(16)
    const first = writer.bytes(new Uint8Array(100).fill(7)).finish()
    const second = writer.text('forgotten').reset().uint(1).finish()
    expect(first).toHaveLength(102)
    expect(first[101]).toBe(7)
    expect(toHex(second)).toBe('01')
  })

  test.each([0, 63, 64, 4_095, 4_096, 4_097, 65_536, 65_537, 200_000])(
    'writers that write in turns, %i bytes, do not see each other',
    (length) => {
      const writers = Array.from({ length: 3 }, () => new CborWriter())
      for (const part of [length, 40, 1])
        for (const [index, writer] of writers.entries()) writer.raw(new Uint8Array(part).fill(index + 1))
      const written = writers.map((writer) => writer.finish())
      for (const [index, bytes] of written.entries())
        expect(bytes).toEqual(new Uint8Array(length + 41).fill(index + 1))
      new CborWriter().raw(new Uint8Array(length + 41).fill(9)).finish()
      expect(written[0]).toEqual(new Uint8Array(length + 41).fill(1))
    },
  )

  test('a value codec encodes and decodes a whole block', () => {
    const codec = {
      encode: (writer: CborWriter, value: number) => void writer.uint(value),
      decode: (reader: CborReader) => reader.uint(),
    }
    expect(decodeValue(codec, encodeValue(codec, 1234))).toBe(1234)
    expectCode(() => decodeValue(codec, hex('0101')), 'cbor/trailing-bytes')
  })
})

describe('round trips', () => {
  test('what is written is read back', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    const big = fc.bigInt({ min: -(2n ** 1016n - 1n), max: 2n ** 1016n - 1n })
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(
        int64,
        uint64,
        big,
        text,
        fc.uint8Array({ maxLength: 300 }),
        fc.maxSafeInteger(),
        (i, u, b, t, bytes, n) => {
          const encoded = new CborWriter(16)
            .array(7)
            .int(i)
            .uint(u)
            .bigInt(b)
            .text(t)
            .bytes(bytes)
            .int(n)
            .raw(hex('f6'))
            .finish()
          const reader = new CborReader(encoded)
          reader.tuple(7)
          expect(reader.int64()).toBe(i)
          expect(reader.uint64()).toBe(u)
          expect(reader.bigInt()).toBe(b)
          expect(reader.text()).toBe(t)
          expect(toHex(reader.bytes())).toBe(toHex(bytes))
          expect(reader.int()).toBe(n)
          expect(reader.tryNull()).toBe(true)
          reader.end()
          const skipping = new CborReader(encoded)
          skipping.skip()
          skipping.end()
        },
      ),
      RUNS,
    )
  })

  test('arbitrary bytes are read or refused with a code, never otherwise', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(kinds)), fc.uint8Array({ maxLength: 40 }), (kind, bytes) => {
        read(kind, bytes)
        expect(new CborReader(bytes).offset).toBe(0)
      }),
      { ...RUNS, numRuns: 3000 },
    )
  })
})
