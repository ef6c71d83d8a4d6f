import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findRefused, type InstalledPackage, readInstalled, satisfies } from '@troupe/layers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

describe('an SPDX expression', () => {
  const isAllowed = (name: string): boolean => name === 'MIT' || name === 'ISC'

  it.each([
    'MIT',
    '(MIT)',
    'GPL-3.0 OR MIT',
    'MIT OR GPL-3.0',
    'MIT AND ISC',
    '(GPL-2.0 AND X) OR (MIT AND ISC)',
    'X AND Y OR MIT',
  ])('is satisfied: %s', (expression) => {
    expect(satisfies(expression, isAllowed)).toBe(true)
  })

  it.each([
    'GPL-3.0',
    'MIT AND GPL-3.0',
    'MIT WITH Some-exception',
    '(MIT OR ISC) AND GPL-3.0',
    '',
    'MIT OR',
    'OR MIT',
    '(MIT',
    'MIT)',
    'MIT ISC',
    'mit',
    'SEE LICENSE IN LICENSE.md',
  ])('is not satisfied: %s', (expression) => {
    expect(satisfies(expression, isAllowed)).toBe(false)
  })
})

describe('the licence check', () => {
  const one = (licence: string | undefined, production: boolean): InstalledPackage => ({
    name: 'x',
    version: '1.0.0',
    licence,
    production,
  })

  it('refuses what is not on the list, and what has no licence', () => {
    const bad = [one('GPL-3.0', false), one('UNLICENSED', true), one(undefined, false)]
    expect(findRefused([one('MIT', true), ...bad, one('Apache-2.0 OR MIT', true)])).toEqual(bad)
  })

  it('allows licences for tools only where nothing is shipped', () => {
    expect(findRefused([one('MPL-2.0', false), one('CC-BY-4.0', false)])).toEqual([])
    expect(findRefused([one('MPL-2.0', true), one('CC-BY-4.0', true)])).toHaveLength(2)
  })
})

describe('reading what is installed', () => {
  let root: string
  const write = (path: string, manifest: object): void => {
    mkdirSync(join(root, path), { recursive: true })
    writeFileSync(join(root, path, 'package.json'), JSON.stringify({ version: '1.0.0', ...manifest }))
  }
  const link = (path: string, to: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    symlinkSync(join(root, to), join(root, path), 'junction')
  }
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'troupe-licences-'))
  })
  afterEach(() => {
    rmSync(root, { recursive: true })
  })

  it('tells shipped packages from tools, through every kind of dependency', () => {
    const store = 'node_modules/.pnpm'
    write(`${store}/a@1/node_modules/a`, { name: 'a', license: 'MIT', dependencies: { '@s/b': '1' } })
    write(`${store}/b@1/node_modules/@s/b`, {
      name: '@s/b',
      license: { type: 'ISC' },
      dependencies: { gone: '1' },
    })
    link(`${store}/a@1/node_modules/@s/b`, `${store}/b@1/node_modules/@s/b`)
    write(`${store}/c@1/node_modules/c`, { name: 'c', licenses: [{ type: 'MIT' }, { type: 'X' }] })
    write(`${store}/d@1/node_modules/d`, { name: 'd' })
    write('packages/one', { name: 'one', dependencies: { a: '1' }, devDependencies: { c: '1' } })
    link('packages/one/node_modules/a', `${store}/a@1/node_modules/a`)
    link('packages/one/node_modules/c', `${store}/c@1/node_modules/c`)
    expect(readInstalled(root)).toEqual([
      { name: '@s/b', version: '1.0.0', licence: 'ISC', production: true },
      { name: 'a', version: '1.0.0', licence: 'MIT', production: true },
      { name: 'c', version: '1.0.0', licence: 'MIT OR X', production: false },
      { name: 'd', version: '1.0.0', licence: undefined, production: false },
    ])
  })
})
