import { type LinkScan, scanLinks } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectCode } from './codes.ts'
import { hex, toHex } from './hex.ts'

/**
 * The links that the reference's scanner finds in these bytes, in its later form and in that of release/v2, recorded by running both: CIDs in
 * hexadecimal, separated by commas, or `undefined` where it refuses.
 */
const RECORDED: readonly (readonly [
  bytes: string,
  lenient: string | undefined,
  minimal: string | undefined,
])[] = [
  ['00', '', ''],
  ['0000', '', ''],
  ['1800', '', undefined],
  ['1900ff', '', undefined],
  ['190100', '', ''],
  ['1a0000ffff', '', undefined],
  ['1a00010000', '', ''],
  ['1b00000000ffffffff', '', undefined],
  ['1b0000000100000000', '', ''],
  ['fb3ff0000000000000', '', ''],
  ['f91234', '', ''],
  ['f900ff', '', undefined],
  ['4201', undefined, ''],
  ['420102', '', ''],
  ['5b00000000000000020102', '', undefined],
  ['61ff', '', ''],
  ['80', '', ''],
  ['9fff', undefined, undefined],
  ['820102', '', ''],
  ['8201', undefined, undefined],
  ['a16161d82a450001550000', '01550000', '01550000'],
  ['a2000101d82a450001550000', '01550000', '01550000'],
  ['82d82a450001550000d82a450001710000', '01550000,01710000', '01550000,01710000'],
  ['d9002a450001550000', '01550000', undefined],
  ['d82a58050001550000', '01550000', undefined],
  ['d82a450101550000', undefined, '01550000'],
  ['d82a4a00015500000000000000', '01550000', '01550000'],
  ['d82a4400015500', undefined, undefined],
  ['d82a650001550000', undefined, undefined],
  ['d82a40', undefined, undefined],
  ['d82a4100', undefined, undefined],
  ['c182d82a45000155000001', '01550000', '01550000'],
  ['c1', undefined, undefined],
  ['d82ac1450001550000', undefined, undefined],
  ['182a450001550000', '', ''],
  ['1c', undefined, undefined],
  ['1f', undefined, undefined],
  ['ff', undefined, undefined],
  ['', undefined, undefined],
  [
    'd82a5864000155005f0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
    undefined,
    undefined,
  ],
  ['9b7fffffffffffffff00', undefined, undefined],
  ['bb000000000000000100d82a450001550000', '01550000', undefined],
]

function scan(bytes: string, form: LinkScan): string | undefined {
  try {
    return scanLinks(hex(bytes), form)
      .map((cid) => toHex(cid.bytes))
      .join(',')
  } catch (error) {
    expect(error).toHaveProperty('code', expect.stringMatching(/^(cbor|cid)\//))
    return undefined
  }
}

describe('scanLinks', () => {
  test.each(RECORDED)('%s has the links that the reference finds', (bytes, lenient, minimal) => {
    expect(scan(bytes, 'lenient')).toBe(lenient)
    expect(scan(bytes, 'minimal')).toBe(minimal)
  })

  test('says what is wrong', () => {
    expectCode(() => scanLinks(hex('81')), 'cbor/malformed')
    expectCode(() => scanLinks(hex('9bffffffffffffffff')), 'cbor/malformed')
    expectCode(() => scanLinks(hex('5bffffffffffffffff'), 'minimal'), 'cbor/malformed')
    expectCode(() => scanLinks(hex('d82a00')), 'cbor/unexpected-type')
    expectCode(() => scanLinks(hex('d82a4101')), 'cid/malformed')
  })

  test('leaves out common links that are not wanted, and no others', () => {
    const common = (codec: string): string => `01${codec}a0e40220${'07'.repeat(32)}`
    const sealed = `0182e20381e80220${'07'.repeat(32)}`
    const unsealed = `0181e203922020${'07'.repeat(32)}`
    const uncommon = [
      '01550000',
      `0182e20381e8021f${'07'.repeat(31)}`,
      `01f19204a0e40220${'07'.repeat(32)}`,
      `01711220${'07'.repeat(32)}`,
      `0171a0e4021f${'07'.repeat(31)}`,
      `0171a0e40221${'07'.repeat(33)}`,
      `1220${'07'.repeat(32)}`,
    ]
    const tagged = (cid: string): string =>
      `d82a58${(cid.length / 2 + 1).toString(16).padStart(2, '0')}00${cid}`
    const cids = [common('71'), ...uncommon, sealed, unsealed, common('55'), common('7f')]
    const bytes = hex(`8c${cids.map(tagged).join('')}`)
    const asked: string[] = []
    const linksBut = (codecs: readonly number[]): string[] =>
      scanLinks(bytes, 'lenient', (codec, start, end) => {
        asked.push(toHex(bytes.subarray(start, end)))
        return !codecs.includes(codec)
      }).map((cid) => toHex(cid.bytes))
    expect(linksBut([])).toEqual(cids)
    expect(asked).toEqual([common('71'), sealed, unsealed, common('55'), common('7f')])
    expect(linksBut([0x55])).toEqual(cids.filter((cid) => cid !== common('55')))
    expect(linksBut([0x71, 0x55, 0x7f, 0xf101, 0xf102])).toEqual(uncommon)
  })

  test('refuses a CID with what follows it cut off, wanted or not', () => {
    const cut = hex(`d82a5826000171a0e40220${'07'.repeat(31)}`)
    for (const isWanted of [undefined, () => true, () => false])
      expectCode(() => scanLinks(cut, 'lenient', isWanted), 'cid/malformed')
  })

  test('nesting needs no stack', () => {
    expect(scan(`${'81'.repeat(100_000)}d82a450001550000`, 'lenient')).toBe('01550000')
  })

  test('arbitrary bytes are scanned or refused with a code, never otherwise', () => {
    const forms: LinkScan[] = ['lenient', 'minimal']
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...forms), (bytes, form) => {
        const links = scan(toHex(bytes), form)
        expect(links === undefined || links.length <= 2 * bytes.length).toBe(true)
      }),
      { seed: 1, numRuns: 2000 },
    )
  })
})
