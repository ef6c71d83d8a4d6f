import { resolve } from 'node:path'
import { openBundleCache } from '@troupe/bundles'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { type Blockstore, type Cid, IpldError, parseCid } from '@troupe/ipld'
import { integerOption } from '../arguments.ts'
import { cacheDirectories } from '../cache-directories.ts'
import type { CommandArguments, CommandContext, ExitStatus } from '../command.ts'
import { CliError } from '../errors.ts'
import { toDagJson } from '../inspect/dag-json.ts'
import { describeActor, describeActors, describeFile, describeMessages } from '../inspect/describe-inspect.ts'
import { InspectedState } from '../inspect/inspected-state.ts'
import { type InspectedFile, openFile } from '../inspect/open-file.ts'
import { renderActor, renderActors, renderFile, renderMessages } from '../inspect/render-inspect.ts'
import { OverlayBlockstore } from '../overlay-blockstore.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 100_000

/** Runs `troupe inspect`. */
export async function runInspect(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  const { terminal } = context
  const limit = integerOption(args, 'limit', { min: 0, max: MAX_LIMIT }) ?? DEFAULT_LIMIT
  const wanted = rootOption(args)
  const path = resolve(context.directory, args.positionals[0] as string)
  const crypto = await loadNodeCrypto()
  const file = openFile(path, crypto)
  // Files rarely hold the manifest that names the actors; the cache may.
  const cache = openBundleCache(cacheDirectories(context).bundles, crypto).blockstore()
  const blocks = new OverlayBlockstore(file.blocks, cache)
  const open = (root: Cid): InspectedState => new InspectedState(root, blocks, crypto)

  const address = args.values.get('actor')
  const state = wanted === undefined ? firstState(file, blocks, open) : open(wanted)
  const lines: string[] = []
  let data: Parameters<typeof toDagJson>[0]
  if (address !== undefined) {
    if (state === undefined)
      throw new CliError('inspect/no-root', 'no root of the file is one of a state', { where: path })
    const content = state.look(address)
    data = describeActor(content, state)
    lines.push(...renderActor(content, state, terminal.colours))
  } else {
    lines.push(...renderFile(file, terminal.colours))
    if (state === undefined) data = describeFile(file)
    else {
      data = {
        ...describeFile(file),
        messages: describeMessages(file, state),
        ...describeActors(state, limit),
      }
      if (file.vector !== undefined) lines.push(...renderMessages(file.vector, state, crypto))
      lines.push('', ...renderActors(state, limit, file.vector))
    }
  }
  if (args.flags.has('json')) terminal.print(toDagJson(data))
  else for (const line of lines) terminal.print(line)
  return 0
}

/** The first root that is one of a state; a CAR may hold anything. */
function firstState(
  { roots }: InspectedFile,
  blocks: Blockstore,
  open: (root: Cid) => InspectedState,
): InspectedState | undefined {
  for (const root of roots) {
    if (!blocks.has(root)) continue
    try {
      return open(root)
    } catch (error) {
      if (!(error instanceof CliError)) throw error
    }
  }
  return undefined
}

/** @throws {CliError} usage/bad-option */
function rootOption(args: CommandArguments): Cid | undefined {
  const text = args.values.get('root')
  if (text === undefined) return undefined
  try {
    return parseCid(text)
  } catch (cause) {
    if (!(cause instanceof IpldError)) throw cause
    throw new CliError('usage/bad-option', `--root takes a CID, not ${JSON.stringify(text)}`, { cause })
  }
}
