import { findReferences } from '@troupe/layers'
import { describe, expect, it } from 'vitest'

const found = (source: string): unknown[] =>
  findReferences(source).map(({ specifier, form, line }) => [specifier, form, line])

describe('finding the modules that a source names', () => {
  it('reads every form of import', () => {
    expect(
      found(`import 'a'
import b from "b"
import * as c from 'c'
import d, { type e, "f g" as g } from 'd'
import type { H } from 'h'
import {
  i,
} from 'i'
import j from './j.json' with { type: 'json' }
import from from 'k'`),
    ).toEqual([
      ['a', 'import', 1],
      ['b', 'import', 2],
      ['c', 'import', 3],
      ['d', 'import', 4],
      ['h', 'import', 5],
      ['i', 'import', 6],
      ['./j.json', 'import', 9],
      ['k', 'import', 10],
    ])
  })

  it('reads every form of re-export', () => {
    expect(
      found(`export { a } from 'a'
export type { B } from 'b'
export * from 'c'
export * as d from 'd'
export type * from 'e'`),
    ).toEqual([
      ['a', 'export', 1],
      ['b', 'export', 2],
      ['c', 'star', 3],
      ['d', 'star', 4],
      ['e', 'star', 5],
    ])
  })

  it('reads imports inside code and inside types', () => {
    expect(
      found(`const a = await import('a')
let b: import("b").B
type C = typeof import(\`c\`)
const d = [...require('d')]
import e = require('e')
const f = import(name)`),
    ).toEqual([
      ['a', 'dynamic', 1],
      ['b', 'dynamic', 2],
      ['c', 'dynamic', 3],
      ['d', 'require', 4],
      ['e', 'require', 5],
      [undefined, 'dynamic', 6],
    ])
  })

  it('reads assets and type references', () => {
    expect(
      found(`/// <reference types="a" />
new URL('./b.wasm', import.meta.url)
import.meta.resolve('c')
new URL('d', base)
import.meta.url`),
    ).toEqual([
      ['a', 'types', 1],
      ['./b.wasm', 'asset', 2],
      ['c', 'asset', 3],
    ])
  })

  it('does not take exports without a source for re-exports', () => {
    expect(
      found(`export { a }
import { b } from 'b'
export type C = 'c'
export const from = 'd'
export default 'e'`),
    ).toEqual([['b', 'import', 2]])
  })

  it('passes over comments, strings, templates, regular expressions and members', () => {
    expect(
      found(`// import 'a'
/* import 'b' */
const c = "import 'c'"
const d = \`import 'd' \${'import'} from 'd'\`
const e = /import 'e'/
vm.import('f')
vm.require('g')
const h = { import: 'h', require: 'h', export: 'h' }
class I { import(path: string) { return path } }`).filter((one) => (one as unknown[])[0] !== undefined),
    ).toEqual([])
  })

  it('finds the code inside a template', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source under test holds a template
    expect(found("`${await import('a')}`")).toEqual([['a', 'dynamic', 1]])
  })
})
