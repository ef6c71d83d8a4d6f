import { loadCrypto } from '@troupe/crypto'
import { decodeIpld, encodeIpld, type IpldValue, parseCid } from '@troupe/ipld'
import { fromActorValue } from 'troupe'
import { describe, expect, it } from 'vitest'
import { readParameters } from '../../src/remote/read-parameters.ts'

const crypto = await loadCrypto()
const CID = 'bafk2bzacecladkoqyty6q5nvcy6oejqbbkhagas2tkbdtcvt57in536tep6s2'

function argumentOf(text: string): IpldValue {
  const list = decodeIpld(readParameters(crypto, [text], undefined))
  return fromActorValue((list as readonly IpldValue[])[0] as IpldValue)
}

function codeOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
  return undefined
}

describe('arguments on a command line', () => {
  it.each<[string, IpldValue]>([
    ['5', 5n],
    ['-5', -5n],
    [`${2n ** 64n - 1n}`, 2n ** 64n - 1n],
    [`${2n ** 64n}`, 2n ** 64n],
    [`-${2n ** 63n + 1n}`, -(2n ** 63n) - 1n],
    ['9'.repeat(80), 10n ** 80n - 1n],
    ['true', true],
    ['null', null],
    ['"0x00"', '0x00'],
    ['"t01000"', 't01000'],
    ['[1, [2]]', [1n, [2n]]],
    ['{"b": 1, "a": "x"}', { a: 'x', b: 1n }],
    ['{"__proto__": 1}', Object.fromEntries([['__proto__', 1n]])],
    ['0x', new Uint8Array()],
    ['0x00fF', Uint8Array.of(0, 255)],
    ['t01000', Uint8Array.of(0, 0xe8, 0x07)],
    ['f01000', Uint8Array.of(0, 0xe8, 0x07)],
    ['@1000', Uint8Array.of(0, 0xe8, 0x07)],
    [`@0x${'11'.repeat(20)}`, Uint8Array.of(4, 10, ...new Uint8Array(20).fill(0x11))],
    [CID, parseCid(CID)],
    [`[{"/": "${CID}"}]`, [parseCid(CID)]],
    ['{"/": "0x01"}', Uint8Array.of(1)],
    ['{"/": "@t01000"}', Uint8Array.of(0, 0xe8, 0x07)],
    ['{"/": {"bytes": "AQI"}}', Uint8Array.of(1, 2)],
  ])('%s is a value', (text, value) => {
    expect(argumentOf(text)).toEqual(value)
  })

  it.each([
    ['hello'],
    [''],
    ['[1,'],
    ['1.5'],
    ['1e3'],
    ['9'.repeat(81)],
    ['0x0'],
    ['0xzz'],
    ['t0'],
    ['t1nqjokbjze2a2nx36kz6oq54wns4w5jcwhzuzy2j'],
    ['@nobody'],
    [`${CID.slice(0, -1)}`],
    ['{"/": "hello"}'],
    ['{"/": 5}'],
    ['{"/": {"bytes": "?"}}'],
    ['{"/": "0x01", "b": 1}'],
    ['"\\ud800"'],
  ])('%s is none', (text) => {
    expect(codeOf(() => readParameters(crypto, [text], undefined))).toBe('usage/bad-argument')
  })

  it('are as deep as values of actors may be, and no deeper', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(readParameters(crypto, [nested(64)], undefined)).toHaveLength(65)
    for (const depth of [65, 50_000])
      expect(codeOf(() => readParameters(crypto, [nested(depth)], undefined))).toBe('usage/bad-argument')
  })

  it('are a list, and nothing where there are none', () => {
    expect(readParameters(crypto, ['1', '"a"'], undefined)).toEqual(encodeIpld([1n, 'a']))
    expect(readParameters(crypto, [], undefined)).toEqual(new Uint8Array())
  })

  it('are what --params says, where it is given', () => {
    expect(readParameters(crypto, [], '0x8105')).toEqual(Uint8Array.of(0x81, 5))
    expect(readParameters(crypto, [], '8105')).toEqual(Uint8Array.of(0x81, 5))
    expect(readParameters(crypto, [], '')).toEqual(new Uint8Array())
    expect(codeOf(() => readParameters(crypto, [], '810'))).toBe('usage/bad-option')
    expect(codeOf(() => readParameters(crypto, ['1'], '8105'))).toBe('usage/bad-option')
  })
})
