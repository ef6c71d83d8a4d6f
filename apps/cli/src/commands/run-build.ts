import { writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { loadCrypto } from '@troupe/crypto'
import { createNodeRuntime } from '@troupe/runtime-ses/node'
import { CODE_FIELD } from 'troupe/trace'
import { buildCode } from '../build/build-code.ts'
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
  const tools = { crypto, directory, runtime }
  const built: BuiltActor[] = []
  for (const [name, source] of names) {
    if (!args.flags.has('quiet')) terminal.status?.show(`building ${source}`)
    const minify = !args.flags.has('readable')
    const { bytes, cid, gas, map } = await buildCode(tools, source, { minify, alias })
    const file = join(out, name)
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

function portable(path: string): string {
  return path.replaceAll('\\', '/')
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
