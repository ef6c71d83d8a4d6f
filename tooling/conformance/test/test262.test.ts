import { describe, expect, it } from 'vitest'
import { reasonToSkip } from '../src/test262/exceptions.ts'
import { readTest } from '../src/test262/metadata.ts'

const test = (head: string) => readTest('language/a', `// rights\n/*---\n${head}\n---*/\nx = 1;\n`)

describe('a test of test262', () => {
  it('says in its head what it needs, in a line or in several', () => {
    const inline = test(
      'description: >\n  flags: [raw]\nflags: [onlyStrict, async]\nincludes: [a.js,b.js]\nfeatures: []',
    )
    expect([inline.flags, inline.includes, inline.features]).toEqual([
      ['onlyStrict', 'async'],
      ['a.js', 'b.js'],
      [],
    ])
    const lines = test('includes:\n  - a.js\n  - b.js\nflags:\n- noStrict\ninfo: |\n  - nothing')
    expect([lines.flags, lines.includes]).toEqual([['noStrict'], ['a.js', 'b.js']])
    expect(inline.negative).toBeUndefined()
  })

  it('says which error it has to end with', () => {
    expect(test('negative:\n  phase: parse\n  type: SyntaxError\nflags: [raw]')).toMatchObject({
      negative: { phase: 'parse', type: 'SyntaxError' },
      flags: ['raw'],
    })
  })

  it('is run, but for what no actor has', () => {
    expect(reasonToSkip(test('features: [class, constructor, Proxy]'))).toBeUndefined()
    expect(reasonToSkip(test('flags: [module]'))).toContain('modules')
    expect(reasonToSkip(test('features: [dynamic-import]'))).toContain('modules')
    expect(reasonToSkip(test('features: [Atomics.pause]'))).toContain('memory that is shared')
    expect(reasonToSkip(test('features: [Intl.Locale]'))).toContain('Intl')
    expect(reasonToSkip(test('flags: [CanBlockIsTrue]'))).toContain('agents')
  })
})
