import fc from 'fast-check'
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

describe('any JSON', () => {
  it('is as deep, and has as many values, as what it is parsed to', () => {
    const check = (value: fc.JsonValue, indent: number): void => {
      const text = JSON.stringify(value, undefined, indent)
      const { depth, values } = measure(value)
      const exact = { nesting: depth, values }
      expect(excessOf(text, exact)).toBeUndefined()
      if (values > 1) expect(excessOf(text, { ...exact, values: values - 1 })).toBe('values')
      if (depth > 0) expect(excessOf(text, { ...exact, nesting: depth - 1 })).toBe('nesting')
    }
    const strings = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ',', 'ü', '\n') }),
    )
    const { value } = fc.letrec<{ value: fc.JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        strings,
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(strings, tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(fc.property(value, fc.integer({ min: 0, max: 2 }), check), { numRuns: 500 })
  })
})

/** Levels of lists and objects, and values, of which an empty list or object counts as two. */
function measure(value: fc.JsonValue): { depth: number; values: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, values: 1 }
  const inner = Object.values(value).map((entry) => measure(entry ?? null))
  return {
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    values:
      1 +
      Math.max(
        1,
        inner.reduce((sum, { values }) => sum + values, 0),
      ),
  }
}
