import { resolve } from 'node:path'
import {
  type AddedBundle,
  type BundleCache,
  BundleError,
  type CachedBundle,
  openBundleCache,
} from '@troupe/bundles'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { cacheDirectories } from '../cache-directories.ts'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { CliError } from '../errors.ts'
import { jsonLine } from '../json.ts'
import { grouped } from '../render/plain.ts'
import { renderTable } from '../render/table.ts'

/** Runs `troupe bundle add`. */
export async function runAdd(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  const { terminal } = context
  const cache = await openCache(context)
  const added: AddedBundle[] = []
  for (const file of args.positionals) {
    if (!args.flags.has('quiet')) terminal.status?.show(`adding ${file}`)
    added.push(...(await addFile(cache, resolve(context.directory, file))))
  }
  terminal.status?.clear()
  if (args.flags.has('json')) {
    const bundles = added.map((bundle) => ({ ...describeBundle(bundle), isNew: bundle.isNew }))
    terminal.print(jsonLine({ directory: cache.directory, bundles }))
    return 0
  }
  const rows = added.map((bundle) => [...rowOf(bundle), bundle.isNew ? 'added' : 'was there'])
  for (const line of renderTable([...COLUMNS, { title: 'state', align: 'left' }], rows)) terminal.print(line)
  return 0
}

/** Runs `troupe bundle list`. */
export async function runList(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  const { terminal } = context
  const cache = await openCache(context)
  const bundles = cache.list()
  if (args.flags.has('json')) {
    terminal.print(jsonLine({ directory: cache.directory, bundles: bundles.map(describeBundle) }))
    return 0
  }
  if (bundles.length === 0)
    terminal.note(`the cache at ${cache.directory} is empty: troupe bundle add FILE fills it`)
  else for (const line of renderTable(COLUMNS, bundles.map(rowOf))) terminal.print(line)
  return 0
}

async function openCache(context: CommandContext): Promise<BundleCache> {
  return openBundleCache(cacheDirectories(context).bundles, await loadNodeCrypto())
}

/** @throws {CliError} bundle/refused, file/unreadable */
async function addFile(cache: BundleCache, file: string): Promise<AddedBundle[]> {
  try {
    return await cache.add(file)
  } catch (cause) {
    if (cause instanceof BundleError)
      throw new CliError('bundle/refused', 'this file cannot be added', {
        where: file,
        cause,
        advice: 'take a release archive of builtin-actors, such as v10.tar.zst, or the CAR of one bundle',
      })
    if (cause instanceof Error && 'syscall' in cause)
      throw new CliError('file/unreadable', 'the file cannot be read, or the cache not be written', {
        where: file,
        cause,
      })
    throw cause
  }
}

const COLUMNS = [
  { title: 'bundle', align: 'left' },
  { title: 'actors', align: 'right' },
  { title: 'code', align: 'right' },
  { title: 'manifest', align: 'left' },
] as const

function rowOf({ name, actors, manifestData }: CachedBundle): string[] {
  const bytes = actors.reduce((sum, actor) => sum + actor.bytes, 0)
  return [name, String(actors.length), `${grouped(bytes)} B`, manifestData.toString()]
}

/** A bundle as data. */
function describeBundle({ name, root, manifestData, actors }: CachedBundle): {
  readonly name: string
  readonly root: string
  readonly manifestData: string
  readonly actors: readonly { readonly name: string; readonly code: string; readonly bytes: number }[]
} {
  return {
    name,
    root: root.toString(),
    manifestData: manifestData.toString(),
    actors: actors.map((actor) => ({ name: actor.name, code: actor.code.toString(), bytes: actor.bytes })),
  }
}
