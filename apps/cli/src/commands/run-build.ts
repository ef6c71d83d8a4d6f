import { writeFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { BundleError, type BundleOptions, type BundleProblem, bundleActor } from '@troupe/bundle-js'
import { loadCrypto } from '@troupe/crypto'
import { GasTracker } from '@troupe/hypervisor'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import { CODE_HEADER, type SesRuntime } from '@troupe/runtime-ses'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { networks } from 'troupe'
import { CODE_FIELD } from 'troupe/trace'
import { cacheDirectories } from '../cache-directories.ts'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { CliError } from '../errors.ts'
import { makeDirectory } from '../files.ts'
import { jsonLine } from '../json.ts'
import { grouped } from '../render/plain.ts'
import { renderTable } from '../render/table.ts'

/** Code that has been written. */
interface BuiltActor {
  readonly source: string
  readonly file: string
  readonly bytes: number
  readonly code: string
  /** Gas that it takes to be ready, when it is installed; `undefined` where nobody looked. */
  readonly gas: string | undefined
}

/** Runs `troupe build`. */
export async function runBuild(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  const { terminal, directory } = context
  const crypto = await loadCrypto()
  const out = args.values.get('out') ?? 'dist'
  const alias = parseAlias(args.values.get('alias'), directory)
  const names = new Map<string, string>()
  for (const source of args.positionals) {
    const name = basename(source).replace(/\.[^.]+$/, '.js')
    const other = names.get(name)
    if (other !== undefined)
      throw new CliError('build/same-name', `${other} and this would both be written to ${join(out, name)}`, {
        where: source,
        advice: 'build them into different directories, with --out',
      })
    names.set(name, source)
  }
  const runtime = args.flags.has('unchecked')
    ? undefined
    : await createNodeRuntime({ cache: cacheDirectories(context).images })
  const built: BuiltActor[] = []
  for (const [name, source] of names) {
    if (!args.flags.has('quiet')) terminal.status?.show(`building ${source}`)
    const { script, map } = await bundle(resolve(directory, source), source, {
      minify: !args.flags.has('readable'),
      alias,
    })
    const bytes = new TextEncoder().encode(script)
    const file = join(out, name)
    const cid = cidOf(crypto, RAW, bytes)
    const gas = runtime === undefined ? undefined : makeReady(runtime, cid, bytes, { source, map })
    // Names of sources are from the entry's folder, and a map's readers look for them from where the map is.
    const sourceRoot = portable(relative(resolve(directory, out), dirname(resolve(directory, source))))
    const whole = { ...map, file: name, sourceRoot, [CODE_FIELD]: cid.toString() }
    write(resolve(directory, out), name, bytes, JSON.stringify(whole))
    built.push({ source, file, bytes: bytes.length, code: cid.toString(), gas })
  }
  terminal.status?.clear()
  if (args.flags.has('json')) terminal.print(jsonLine({ actors: built }))
  else for (const line of renderTable(COLUMNS, built.map(rowOf))) terminal.print(line)
  return 0
}

/** Reads `NAME=PATH,...`; paths are taken from the working directory. @throws {CliError} usage/bad-option */
function parseAlias(text: string | undefined, directory: string): Readonly<Record<string, string>> {
  const pairs = (text ?? '').split(',').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', by = '', ...others] = pair.split('=')
      if (name === '' || by === '' || others.length > 0)
        throw new CliError('usage/bad-option', `--alias takes NAME=PATH, and not ${pair}`)
      return [name, by.startsWith('.') ? resolve(directory, by) : by]
    }),
  )
}

/** @throws {CliError} build/refused */
async function bundle(file: string, source: string, options: BundleOptions): ReturnType<typeof bundleActor> {
  try {
    return await bundleActor(file, { header: CODE_HEADER, ...options })
  } catch (cause) {
    if (!(cause instanceof BundleError)) throw cause
    const places = cause.problems.map((problem) => ({
      code: problem.code,
      message: `${placeOf(problem, dirname(source))}${problem.message}`,
    }))
    throw new CliError('build/refused', 'this cannot be an actor', {
      where: source,
      reasons: places,
      cause,
      advice: 'an actor has the language and what it imports of @troupe/sdk-js: see its README',
    })
  }
}

function portable(path: string): string {
  return path.replaceAll('\\', '/')
}

/** Where a problem is, for whoever stands where the command was called. */
function placeOf({ file, line, column }: BundleProblem, folder: string): string {
  if (file === undefined) return ''
  return `${[join(folder, file), line, column].filter((part) => part !== undefined).join(':')}: `
}

/**
 * Makes code ready as a local chain does that installs it.
 * @returns the gas that it takes
 * @throws {CliError} build/refused
 */
function makeReady(
  runtime: SesRuntime,
  cid: Cid,
  code: Uint8Array,
  { map, source }: { readonly map: SourceMapPayload; readonly source: string },
): string {
  const gas = new GasTracker(READY_LIMIT)
  const verdict = runtime.validate(cid, code, networks.local.rules, undefined, gas)
  if (verdict !== 'accepted')
    throw new CliError('build/refused', `${verdict?.code}: ${verdict?.reason}`, {
      where: whereIn(source, map, code, verdict?.offset),
      advice: 'a chain would refuse it, and say the same',
    })
  return String(gas.used / MILLIGAS)
}

/** A place in the sources, as far as it is known. */
function whereIn(
  source: string,
  map: SourceMapPayload,
  code: Uint8Array,
  offset: number | undefined,
): string {
  if (offset === undefined) return source
  const lines = new TextDecoder().decode(code.subarray(0, offset)).split('\n')
  const found = new SourceMap(map).findEntry(lines.length - 1, lines.at(-1)?.length ?? 0)
  if (!('originalSource' in found) || found.originalSource === undefined) return source
  const place = { file: found.originalSource, line: found.originalLine + 1, column: found.originalColumn + 1 }
  return [join(dirname(source), place.file), place.line, place.column].join(':')
}

/** @throws {CliError} file/unwritable */
function write(directory: string, name: string, code: Uint8Array, map: string): void {
  makeDirectory(directory)
  try {
    writeFileSync(join(directory, name), code)
    writeFileSync(join(directory, `${name}.map`), map)
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    throw new CliError('file/unwritable', 'the code cannot be written', {
      where: join(directory, name),
      cause,
    })
  }
}

const MILLIGAS = 1000n
/** More than a chain allows: how much it takes is to be known. */
const READY_LIMIT = 10n ** 15n

const COLUMNS = [
  { title: 'actor', align: 'left' },
  { title: 'size', align: 'right' },
  { title: 'gas to install', align: 'right' },
  { title: 'written to', align: 'left' },
  { title: 'code', align: 'left' },
] as const

function rowOf({ source, file, bytes, code, gas }: BuiltActor): string[] {
  return [source, `${grouped(bytes)} B`, gas === undefined ? '-' : grouped(BigInt(gas)), file, code]
}
