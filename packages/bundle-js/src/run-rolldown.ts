import { statSync } from 'node:fs'
import { isBuiltin, SourceMap, type SourceMapPayload } from 'node:module'
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { type OutputChunk, type Plugin, type RolldownOutput, rolldown } from 'rolldown'
import { BundleError, type BundleProblem } from './bundle-error.ts'
import { type InspectedModule, inspectModule } from './inspect-module.ts'
import { requiredModules } from './inspect-script.ts'
import { positionAt } from './positions.ts'

/** What is bundled, and how. */
export interface RunOptions {
  /** Path of the entry. */
  readonly entry: string
  /** Modules that are there when the script runs. */
  readonly external: readonly string[]
  /** What stands before and after the module's code. */
  readonly before: string
  readonly after: string
  /** Whether names are shortened. */
  readonly minify: boolean
  /** What stands for modules, by specifier: a path, or another specifier. Default: nothing. */
  readonly alias?: Readonly<Record<string, string>>
  /** Looks at what a module says of itself. Default: what no actor can have is a problem. */
  readonly inspect?: (file: string, text: string) => InspectedModule
}

/** A bundle that nobody has looked at. */
export interface RawBundle {
  readonly script: string
  readonly map: SourceMapPayload
  readonly exports: readonly string[]
}

/** Texts that are parsed as they are: data and such. */
const IS_CODE = /\.[cm]?[jt]sx?$/
/** A folder that nothing is written to: the map's paths are relative to it, and are made relative to the entry's. */
const OUTPUT = 'dist'

/** Bundles one module with what it imports. @throws {BundleError} */
export async function runRolldown(options: RunOptions): Promise<RawBundle> {
  const { entry, external, before, after, minify, alias = {} } = options
  const folder = dirname(resolve(entry))
  const isFile = statSync(entry, { throwIfNoEntry: false })?.isFile()
  if (isFile !== true)
    throw new BundleError([
      {
        code: 'bundle/unresolved-import',
        message: isFile === undefined ? 'there is no such file' : 'this is no file',
        file: basename(entry),
      },
    ])
  /** By the module that has them. Of modules of which nothing is used, nothing matters. */
  const problems = new Map<string, BundleProblem[]>()
  const { chunk, map } = await generate(
    {
      input: resolve(entry),
      cwd: folder,
      external: [...external],
      platform: 'neutral',
      resolve: {
        conditionNames: ['import', 'module', 'default'],
        mainFields: ['module', 'main'],
        alias: Object.fromEntries(Object.entries(alias).map(([name, by]) => [`${name}$`, placeOf(by)])),
      },
      logLevel: 'silent',
      plugins: [inspector(folder, options.inspect ?? inspectModule, new Set(external), problems)],
    },
    {
      ...{
        format: 'cjs',
        exports: 'named',
        dir: OUTPUT,
        sourcemap: 'hidden',
        codeSplitting: false,
        comments: false,
      },
      minify: { compress: false, mangle: minify, codegen: { removeWhitespace: minify } },
      ...{ postBanner: before, postFooter: after },
    },
    problems,
  )
  refuse([...problems].flatMap(([id, found]) => (isUsed(chunk, id) ? found : [])))
  const [wanted, offset] = [...requiredModules(chunk.code)].find(([name]) => !external.includes(name)) ?? []
  // A module that only passes something on has nothing of its own in the bundle.
  refuse([...problems.values()].flat().filter(({ name }) => name !== undefined && name === wanted))
  const sources = map.sources.map((source) => portable(relative(folder, resolve(folder, OUTPUT, source))))
  const bundle = { script: chunk.code, map: { ...map, sources }, exports: chunk.exports }
  if (wanted !== undefined && offset !== undefined)
    throw new BundleError([
      {
        ...(isBuiltin(wanted)
          ? { code: 'bundle/node-builtin', message: `an actor has no module ${wanted}` }
          : { code: 'bundle/unresolved-import', message: `there is no module ${wanted}` }),
        name: wanted,
        ...originOf(bundle, offset),
      },
    ])
  return bundle
}

/** Where an alias leads: paths are taken from the working directory, specifiers from where they stand. */
function placeOf(by: string): string {
  return by.startsWith('.') || isAbsolute(by) ? resolve(by) : by
}

