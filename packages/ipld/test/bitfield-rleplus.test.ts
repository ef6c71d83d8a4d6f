import { CborReader, CborWriter, decodeValue, encodeValue } from '@troupe/ipld'
import { Bitfield, bitfieldCodec, MAX_BIT, MAX_BITFIELD_BYTES } from '@troupe/ipld/bitfield'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { hex, toHex } from './hex.ts'

/** Bits in the order in which RLE+ has them, as bytes; the last byte is padded with zeros. */
function packed(bits: string): Uint8Array {
  const clean = bits.replaceAll(' ', '')
  const bytes = new Uint8Array(Math.ceil(clean.length / 8))
  for (let i = 0; i < clean.length; i++)
    if (clean[i] === '1') bytes[i >>> 3] = (bytes[i >>> 3] ?? 0) | (1 << (i & 7))
  return bytes
}

const VERSION = '00'

/** A varint's bytes as bits. */
function varint(bytes: number[]): string {
  return bytes.map((byte) => Array.from({ length: 8 }, (_, i) => (byte >>> i) & 1).join('')).join('')
}

const MAX_RUN = varint([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]) // 2^64 - 1
const HALF_RUN = varint([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]) // 2^63 - 1

describe('RLE+ decoding', () => {
  // The table of ref-fvm ipld/bitfield/src/rleplus/mod.rs, `test`.
  test.each([
    ['nothing', '', []],
    ['a short block', `${VERSION} 1 01 0001`, [[0, 8]]],
    [
      'blocks of all lengths up to 4 bits',
      `${VERSION} 1 01 0010 1 01 1100`,
      [
        [0, 4],
        [5, 8],
      ],
    ],
    ['a long block of 25', `${VERSION} 1 00 10011000`, [[0, 25]]],
    ['a long block of 17 and zeros after it', `${VERSION} 1 00 10001000 000`, [[0, 17]]],
    ['a long block of 2^64 - 1', `${VERSION} 1 00 ${MAX_RUN}`, [[0n, 2n ** 64n - 1n]]],
  ])('reads %s', (_, bits, ranges) => {
    const expected = ranges.map(([start, end]) => ({
      start: BigInt(start as number),
      end: BigInt(end as number),
    }))
    const bytes = packed(bits)
    // The reference leaves out the last byte of its own encoding where it is zero.
    const trimmed = bytes[bytes.length - 1] === 0 ? bytes.subarray(0, -1) : bytes
    expect([...Bitfield.decode(trimmed).ranges()]).toEqual(expected)
  })

  test.each([
    ['another version', `10 1 01 0001`, 'bitfield/unsupported-version'],
    ['a short run of nothing', `${VERSION} 1 1 01 0000 1`, 'bitfield/not-minimal'],
    ['a long run of nothing', `${VERSION} 1 1 00 00000000 1`, 'bitfield/not-minimal'],
    ['a last byte of zero', `${VERSION} 1 01 101 00000000`, 'bitfield/not-minimal'],
    ['a padded varint', `${VERSION} 1 00 11000001 00000000 111`, 'bitfield/invalid-varint'],
    [
      'a varint beyond 64 bits',
      `${VERSION} 1 00 ${varint([...Array(9).fill(0x80), 0x02])} 1111`,
      'bitfield/invalid-varint',
    ],
    [
      'a varint of eleven bytes',
      `${VERSION} 1 00 ${varint([...Array(10).fill(0x80), 0x01])} 1111`,
      'bitfield/invalid-varint',
    ],
    ['runs of 2^64 together', `${VERSION} 1 00 ${HALF_RUN} 00 ${HALF_RUN} 01 0100`, 'bitfield/overflow'],
    ['a long block for 3', `${VERSION} 1 00 11000000 111`, 'bitfield/not-minimal'],
    ['a long block for 15', `${VERSION} 1 00 11110000 111`, 'bitfield/not-minimal'],
    ['a long block for 1', `${VERSION} 1 00 10000000 111`, 'bitfield/not-minimal'],
    ['a short block for 1', `${VERSION} 1 01 1000 1111111`, 'bitfield/not-minimal'],
    ['a single zero at the end', `${VERSION} 0 1`, 'bitfield/not-minimal'],
    ['a short run of zeros at the end', `${VERSION} 0 01 0010`, 'bitfield/not-minimal'],
    ['ones and a zero at the end', `${VERSION} 1 01 0010 1`, 'bitfield/not-minimal'],
    ['zeros, ones and zeros', `${VERSION} 0 1 01 0010 01 0010`, 'bitfield/not-minimal'],
    ['no run where ones should begin', `${VERSION} 1`, 'bitfield/not-minimal'],
  ])('refuses %s', (_, bits, code) => {
    expectCode(() => Bitfield.decode(packed(bits)), code)
  })

  test('takes runs of 2^64 - 1 together and no more', () => {
    // 2^63 - 1 ones, 2^63 - 1 zeros, and one: the highest bit there is.
    const bytes = packed(`${VERSION} 1 00 ${HALF_RUN} 00 ${HALF_RUN} 1`)
    expect(Bitfield.decode(bytes).last).toBe(MAX_BIT)
    expectCode(
      () => Bitfield.decode(packed(`${VERSION} 1 00 ${HALF_RUN} 00 ${HALF_RUN} 01 0100`)),
      'bitfield/overflow',
    )
  })

  test('reads the highest bit of a set of 2^64 - 2 bits at once', () => {
    // ref-fvm ipld/bitfield/src/rleplus/mod.rs, `iter_last`
    const bitfield = Bitfield.decode(hex('e4ffffffffffffffff2fffffffffffffffff7f'))
    expect(bitfield.last).toBe(18446744073709551614n)
  })

  test('refuses what it does not write, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        let bitfield: Bitfield
        try {
          bitfield = Bitfield.decode(bytes)
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^bitfield\//)
          return
        }
        expect(toHex(bitfield.encode())).toBe(toHex(bytes))
      }),
      { seed: 7, numRuns: 2000 },
    )
  })
})

