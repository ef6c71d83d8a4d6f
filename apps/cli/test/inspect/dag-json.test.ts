import { CborWriter, cidOf, DAG_CBOR, decodeIpld } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'
import { indentJson, linksOf, toDagJson } from '../../src/inspect/dag-json.ts'
import { crypto } from '../support/vector.ts'

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const json = (text: string): string => toDagJson(decodeIpld(hex(text)))

describe('a block of state', () => {
  // Examples of RFC 8949, appendix A, as far as DAG-CBOR has them.
  it.each([
    ['00', '0'],
    ['1b7fffffffffffffff', '9223372036854775807'],
    ['1bffffffffffffffff', '18446744073709551615'],
    ['3b7fffffffffffffff', '-9223372036854775808'],
    ['29', '-10'],
    ['f4', 'false'],
    ['f5', 'true'],
    ['f6', 'null'],
    ['fb3ff199999999999a', '1.1'],
    ['fa47c35000', '100000'],
    ['4401020304', '{"/":{"bytes":"AQIDBA"}}'],
    ['62225c', '"\\"\\\\"'],
    ['80', '[]'],
    ['8301820203820405', '[1,[2,3],[4,5]]'],
    ['a26161016162820203', '{"a":1,"b":[2,3]}'],
    ['a1695f5f70726f746f5f5f01', '{"__proto__":1}'],
  ])('%s is %s in DAG-JSON', (block, text) => {
    expect(json(block)).toBe(text)
  })

  it.each([
    ['cbor/malformed', '18'],
    ['cbor/trailing-bytes', '0000'],
    ['cbor/unexpected-type', 'c000'],
    ['cbor/malformed', '9fff'],
    ['cbor/out-of-range', 'fb7ff0000000000000'],
    ['cbor/out-of-range', '3bffffffffffffffff'],
    ['cbor/too-deep', `${'81'.repeat(200)}00`],
  ])('is refused with %s: %s', (code, block) => {
    expect(() => json(block)).toThrow(expect.objectContaining({ code }))
  })

  it('is refused where it has too many values to be shown, and not before', () => {
    const arrayOf = (length: number): Uint8Array => {
      const writer = new CborWriter().array(length)
      for (let i = 0; i < length; i++) writer.uint(0)
      return writer.finish()
    }
    expect(decodeIpld(arrayOf(99_999))).toHaveLength(99_999)
    expect(() => decodeIpld(arrayOf(100_000))).toThrow(expect.objectContaining({ code: 'cbor/out-of-range' }))
  })

  it('has links, each told once', () => {
    const [a, b] = [1, 2].map((byte) => cidOf(crypto, DAG_CBOR, Uint8Array.of(byte)))
    if (a === undefined || b === undefined) throw new Error('no links')
    const block = new CborWriter().array(3).cid(b).map(1).text('x').cid(a).cid(b).finish()
    const value = decodeIpld(block)
    expect(linksOf(value).map(String)).toEqual([String(b), String(a)])
    expect(toDagJson(value)).toBe(`[{"/":"${b}"},{"x":{"/":"${a}"}},{"/":"${b}"}]`)
  })
})

describe('DAG-JSON over lines', () => {
  it('keeps digits and texts, and puts links and bytes on one line', () => {
    const text =
      '{"a":[18446744073709551615,"x:{[,\\"]}"],"b":{"/":"bafy"},"c":{"/":{"bytes":"AQ"}},"d":[],"e":{}}'
    const lines = indentJson(text)
    expect(lines).toEqual([
      '{',
      '  "a": [',
      '    18446744073709551615,',
      '    "x:{[,\\"]}"',
      '  ],',
      '  "b": {"/":"bafy"},',
      '  "c": {"/":{"bytes":"AQ"}},',
      '  "d": [],',
      '  "e": {}',
      '}',
    ])
    expect(JSON.parse(lines.join('\n'))).toEqual(JSON.parse(text))
    expect(indentJson('1')).toEqual(['1'])
  })
})
