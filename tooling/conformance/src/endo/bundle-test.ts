import { existsSync, readFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Plugin, rolldown } from 'rolldown'

const AVA = fileURLToPath(new URL('./ava.ts', import.meta.url))
const SCOPE = '@endo/'
/** What tests bring along from elsewhere, and where it is here. */
const FROM_ELSEWHERE = /^@babel\/(generator|parser|traverse|types)$/
const { resolve } = createRequire(import.meta.url)
const NOTHING = 'virtual:nothing'
const DEBUG = 'virtual:debug'
/** How `ses-ava` has its tests run that need `harden` and `E`. */
const CONDITIONS = ['ses-ava:endo', 'import', 'module', 'default']

const VIRTUAL: Readonly<Record<string, string>> = {
  [NOTHING]: 'export default {}',
  [DEBUG]: 'module.exports = () => Object.assign(() => {}, { enabled: false })',
}

/** One script of a test file and all that it imports of a checkout of endo; or what it wants that is not there. */
export async function bundleTest(
  checkout: string,
  file: string,
): Promise<{ readonly script: string } | { readonly missing: string }> {
  const missing = new Set<string>()
  const build = await rolldown({
    input: join(checkout, 'packages', file),
    platform: 'neutral',
    logLevel: 'silent',
    resolve: { conditionNames: CONDITIONS, mainFields: ['module', 'main'] },
    plugins: [resolver(checkout, missing)],
  })
  try {
    const { output } = await build.generate({ format: 'iife', codeSplitting: false })
    const [name] = missing
    if (name !== undefined) return { missing: name }
    return { script: output[0].code }
  } finally {
    await build.close()
  }
}

function resolver(checkout: string, missing: Set<string>): Plugin {
  return {
    name: 'endo-checkout',
    load: (id) => VIRTUAL[id],
    resolveId(specifier, importer) {
      if (specifier === 'ava') return AVA
      if (specifier === 'debug') return DEBUG
      if (FROM_ELSEWHERE.test(specifier)) return resolve(specifier)
      if (specifier === 'ses' || specifier.startsWith('ses/') || specifier.startsWith(SCOPE)) {
        const path = fileOf(checkout, specifier)
        if (path !== undefined) return path
      }
      if (specifier.startsWith('.') || specifier.startsWith('/')) return undefined
      // What libraries ask of Node is for logging.
      if (importer?.includes('node_modules') === true) return isBuiltin(specifier) ? NOTHING : undefined
      missing.add(isBuiltin(specifier) ? `Node's ${specifier.replace('node:', '')}` : specifier)
      return { id: specifier, external: true }
    },
  }
}

/** The file of a module of one of the checkout's packages, by what the package exports. */
function fileOf(checkout: string, specifier: string): string | undefined {
  const parts = specifier.split('/')
  const name = specifier.startsWith(SCOPE) ? parts.splice(0, 2)[1] : parts.shift()
  const folder = join(checkout, 'packages', name ?? '')
  if (!existsSync(join(folder, 'package.json'))) return undefined
  const { exports, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports?: unknown
    readonly main?: string
  }
  const target = pick((exports as Record<string, unknown> | undefined)?.[['.', ...parts].join('/')])
  const relative = target ?? (parts.length === 0 ? main : parts.join('/'))
  const path = join(folder, relative ?? 'index.js')
  return existsSync(path) ? path : undefined
}

function pick(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  for (const [condition, value] of Object.entries(target)) {
    const found = CONDITIONS.includes(condition) ? pick(value) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
