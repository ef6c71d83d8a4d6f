import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleTest, fileOfPackage } from '../ava/bundle-test.ts'

const AVA = fileURLToPath(new URL('./engine-ava.ts', import.meta.url))
const SCOPE = '@endo/'
/** What tests bring along from elsewhere, and where it is here. */
const FROM_ELSEWHERE = /^@babel\/(generator|parser|traverse|types)$/
const { resolve } = createRequire(import.meta.url)
const DEBUG = 'virtual:debug'
/** How `ses-ava` has its tests run that need `harden` and `E`. */
const CONDITIONS = ['ses-ava:endo', 'import', 'module', 'default']

/** One script of a test file of a checkout of endo, which leaves a global `runTests`; or what it wants that is not there. */
export function bundleEndoTest(checkout: string, file: string): ReturnType<typeof bundleTest> {
  return bundleTest({
    entry: join(checkout, 'packages', file),
    format: 'iife',
    conditions: CONDITIONS,
    virtual: { [DEBUG]: 'module.exports = () => Object.assign(() => {}, { enabled: false })' },
    resolve(specifier) {
      if (specifier === 'ava') return AVA
      if (specifier === 'debug') return DEBUG
      if (FROM_ELSEWHERE.test(specifier)) return resolve(specifier)
      return fileOf(checkout, specifier)
    },
  })
}

function fileOf(checkout: string, specifier: string): string | undefined {
  const isOfScope = specifier.startsWith(SCOPE)
  if (!isOfScope && specifier !== 'ses' && !specifier.startsWith('ses/')) return undefined
  const [name = '', ...path] = (isOfScope ? specifier.slice(SCOPE.length) : specifier).split('/')
  return fileOfPackage(join(checkout, 'packages', name), path.join('/'), CONDITIONS)
}
