import { createCid, type IpldValue, RAW, SHA2_256 } from '@troupe/ipld'
import fc from 'fast-check'
import { formatValue } from 'troupe/trace'
import { describe, expect, it } from 'vitest'

const LINK = createCid(RAW, SHA2_256, new Uint8Array(32))

describe('a value on one line', () => {
  it.each<[IpldValue, string]>([
    [null, 'null'],
    [true, 'true'],
    [5n, '5'],
    [-1.5, '-1.5'],
    [LINK, String(LINK)],
    ['f0100', 'f0100'],
    ['0-9, 12', '0-9, 12'],
    ['two words', '"two words"'],
    ['', '""'],
    ['a "b"', '"a \\"b\\""'],
    ['\u001b[2J', '"\\u{1b}[2J"'],
    [Uint8Array.of(), '0x'],
    [Uint8Array.of(1, 0xab), '0x01ab'],
    [new Uint8Array(21), `0x${'00'.repeat(20)}… (21 B)`],
    [[1n, [], {}], '[1, [], {}]'],
    [{ to: 'f0101', 'two words': 5n }, '{to: f0101, "two words": 5}'],
  ])('is short and plain (case %#)', (value, text) => {
    expect(formatValue(value)).toBe(text)
  })

  it('is cut where it is too long, and where it is too deep', () => {
    expect(formatValue('x'.repeat(500))).toHaveLength(121)
    expect(formatValue(Array.from({ length: 100_000 }, () => 1n))).toHaveLength(121)
    expect(formatValue({ a: [1n, 2n, 3n] }, { maxLength: 8 })).toBe('{a: [1, …')
    let deep: IpldValue = 1n
    for (let i = 0; i < 100; i++) deep = [deep]
    expect(formatValue(deep)).toContain('[…]')
  })

  it('never has what moves a cursor, whatever an actor writes', () => {
    const value = fc.letrec<{ value: IpldValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.uint8Array(),
        fc.bigInt(),
        fc.array(tie('value')),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('value')),
      ),
    })).value
    fc.assert(
      fc.property(value, (any) => {
        expect(formatValue(any)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(formatValue(any).length).toBeLessThanOrEqual(121)
      }),
      { seed: 3, numRuns: 500 },
    )
  })
})
