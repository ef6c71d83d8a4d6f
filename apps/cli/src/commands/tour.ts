import type { CommandArguments, CommandContext, ExitStatus, LeafCommand } from '../command.ts'
import { TourError } from '../tour/errors.ts'

/** `troupe tour`. */
export const command: LeafCommand = {
  summary: 'run a chain on disk with actors on it, and show what happens',
  usage: '[--json]',
  details: `Builds small actors from the sources in this repository, makes a chain in a temporary directory, and sends
messages: transfers, code of users, calls between actors, failures; Solidity calls JavaScript, which calls Wasm, and
all three go back where one fails; then a snapshot, a fork, and a block that is executed again from its witness alone. Where test vectors and bundles are at hand, messages of mainnet are replayed
too. Nothing stays but caches.`,
  positionals: { min: 0, max: 0 },
  options: {},
  run,
}

/** The oldest Node that troupe runs on. */
const OLDEST_NODE = [22, 15] as const

async function run(context: CommandContext, args: CommandArguments): Promise<ExitStatus> {
  requireNode(process.versions.node)
  const { giveTour } = await import('../tour/give-tour.ts')
  return giveTour(context, { json: args.flags.has('json'), quiet: args.flags.has('quiet') })
}

/**
 * Refuses to start where the rest would not even load.
 * @throws {TourError} tour/unsupported-node
 */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  throw new TourError(
    'tour/unsupported-node',
    `this is Node ${version}, and troupe needs ${OLDEST_NODE.join('.')} or newer: npm start, in a clone of the repository, brings its own`,
  )
}
