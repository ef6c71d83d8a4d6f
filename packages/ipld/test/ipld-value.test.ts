import { loadCrypto } from '@troupe/crypto'
import { cidOf, decodeIpld, encodeIpld, type IpldValue, MAX_CBOR_DEPTH, RAW } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

describe('a value of the IPLD data model', () => {
  // RFC 8949, appendix A; the order of keys is that of DAG-CBOR.
  it.each<[string, IpldValue]>([
    ['00', 0],
    ['1b7fffffffffffffff', 2n ** 63n - 1n],
    ['1bffffffffffffffff', 2n ** 64n - 1n],
    ['3b7fffffffffffffff', -(2n ** 63n)],
    ['29', -10],
    ['f4', false],
    ['f6', null],
    ['4401020304', Uint8Array.of(1, 2, 3, 4)],
    ['62c3bc', '\u00fc'],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['a3616101616202626161f5', { b: 2, aa: true, a: 1 }],
    ['a1695f5f70726f746f5f5f01', JSON.parse('{"__proto__":1}')],
  ])('is written as %s', (bytes, value) => {
    expect(hex(encodeIpld(value))).toBe(bytes)
  })

  it('is read as it was written', () => {
    const cid = cidOf(crypto, RAW, Uint8Array.of(1))
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, false, cid),
        fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n),
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(value, (sample) => {
        expect(decodeIpld(encodeIpld(sample as IpldValue))).toEqual(sample)
      }),
      { seed: 7 },
    )
  })

  it('may be as deep as a block, and no deeper', () => {
    const nested = (depth: number): IpldValue => (depth === 0 ? 0 : [nested(depth - 1)])
    const deepest = MAX_CBOR_DEPTH / 2 - 1
    expect(decodeIpld(encodeIpld(nested(deepest)))).toBeDefined()
    expect(() => encodeIpld(nested(deepest + 1))).toThrow(expect.objectContaining({ code: 'cbor/too-deep' }))
  })

  it.each<[string, string, unknown]>([
    ['cbor/out-of-range', 'an integer of 65 bits', 2n ** 64n],
    ['cbor/out-of-range', 'a negative one', -(2n ** 63n) - 1n],
    ['cbor/out-of-range', 'a fraction', 1.5],
    ['cbor/unexpected-type', 'undefined', undefined],
    ['cbor/unexpected-type', 'an undefined field', { a: undefined }],
    ['cbor/unexpected-type', 'a date', new Date(0)],
    ['cbor/unexpected-type', 'a function', () => 1],
  ])('is refused with %s where it is %s', (code, _, value) => {
    expect(() => encodeIpld(value as IpldValue)).toThrow(expect.objectContaining({ code }))
  })
})
