import { tokenize } from '@troupe/layers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const values = (source: string): string[] => tokenize(source).map((token) => token.value)
const kinds = (source: string): string[] => tokenize(source).map((token) => token.kind)

describe('the tokenizer', () => {
  it('drops comments and counts their lines', () => {
    const tokens = tokenize("#!/usr/bin/env node\n// it's\n/* \" \n ` */ a // '\nb")
    expect(tokens.map(({ value, line }) => [value, line])).toEqual([
      ['a', 4],
      ['b', 5],
    ])
  })

  it('keeps quotes of the other kind and escaped quotes inside a string', () => {
    expect(values(String.raw`'a"b' "c'd" 'e\'f'`)).toEqual(['a"b', "c'd", String.raw`e\'f`])
  })

  it('ends an open string at the end of its line', () => {
    expect(values("'open\nnext")).toEqual(['open', 'next'])
  })

  it('reads a template piece by piece, with the code between', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source under test holds a template
    const tokens = tokenize('`a ${ {x: `b`}.x } c` `d`')
    expect(tokens.filter((token) => token.kind === 'template')).toMatchObject([
      { value: 'a ', whole: false },
      { value: 'b', whole: true },
      { value: ' c', whole: false },
      { value: 'd', whole: true },
    ])
    expect(tokens.map((token) => token.value)).toContain('x')
  })

  it('tells a regular expression from a division', () => {
    expect(kinds('x = /[\'"`/]/g.test(y)')).toContain('rest')
    expect(kinds("if (x) /'/.exec(y)").filter((kind) => kind === 'rest')).toEqual(['rest'])
    expect(kinds("return /'/")).toEqual(['name', 'rest'])
    expect(values("(a) / b + 'c' / d")).toEqual(['(', 'a', ')', '/', 'b', '+', 'c', '/', 'd'])
    expect(values('a[0] / b / c')).not.toContain('/ b /')
    expect(values('a! / b / c')).not.toContain('/ b /')
    expect(values('a++ / b / c')).not.toContain('/ b /')
    expect(values('1 / b / c')).not.toContain('/ b /')
    expect(values('a.of / b / c')).not.toContain('/ b /')
  })

  it('takes a slash that closes nowhere on its line for a division', () => {
    expect(values("= / 'a'\nb")).toEqual(['=', '/', 'a', 'b'])
  })

  it('reads any text to its end', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '1', "'", '"', '`', '/', '*', '\\', '$', '{', '}', '(', ')', '[', '\n', ' '),
    })
    fc.assert(
      fc.property(text, (source) => {
        const lines = tokenize(source).map((token) => token.line)
        expect(lines).toEqual(lines.toSorted((a, b) => a - b))
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})
