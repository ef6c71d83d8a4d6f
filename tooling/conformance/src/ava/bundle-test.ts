import { existsSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { type ModuleFormat, type OutputOptions, type Plugin, rolldown } from 'rolldown'

/** How a file of tests becomes one script. */
export interface TestBundle {
  /** The module that everything else is imported by: a path, or a name of {@link virtual}. */
  readonly entry: string
  readonly format: ModuleFormat
  /** The conditions of packages' exports. */
  readonly conditions: readonly string[]
  /** The module of a specifier: a path, a name of {@link virtual}, or `undefined` where it is none of these. */
  readonly resolve: (specifier: string) => string | undefined
  /** What is there when the script runs. Default: nothing. */
  readonly external?: readonly string[]
  /** Modules by their names, as texts. */
  readonly virtual?: Readonly<Record<string, string>>
}

/** As actors are bundled: comments may speak of what a script cannot do, and every character takes gas. */
const AS_ACTOR: OutputOptions = {
  ...{ exports: 'named', comments: false },
  minify: { compress: false, mangle: true, codegen: { removeWhitespace: true } },
}
const NOTHING = 'virtual:nothing'

/** One script of a test file and all that it imports; or what it wants that is not there. */
export async function bundleTest({
  entry,
  format,
  conditions,
  resolve,
  external = [],
  virtual = {},
}: TestBundle): Promise<{ readonly script: string } | { readonly missing: string }> {
  const missing = new Set<string>()
  const plugin: Plugin = {
    name: 'tests-of-others',
    load: (id) => (id === NOTHING ? 'export default {}' : virtual[id]),
    resolveId(specifier, importer) {
      if (external.includes(specifier)) return { id: specifier, external: true }
      if (Object.hasOwn(virtual, specifier)) return specifier
      const id = resolve(specifier)
      if (id !== undefined) return id
      if (specifier.startsWith('.') || specifier.startsWith('/')) return undefined
      // What libraries ask of Node is for logging.
      if (importer?.includes('node_modules') === true) return isBuiltin(specifier) ? NOTHING : undefined
      missing.add(isBuiltin(specifier) ? `Node's ${specifier.replace('node:', '')}` : specifier)
      return { id: specifier, external: true }
    },
  }
  const build = await rolldown({
    input: entry,
    platform: 'neutral',
    // Those of a checkout may stand on what has not been installed.
    tsconfig: false,
    logLevel: 'silent',
    resolve: { conditionNames: [...conditions], mainFields: ['module', 'main'] },
    plugins: [plugin],
  })
  try {
    const { output } = await build.generate({
      ...{ format, codeSplitting: false },
      ...(format === 'cjs' ? AS_ACTOR : {}),
    })
    const [name] = missing
    if (name !== undefined) return { missing: name }
    return { script: output[0].code }
  } finally {
    await build.close()
  }
}

/** The file of a module of one of a checkout's packages, by what the package exports. @param folder the package's */
export function fileOfPackage(
  folder: string,
  path: string,
  conditions: readonly string[],
): string | undefined {
  if (!existsSync(join(folder, 'package.json'))) return undefined
  const { exports, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports?: unknown
    readonly main?: string
  }
  const target = pick(
    (exports as Record<string, unknown> | undefined)?.[path === '' ? '.' : `./${path}`],
    conditions,
  )
  const file = join(folder, target ?? (path === '' ? (main ?? 'index.js') : path))
  return existsSync(file) ? file : undefined
}

function pick(target: unknown, conditions: readonly string[]): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  for (const [condition, value] of Object.entries(target)) {
    const found = conditions.includes(condition) ? pick(value, conditions) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
