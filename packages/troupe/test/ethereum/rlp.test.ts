import { encodeRlp as encodeWithEthers } from 'ethers'
import fc from 'fast-check'
import {
  decodeRlp,
  encodeRlp,
  MAX_RLP_DEPTH,
  MAX_RLP_ITEMS,
  MAX_RLP_LENGTH,
  type RlpValue,
} from 'troupe/ethereum'
import { describe, expect, it } from 'vitest'
import { readRlpInteger, readUint, rlpInteger, word } from '../../src/ethereum/rlp.ts'

const code = (value: string) => expect.objectContaining({ code: value })
const bytes = (text: string) => Uint8Array.fromHex(text)
const hex = (value: Uint8Array) => value.toHex()

const values: fc.Arbitrary<RlpValue> = fc.letrec<{ value: RlpValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.uint8Array({ maxLength: 70 }),
    fc.array(tie('value'), { maxLength: MAX_RLP_ITEMS }),
  ),
})).value

function toHex(value: RlpValue): unknown {
  return value instanceof Uint8Array ? `0x${hex(value)}` : value.map(toHex)
}

/** Lists within each other, the innermost empty. */
function nested(depth: number): RlpValue {
  let value: RlpValue = []
  for (let level = 1; level < depth; level++) value = [value]
  return value
}

describe('RLP', () => {
  it.each([
    ['80', new Uint8Array()],
    ['00', Uint8Array.of(0)],
    ['7f', Uint8Array.of(127)],
    ['8180', Uint8Array.of(128)],
    ['820400', Uint8Array.of(4, 0)],
    ['c0', []],
    ['c7c0c1c0c3c0c1c0', [[], [[]], [[], [[]]]]],
    [`b838${'61'.repeat(56)}`, new Uint8Array(56).fill(97)],
    ['c4000181aa', [Uint8Array.of(0), Uint8Array.of(1), Uint8Array.of(0xaa)]],
  ] as [string, RlpValue][])('writes and reads %s', (text, value) => {
    expect(hex(encodeRlp(value))).toBe(text)
    expect(decodeRlp(bytes(text))).toEqual(value)
  })

  it('is read as it was written, and written as ethers does', () => {
    fc.assert(
      fc.property(values, (value) => {
        const written = encodeRlp(value)
        expect(`0x${hex(written)}`).toBe(encodeWithEthers(toHex(value) as string))
        expect(decodeRlp(written)).toEqual(value)
      }),
      { seed: 1 },
    )
  })

  it('writes integers without leading zeros, and words with them', () => {
    const edges = [
      0n,
      1n,
      255n,
      256n,
      2n ** 64n - 1n,
      2n ** 64n,
      2n ** 255n,
      2n ** 256n - 1n,
      2n ** 256n,
      2n ** 300n,
    ]
    const check = (value: bigint): void => {
      const digits = value.toString(16)
      const even = value === 0n ? '' : digits.padStart(digits.length + (digits.length % 2), '0')
      const written = rlpInteger(value)
      expect(hex(written)).toBe(even)
      expect(readRlpInteger(written)).toBe(value)
      if (value >= 2n ** 256n) return
      expect(hex(word(value))).toBe(digits.padStart(64, '0'))
      expect(readUint(word(value))).toBe(value)
      expect(readRlpInteger(Uint8Array.of(0, ...written))).toBeUndefined()
    }
    edges.forEach(check)
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 270n }), check), { seed: 3 })
  })

  it('has one form for each value: what is read is written the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (input) => {
        let value: RlpValue
        try {
          value = decodeRlp(input)
        } catch (error) {
          expect(error).toEqual(expect.objectContaining({ code: expect.stringMatching(/^rlp\//u) }))
          return
        }
        expect(encodeRlp(value)).toEqual(input)
      }),
      { seed: 2, numRuns: 3000 },
    )
  })

  it.each([
    ['nothing', ''],
    ['bytes that follow', '8000'],
    ['a string that ends early', '836161'],
    ['a list that ends early', 'c301'],
    ['an item that is longer than its list', 'c2830102'],
    ['a length for a byte below 0x80', '8101'],
    ['a long form for a short string', 'b80161'],
    ['a long form for 55 bytes', `b837${'61'.repeat(55)}`],
    ['a long form for a short list', 'f80101'],
    ['a length with leading zeros', `b90038${'61'.repeat(56)}`],
    ['a length that is not there', 'b9'],
    ['a length of more than four bytes', `bc${'01'.repeat(5)}`],
    ['a length of eight bytes', 'bfffffffffffffffff41424344'],
    ['a length beyond 2^63', 'ff7fffffffffffffff41424344'],
  ])('refuses %s', (_, text) => {
    expect(() => decodeRlp(bytes(text))).toThrow(code('rlp/malformed'))
  })

  it('has lists of as many items as a transaction has fields, and no more', () => {
    const list = (length: number): RlpValue => Array.from({ length }, () => new Uint8Array())
    expect(decodeRlp(encodeRlp(list(MAX_RLP_ITEMS)))).toHaveLength(MAX_RLP_ITEMS)
    expect(() => decodeRlp(encodeRlp(list(MAX_RLP_ITEMS + 1)))).toThrow(code('rlp/limit'))
  })

  it('is nested as deep as it may be, and no deeper', () => {
    expect(decodeRlp(encodeRlp(nested(MAX_RLP_DEPTH)))).toEqual(nested(MAX_RLP_DEPTH))
    expect(() => decodeRlp(encodeRlp(nested(MAX_RLP_DEPTH + 1)))).toThrow(code('rlp/limit'))
    // Longer than anybody's stack: every list is as long as what follows it.
    expect(() => decodeRlp(encodeRlp(nested(3000)))).toThrow(code('rlp/limit'))
  })

  it('has as many bytes as a message of a node, and no more', () => {
    const longest = encodeRlp(new Uint8Array(MAX_RLP_LENGTH - 4))
    expect(longest).toHaveLength(MAX_RLP_LENGTH)
    expect(decodeRlp(longest)).toHaveLength(MAX_RLP_LENGTH - 4)
    expect(() => decodeRlp(encodeRlp(new Uint8Array(MAX_RLP_LENGTH - 3)))).toThrow(code('rlp/limit'))
  })
})