describe('RLE+ encoding', () => {
  test('writes nothing for the empty set', () => {
    expect(Bitfield.empty().encode()).toEqual(new Uint8Array(0))
    expect(Bitfield.decode(new Uint8Array(0)).isEmpty).toBe(true)
  })

  test('writes the reference bytes of go-bitfield', () => {
    // go-bitfield rle/rleplus_test.go, `TestDecode`
    const bits = [0, 2, 4, 5, 6, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27]
    expect(Bitfield.fromBits(bits).encode()).toEqual(Uint8Array.of(124, 71, 34, 2))
  })

  test('writes blocks where the lengths change from single to short to long', () => {
    // ref-fvm ipld/bitfield/src/rleplus/writer.rs, `write_len`: 1, 2, 11, 15, 147 after one another, here behind a header of 3 bits
    const runs = packed(`${VERSION} 1 1 01 0100 01 1101 01 1111 00 11001001 10000000`)
    const bitfield = Bitfield.fromRanges([
      { start: 0, end: 1 },
      { start: 3, end: 14 },
      { start: 29, end: 176 },
    ])
    expect(toHex(bitfield.encode())).toBe(toHex(runs))
  })

  test('writes and reads runs of every length around the limits of a block', () => {
    for (const length of [
      1n,
      2n,
      15n,
      16n,
      127n,
      128n,
      2n ** 49n - 1n,
      2n ** 49n,
      2n ** 56n + 1n,
      2n ** 63n,
      MAX_BIT,
    ]) {
      const bitfield = Bitfield.fromRanges([{ start: 1n, end: length + 1n }])
      expect([...Bitfield.decode(bitfield.encode()).ranges()]).toEqual([{ start: 1n, end: length + 1n }])
    }
  })
})

describe('bitfields in CBOR', () => {
  test('are byte strings of RLE+', () => {
    // ref-fvm ipld/bitfield/tests/bitfield_tests.rs, `bit_vec_unset_vector`
    const bitfield = Bitfield.fromBits([1, 2, 3, 4, 5])
    bitfield.unset(3)
    expect(toHex(encodeValue(bitfieldCodec, bitfield))).toBe('42a854')
    const read = decodeValue(bitfieldCodec, hex('42a854'))
    expect(read.count).toBe(4n)
    expect(read.has(3)).toBe(false)
  })

  test('may be padded with zeros inside the last byte', () => {
    // ref-fvm ipld/bitfield/tests/bitfield_tests.rs, `padding`
    const bitfield = Bitfield.fromBits([1, 3])
    expect(decodeValue(bitfieldCodec, encodeValue(bitfieldCodec, bitfield)).equals(bitfield)).toBe(true)
  })

  test('have at most 32 KiB', () => {
    // A header of three bits, then a run of one for each bit: the longest encoding that fits has all bits of all bytes in use.
    const alternating = (runs: number): Bitfield =>
      Bitfield.fromBits(Array.from({ length: Math.ceil(runs / 2) }, (_, i) => 2 * i))
    const runs = MAX_BITFIELD_BYTES * 8 - 3
    const largest = alternating(runs)
    const bytes = encodeValue(bitfieldCodec, largest)
    expect(bytes.length).toBe(3 + MAX_BITFIELD_BYTES)
    expect(decodeValue(bitfieldCodec, bytes).equals(largest)).toBe(true)

    const larger = alternating(runs + 2)
    expectCode(() => encodeValue(bitfieldCodec, larger), 'bitfield/too-large')
    const tooLong = new CborWriter().bytes(larger.encode()).finish()
    expectCode(() => bitfieldCodec.decode(new CborReader(tooLong)), 'bitfield/too-large')
  })

  test('are refused where they are no byte string', () => {
    expectCode(() => decodeValue(bitfieldCodec, hex('62a854')), 'cbor/unexpected-type')
  })
})
