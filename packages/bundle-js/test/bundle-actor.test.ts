import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { runInThisContext } from 'node:vm'
import {
  type ActorBundle,
  BundleError,
  type BundleOptions,
  bundleActor,
  MAX_SCRIPT_LENGTH,
} from '@troupe/bundle-js'
import { afterEach, describe, expect, it } from 'vitest'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Bundles `actor.ts` of some files. */
async function bundle(
  files: Readonly<Record<string, string>>,
  options?: BundleOptions,
): Promise<ActorBundle> {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-bundle-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return bundleActor(join(folder, 'actor.ts'), options)
}

const ACTOR = `import { defineActor } from '@troupe/sdk-js'
import { twice } from './lib/twice.ts'
export default defineActor('A', { facets: {}, methods: {}, state: { n: twice(2n) } })
`
const FILES = {
  'actor.ts': ACTOR,
  'lib/twice.ts':
    'export const twice = (n: bigint): bigint => n * 2n\nexport const never = (): void => fetch("x")\n',
}

/** Runs a bundle, with an SDK that gives back what it is given. */
function run({ script }: ActorBundle): { default?: unknown } {
  const exports = {}
  const define = (name: string, definition: object): object => ({ name, ...definition })
  const make = runInThisContext(script) as (require: (name: string) => object, exports: object) => void
  make((name) => (name === '@troupe/sdk-js' ? { defineActor: define } : {}), exports)
  return exports
}

describe('a bundle', () => {
  it('is one script that defines the actor, with the SDK that it is given', async () => {
    const made = await bundle(FILES)
    expect(run(made).default).toEqual({ name: 'A', facets: {}, methods: {}, state: { n: 4n } })
    expect(run(await bundle(FILES, { minify: false })).default).toEqual({
      name: 'A',
      facets: {},
      methods: {},
      state: { n: 4n },
    })
    expect(made.script).not.toContain('fetch')
  })

  it('is the same wherever its sources lie', async () => {
    const [first, second] = [await bundle(FILES), await bundle(FILES)]
    expect(second).toEqual(first)
    expect(first.map.sources).toEqual(['lib/twice.ts', 'actor.ts'])
  })

  it('begins with the header that its runtime wants', async () => {
    const { script, map } = await bundle(FILES, { header: '// header\n' })
    expect(script.startsWith('// header\n(function (require, exports) {')).toBe(true)
    expect(map.mappings.startsWith(';;')).toBe(true)
  })

  it('has nothing of modules of which nothing is used, whatever they want', async () => {
    const files = {
      'io.ts': `import { readFileSync } from 'node:fs'\nexport const read = () => readFileSync('x')\nexport const one = 1\nexport const more = () => import('./more.ts')`,
      'more.ts': 'export const more = 1',
      'lib.ts': `export { read } from './io.ts'\nexport const two = 2`,
    }
    const text = `import { two } from './lib.ts'\n${ACTOR}export const three = two + 1`
    expect((await bundle({ ...FILES, ...files, 'actor.ts': text })).script).not.toContain('fs')
  })

  it('may import all names that the image has, types that are none, and whole modules', async () => {
    const text = `import { defineActor, durable, Ref } from '@troupe/sdk-js'
import * as patterns from '@endo/patterns'
export const kept: Ref | undefined = undefined
export default defineActor('A', { facets: {}, methods: {}, state: { durable, patterns } })`
    await expect(bundle({ 'actor.ts': text })).resolves.toBeDefined()
  })

  it('has another module for one that an actor cannot have, where it is told so', async () => {
    const text = `import { one } from 'host'\nimport { two } from 'host/two.js'\nimport { three } from 'other'
${ACTOR}export const all = [one, two, three]`
    const files = {
      'actor.ts': text,
      'host.ts': "export const one = 'a stand-in'",
      'node_modules/host/two.js': "export const two = 'what it stands for'",
      'node_modules/else/index.js': "export const three = 'another package'",
    }
    const folder = mkdtempSync(join(tmpdir(), 'troupe-bundle-'))
    folders.push(folder)
    writeFileSync(join(folder, 'host.ts'), files['host.ts'])
    const alias = { host: join(folder, 'host.ts'), other: 'else/index.js' }
    const made = run(await bundle({ ...FILES, ...files }, { alias })) as { all?: unknown }
    expect(made.all).toEqual(['a stand-in', 'what it stands for', 'another package'])
    await expect(
      bundle({ ...FILES, ...files }, { alias: { ...alias, host: './nowhere.ts' } }),
    ).rejects.toMatchObject({
      code: 'bundle/unresolved-import',
    })
  })

  it('may ask whether there is a global', async () => {
    const text = `${ACTOR}\nexport const isNode = typeof process !== 'undefined' && process.env\n`
    expect((await bundle({ ...FILES, 'actor.ts': text })).script).toContain('process')
  })
})

/** The problems of an actor. */
async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly object[]> {
  const failed = await bundle(files).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failed instanceof BundleError)) throw failed
  expect(failed.code).toBe(failed.problems[0]?.code)
  return failed.problems
}