async function generate(
  input: Parameters<typeof rolldown>[0],
  output: Parameters<Awaited<ReturnType<typeof rolldown>>['generate']>[0],
  problems: ReadonlyMap<string, readonly BundleProblem[]>,
): Promise<{ readonly chunk: OutputChunk; readonly map: SourceMapPayload }> {
  let generated: RolldownOutput
  try {
    const build = await rolldown(input)
    try {
      generated = await build.generate(output)
    } finally {
      await build.close()
    }
  } catch (error) {
    refuse([...problems.values()].flat())
    throw asBundleError(error)
  }
  const [chunk] = generated.output
  return { chunk, map: JSON.parse(chunk.map?.toString() ?? '{}') as SourceMapPayload }
}

/** @throws {BundleError} where there are any */
function refuse(problems: readonly BundleProblem[]): void {
  const [first, ...rest] = problems
  if (first !== undefined) throw new BundleError([first, ...rest])
}

/** Whether something of a module is in the bundle. */
function isUsed({ facadeModuleId, modules }: OutputChunk, id: string): boolean {
  return id === facadeModuleId || (modules[id]?.renderedLength ?? 0) > 0
}

/** Looks at every module before it is changed in any way. */
function inspector(
  folder: string,
  inspect: (file: string, text: string) => InspectedModule,
  external: ReadonlySet<string>,
  problems: Map<string, BundleProblem[]>,
): Plugin {
  return {
    name: 'troupe-inspector',
    // Left to be found out: a module that wants one may be of no use.
    resolveId: (specifier) =>
      isBuiltin(specifier) ? { id: specifier, external: true, moduleSideEffects: false } : undefined,
    transform: {
      order: 'pre',
      async handler(text, id) {
        if (!IS_CODE.test(id)) return
        const file = portable(relative(folder, id))
        const inspected = inspect(file, text)
        const found = [...inspected.problems]
        problems.set(id, found)
        for (const { specifier, offset } of inspected.imports) {
          if (external.has(specifier) || inspected.problems.some(({ name }) => name === specifier)) continue
          if ((await this.resolve(specifier, id)) !== null) continue
          const message = `there is no module ${specifier}`
          found.push({
            ...{
              code: 'bundle/unresolved-import',
              message,
              name: specifier,
              file,
              ...positionAt(text, offset),
            },
          })
        }
      },
    },
  }
}

/** What the bundler itself says of the sources. */
function asBundleError(error: unknown): unknown {
  const { errors } = error as { errors?: readonly RolldownError[] }
  if (!Array.isArray(errors) || errors.length === 0) return error
  const problems = (errors as readonly RolldownError[]).map(
    ({ message, kind, loc }): BundleProblem => ({
      code: kind?.startsWith('UNRESOLVED_') === true ? 'bundle/unresolved-import' : 'bundle/syntax',
      // The bundler begins with its own code, and tells paths from where the process stands.
      message: stripVTControlCharacters(message.split('\n')[0] as string).replace(/^\[\w+\] /, ''),
      ...(loc === undefined ? {} : { line: loc.line, column: loc.column + 1 }),
      ...(loc?.file === undefined
        ? {}
        : { file: isAbsolute(loc.file) ? relative(process.cwd(), loc.file) : loc.file }),
    }),
  )
  return new BundleError(problems as [BundleProblem, ...BundleProblem[]])
}

interface RolldownError {
  readonly message: string
  readonly kind?: string
  readonly loc?: { readonly line: number; readonly column: number; readonly file?: string }
}

/** Where in the sources a place of a bundle comes from. */
export function originOf(
  { script, map }: Pick<RawBundle, 'script' | 'map'>,
  offset: number,
): Pick<BundleProblem, 'file' | 'line' | 'column'> {
  const { line, column } = positionAt(script, offset)
  const found = new SourceMap(map).findEntry(line - 1, column - 1)
  if (!('originalSource' in found) || found.originalSource === undefined) return {}
  return { file: found.originalSource, line: found.originalLine + 1, column: found.originalColumn + 1 }
}

function portable(path: string): string {
  return path.replaceAll('\\', '/')
}
