import { formatBytes, formatMilligas, formatMilliseconds, grouped, paint, visible } from 'troupe/text'
import { describe, expect, it } from 'vitest'

describe('values as people read them', () => {
  it('groups digits by three', () => {
    expect([0, 999, 1000, 1_234_567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567'])
    expect(grouped(-1234n)).toBe('-1,234')
    expect(grouped(2n ** 64n)).toBe('18,446,744,073,709,551,616')
  })

  it('writes milligas as gas, with no more decimals than needed', () => {
    const cases: [bigint, string][] = [
      [0n, '0'],
      [1n, '0.001'],
      [1000n, '1'],
      [5_185_948_600n, '5,185,948.6'],
      [-5_377_010n, '-5,377.01'],
      [2n ** 63n - 1n, '9,223,372,036,854,775.807'],
    ]
    for (const [milligas, text] of cases) expect(formatMilligas(milligas)).toBe(text)
  })

  it('makes everything visible that would move the cursor, hide text or turn it round', () => {
    expect(visible('a\nb\u001b[31m\u202ec\u2028\u200bd\u0000')).toBe(
      'a\\u{a}b\\u{1b}[31m\\u{202e}c\\u{2028}\\u{200b}d\\u{0}',
    )
    expect(visible('äöü 😀')).toBe('äöü 😀')
    expect(visible('\ud800')).toBe('\\u{d800}')
    expect(visible('abcdef', 3)).toBe('abc…')
  })

  it('cuts long bytes, and always says how many there are', () => {
    expect(formatBytes(new Uint8Array())).toBe('none')
    expect(formatBytes(Uint8Array.of(1, 0xff))).toBe('01ff (2 B)')
    expect(formatBytes(new Uint8Array(2000), 2)).toBe('0000… (2,000 B)')
  })

  it('writes times in the unit that fits', () => {
    expect([0.4, 999.4, 1000, 12_345].map(formatMilliseconds)).toEqual(['0 ms', '999 ms', '1.0 s', '12.3 s'])
  })
})

it('is painted where colours are wanted, and there is something to paint', () => {
  expect(paint('red', 'x', true)).toBe('\u001b[31mx\u001b[39m')
  expect(paint('dim', 'x', true)).toBe('\u001b[2mx\u001b[22m')
  expect(paint('bold', 'x', false)).toBe('x')
  expect(paint('cyan', '', true)).toBe('')
})
