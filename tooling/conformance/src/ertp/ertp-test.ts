import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { IMAGE_MODULES } from '@troupe/bundle-js'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { bundleTest, fileOfPackage } from '../ava/bundle-test.ts'

const CONDITIONS = ['import', 'module', 'default']
const SCOPE = '@agoric/'
/** Where a package is that does not have the name of its folder. */
const FOLDERS: Readonly<Record<string, string>> = { ertp: 'ERTP' }

const ACTOR = fileURLToPath(new URL('./tests-actor.ts', import.meta.url))
const ENVIRONMENT = fileURLToPath(new URL('./test-env.ts', import.meta.url))
/** What tests import to have a library for tests, in a realm that is locked down and in which there is a vat. */
const WANTS_ENVIRONMENT =
  /^(ava|@endo\/ses-ava|@agoric\/swingset-vat\/tools\/prepare-(strict-)?test-env-ava\.js)$/
/** What locks a realm down, as that of an actor is. */
const WANTS_LOCKDOWN = /^(@endo\/init\/debug|@agoric\/swingset-liveslots\/tools\/prepare-test-env)\.js$/
/** What the image does not have, and an actor brings along. */
const BROUGHT_ALONG = /^(@endo\/(common|eventual-send|promise-kit)|@troupe\/sdk-js)(\/|$)/
/** What looks for a vat, by the end of its path. */
const BINDINGS = '/vat-data-bindings.js'

const ENTRY = 'virtual:entry'
const NOTHING = 'virtual:nothing-at-all'
const FAST_CHECK = 'virtual:fast-check'
const UNUSED = 'virtual:unused'

const VIRTUAL: Readonly<Record<string, string>> = {
  [NOTHING]: '',
  // Of its hundred runs, which begin by the clock, as many as a message has gas for.
  [FAST_CHECK]: `import { array, assert, bigInt, nat, property, record, string, tuple } from ${JSON.stringify(fileURLToPath(import.meta.resolve('fast-check')))}
    const assertSome = (checked) => assert(checked, { seed: 1, numRuns: 5 })
    export const fc = { array, assert: assertSome, bigInt, nat, property, record, string, tuple }`,
  // What `@agoric/internal` imports, for what ERTP uses nothing of.
  [UNUSED]: 'export const makeQueue = () => {}, asyncGenerate = () => {}',
}

const BY_SPECIFIER: Readonly<Record<string, string>> = {
  '@endo/stream': UNUSED,
  '@fast-check/ava': FAST_CHECK,
  'jessie.js': UNUSED,
}

/** What fast-check makes when it is evaluated, for numbers that no test here asks for: arrays that no actor has. */
const NO_FLOATS =
  'const Float64Array = class { byteOffset = 0; buffer = new ArrayBuffer(8) }, Float32Array = Float64Array;'

/** The code of an actor that has in it a test file of a checkout of agoric-sdk; or what the file wants that is not there. */
export async function bundleErtpTest(checkout: string, file: string): ReturnType<typeof bundleTest> {
  const entry = `import ${JSON.stringify(join(checkout, 'packages', file))}
    export { default } from ${JSON.stringify(ACTOR)}`
  const bindings = join(checkout, 'packages/vat-data/src', BINDINGS)
  const bundle = await bundleTest({
    entry: ENTRY,
    format: 'cjs',
    conditions: CONDITIONS,
    external: IMAGE_MODULES,
    virtual: {
      ...VIRTUAL,
      [ENTRY]: entry,
      ...(existsSync(bindings) ? { [BINDINGS]: withVat(bindings) } : {}),
    },
    resolve(specifier) {
      if (WANTS_ENVIRONMENT.test(specifier)) return ENVIRONMENT
      if (WANTS_LOCKDOWN.test(specifier)) return NOTHING
      if (specifier.endsWith(BINDINGS)) return BINDINGS
      if (BROUGHT_ALONG.test(specifier)) return fileURLToPath(import.meta.resolve(specifier))
      return BY_SPECIFIER[specifier] ?? fileOf(checkout, specifier)
    },
  })
  if ('missing' in bundle) return bundle
  return { script: `${CODE_HEADER}(function (require, exports) {${NO_FLOATS}${bundle.script}\n})` }
}

/** The module that looks for a global `VatData`, with that of an actor: no code of an actor can make a global. */
function withVat(file: string): string {
  return `import { VatData } from '@troupe/sdk-js/vat-data'
    const globalThis = { VatData }
    ${readFileSync(file, 'utf8')}`
}

function fileOf(checkout: string, specifier: string): string | undefined {
  if (!specifier.startsWith(SCOPE)) return undefined
  const [name = '', ...path] = specifier.slice(SCOPE.length).split('/')
  return fileOfPackage(join(checkout, 'packages', FOLDERS[name] ?? name), path.join('/'), CONDITIONS)
}
