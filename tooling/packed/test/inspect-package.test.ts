import { type Expectations, inspectPackage, type Manifest } from '@troupe/packed'
import { describe, expect, it } from 'vitest'

const LICENCES = { 'LICENSE-APACHE': 'Apache', 'LICENSE-MIT': 'MIT' }
const SOUND: Manifest = {
  name: '@troupe/x',
  version: '1.0.0',
  description: 'An example.',
  dependencies: { '@troupe/y': '1.0.0', z: '2.0.0' },
}
const COMPILED = { 'src/a.ts': '', 'dist/a.js': '', 'dist/a.d.ts': '' }

/** The problems of a package that is sound but for what is given. */
function inspect(
  files: Record<string, string | undefined>,
  manifest: Partial<Manifest> = {},
  expectations: Partial<Expectations> = {},
): string[] {
  const all: Record<string, string | undefined> = { 'package.json': '{}', ...LICENCES, ...COMPILED, ...files }
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return inspectPackage(
    { manifest: { ...SOUND, ...manifest }, files: new Map(present) },
    { licences: new Map(Object.entries(LICENCES)), isomorphic: true, ...expectations },
  )
}

describe('a published package', () => {
  it('is sound with its licences, sources and what they are compiled to', () => {
    expect(
      inspect({ 'dist/a.js.map': '', 'dist/a.d.ts.map': '', 'README.md': '', 'CHANGELOG.md': '' }),
    ).toEqual([])
  })

  it('has both licences, with the text of the repository', () => {
    expect(inspect({ 'LICENSE-MIT': undefined })).toEqual([expect.stringContaining('LICENSE-MIT')])
    expect(inspect({ 'LICENSE-APACHE': 'another' })).toEqual([expect.stringContaining('LICENSE-APACHE')])
  })

  it('says what it is, in its description or a README', () => {
    const { description: _, ...silent } = SOUND
    const files = new Map(Object.entries({ 'package.json': '{}' }))
    const expectations = { licences: new Map<string, string>(), isomorphic: true }
    expect(inspectPackage({ manifest: silent, files }, expectations)).toHaveLength(1)
    files.set('README.md', '# x')
    expect(inspectPackage({ manifest: silent, files }, expectations)).toEqual([])
  })

  it('contains nothing else', () => {
    for (const path of [
      'dist/.tsbuildinfo',
      'test/a.test.ts',
      'src/notes.md',
      'dist/a.json',
      'tsconfig.json',
    ])
      expect(inspect({ [path]: '' })).toEqual([`${path} does not belong into a package`])
  })

  it('has nothing compiled whose source is gone, and says so once', () => {
    const gone = { 'dist/b.js': '', 'dist/b.js.map': '', 'dist/b.d.ts': '', 'dist/b.d.ts.map': '' }
    expect(inspect(gone)).toEqual([expect.stringContaining('dist/b.*')])
  })

  it('has every source compiled', () => {
    expect(inspect({ 'src/deep/b.ts': '' })).toEqual(['src/deep/b.ts was not compiled'])
  })

  it('runs no script when it is installed', () => {
    for (const script of ['preinstall', 'install', 'postinstall'])
      expect(inspect({}, { scripts: { [script]: 'true' } })).toEqual([expect.stringContaining(script)])
    expect(inspect({}, { scripts: { test: 'true' } })).toEqual([])
  })

  it('depends on versions only', () => {
    for (const range of ['workspace:*', 'catalog:', 'link:../y', 'https://example.org/y.tgz'])
      expect(inspect({}, { dependencies: { y: range } })).toEqual([expect.stringContaining(range)])
    expect(inspect({}, { peerDependencies: { y: 'workspace:*' } })).toHaveLength(1)
    expect(inspect({}, { dependencies: { y: '^1.0.0 || >=3' } })).toEqual([])
  })
})

describe('the imports of a published package', () => {
  it('lead to modules in the package, under the names of compiled files', () => {
    expect(inspect({ 'src/b/c.ts': '', 'dist/b/c.js': `import { a } from '../a.js'` })).toEqual([])
    expect(inspect({ 'dist/a.js': `\nimport { a } from './a.ts'` })).toEqual([
      'dist/a.js:2 imports ./a.ts, which is not in the package',
    ])
    expect(inspect({ 'dist/a.js': `await import('./gone.js')` })).toHaveLength(1)
  })

  it('lead to declarations from declarations, whichever ending is written', () => {
    for (const specifier of ['./a.ts', './a.js', './a.d.ts'])
      expect(inspect({ 'dist/a.d.ts': `export { a } from '${specifier}'` })).toEqual([])
    expect(inspect({ 'dist/a.d.ts': `export { a } from './gone.ts'` })).toHaveLength(1)
  })

  it('lead to packages that package.json declares, and to the package itself', () => {
    const specifiers = ['z', 'z/deep', '@troupe/y', '@troupe/y/deep', '@troupe/x/own']
    expect(inspect({ 'dist/a.js': specifiers.map((one) => `import '${one}'`).join('\n') })).toEqual([])
    expect(inspect({ 'dist/a.js': `import 'zz'` })).toHaveLength(1)
    expect(inspect({ 'dist/a.d.ts': `export type A = import('@troupe/other').A` })).toHaveLength(1)
    expect(inspect({ 'dist/a.js': `import 'toString'` })).toHaveLength(1)
    expect(inspect({ 'dist/a.js': `import 'w'` }, { peerDependencies: { w: '1' } })).toEqual([])
  })

  it('lead to no built-in module where the package runs in browsers', () => {
    for (const builtin of ['node:fs', 'fs', 'node:sqlite']) {
      const files = { 'dist/a.js': `import '${builtin}'` }
      expect(inspect(files)).toEqual([expect.stringContaining(builtin)])
      expect(inspect(files, {}, { isomorphic: false })).toEqual([])
    }
  })
})
