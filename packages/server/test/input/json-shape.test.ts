import { describe, expect, it } from 'vitest'
import { excessOf } from '../../src/input/json-shape.ts'

const limits = { nesting: 3, values: 10 }

describe('the shape of JSON', () => {
  it('may be as deep as the limit, and no deeper', () => {
    expect(excessOf('[[{"a":1}]]', limits)).toBeUndefined()
    expect(excessOf('[[{"a":[]}]]', limits)).toBe('nesting')
    expect(excessOf('[[]],[[]],[[]]'.repeat(1), limits)).toBeUndefined()
  })

  it('may have as many values as the limit, and no more', () => {
    expect(excessOf(`[${'1,'.repeat(8)}1]`, limits)).toBeUndefined()
    expect(excessOf(`[${'1,'.repeat(9)}1]`, limits)).toBe('values')
  })

  it('does not count what stands in strings, however they are escaped', () => {
    const text = JSON.stringify(['[[[[,,,,,,,,,,,', '"[[[[', '\\"[[[[', '\\\\', '\\'])
    expect(excessOf(text, limits)).toBeUndefined()
    expect(excessOf(String.raw`["\\",[[[]]]]`, limits)).toBe('nesting')
    expect(excessOf(String.raw`["\\\"",[[[]]]]`, limits)).toBe('nesting')
    expect(excessOf(String.raw`["\\\",[[[]]]]`, limits)).toBeUndefined()
  })

  it('is looked at in time that grows with the length alone', () => {
    const [backslashes, quotes, open] = ['\\', '\\"', '"'].map((part) => part.repeat(500_000)) as [
      string,
      string,
      string,
    ]
    const start = performance.now()
    for (const text of [`"${backslashes}"`, `"${quotes}`, open])
      expect(excessOf(text, limits)).toBeUndefined()
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