describe('a bundle is not made of', () => {
  it.each([
    [
      'a module of Node',
      `import { readFileSync } from 'node:fs'\n${ACTOR}readFileSync('x')`,
      'bundle/node-builtin',
      1,
      30,
      'node:fs',
    ],
    [
      'a module of Node without its prefix',
      `export * from 'fs'\n${ACTOR}`,
      'bundle/node-builtin',
      1,
      15,
      'fs',
    ],
    [
      'a dynamic import',
      `${ACTOR}export const later = () => import('./lib/twice.ts')`,
      'bundle/dynamic-import',
      4,
      28,
      undefined,
    ],
    [
      'an await that belongs to no function',
      `${ACTOR}\n  await 1`,
      'bundle/top-level-await',
      5,
      3,
      undefined,
    ],
    ['a loop that waits', `${ACTOR}for await (const a of []) a()`, 'bundle/top-level-await', 4, 1, undefined],
    [
      'a module that is not there',
      `import './absent.ts'\n${ACTOR}`,
      'bundle/unresolved-import',
      1,
      8,
      './absent.ts',
    ],
    [
      'a package that is not there',
      `import 'no-such-package-anywhere'\n${ACTOR}`,
      'bundle/unresolved-import',
      1,
      8,
      'no-such-package-anywhere',
    ],
    [
      'a global that actors do not have',
      `${ACTOR}export const go = () => fetch('x')`,
      'bundle/unknown-global',
      4,
      25,
      'fetch',
    ],
    [
      'a name that the SDK does not export',
      `import { durableMap as map } from '@troupe/sdk-js'\n${ACTOR}export const go = () => map('x')`,
      'bundle/unknown-export',
      5,
      25,
      'durableMap',
    ],
    [
      'a module that it requires',
      `${ACTOR}export const go = () => require('fs').readFileSync('x')`,
      'bundle/node-builtin',
      4,
      25,
      'fs',
    ],
    [
      'a clock',
      `${ACTOR}export const go = () => { setTimeout(go, 1) }`,
      'bundle/unknown-global',
      4,
      27,
      'setTimeout',
    ],
    [
      'a direct eval',
      `${ACTOR}export const go = () => eval('1')`,
      'bundle/direct-eval',
      4,
      undefined,
      undefined,
    ],
    [
      'a text like an HTML comment',
      `${ACTOR}export const go = '<!-- x'`,
      'bundle/html-comment',
      4,
      undefined,
      undefined,
    ],
    ['a module with an error', `${ACTOR}let a: number = ;`, 'bundle/syntax', 4, 17, undefined],
    [
      'an actor that is no default export',
      `export const a = 1`,
      'bundle/no-default-export',
      undefined,
      undefined,
      undefined,
    ],
  ])('%s', async (_, text, code, line, column, name) => {
    const [problem] = await problemsOf({ ...FILES, 'actor.ts': text })
    expect(problem).toMatchObject({ code, ...(name === undefined ? {} : { name }) })
    if (line !== undefined) expect(problem).toMatchObject({ line, file: 'actor.ts' })
    if (column !== undefined) expect(problem).toMatchObject({ column })
  })

  it('a direct eval, which is the one thing to be said then', async () => {
    const text = `${ACTOR}export const go = () => eval('1')`
    expect(await problemsOf({ ...FILES, 'actor.ts': text })).toHaveLength(1)
  })

  it('a folder, or nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-bundle-'))
    folders.push(folder)
    for (const [entry, message] of [
      [folder, 'this is no file'],
      [join(folder, 'absent.ts'), 'there is no such file'],
    ] as const)
      await expect(bundleActor(entry)).rejects.toMatchObject({
        problems: [{ code: 'bundle/unresolved-import', message, file: basename(entry) }],
      })
  })

  it('a module of Node that another module passes on', async () => {
    const text = `import { read } from './io.ts'\n${ACTOR}export const go = () => read('x')`
    const files = { ...FILES, 'io.ts': `export { readFileSync as read } from 'node:fs'`, 'actor.ts': text }
    expect(await problemsOf(files)).toMatchObject([{ code: 'bundle/node-builtin', file: 'io.ts', line: 1 }])
  })

  it('several of these at once, which are all named', async () => {
    const text = `import 'node:fs'\nimport 'node:net'\n${ACTOR}`
    expect(await problemsOf({ ...FILES, 'actor.ts': text })).toMatchObject([
      { name: 'node:fs' },
      { name: 'node:net' },
    ])
  })

  it('more than there is room for', async () => {
    const text = (length: number): string => `${ACTOR}export const text = "${'x'.repeat(length)}"`
    const { script } = await bundle({ ...FILES, 'actor.ts': text(10) })
    const room = MAX_SCRIPT_LENGTH - script.length + 10
    expect((await bundle({ ...FILES, 'actor.ts': text(room) })).script).toHaveLength(MAX_SCRIPT_LENGTH)
    expect(await problemsOf({ ...FILES, 'actor.ts': text(room + 1) })).toMatchObject([
      { code: 'bundle/too-large' },
    ])
  })
})
