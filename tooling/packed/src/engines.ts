import { join } from 'node:path'
import { olderNodes } from './toolbox.ts'

/** A Node, and how its V8 compiles Wasm. */
export interface Engine {
  /** As it is reported, such as `Node 26.10.0 --no-liftoff`. */
  readonly name: string
  readonly binary: string
  readonly flags: readonly string[]
}

/** V8 compiles each function quickly (Liftoff), and those that run often once more (TurboFan): as usual, only the one, only the other. */
const COMPILERS: readonly (readonly string[])[] = [[], ['--liftoff-only'], ['--no-liftoff']]

/**
 * Every engine that results must agree on: this Node and the older ones, each with each of the compilers.
 *
 * @param tools the folder that the older Nodes are installed in
 */
export function engines(tools: string): Engine[] {
  const older = olderNodes(`${process.platform}-${process.arch}`).map(({ version, folder }) => ({
    version,
    binary: join(tools, 'node_modules', folder, 'bin/node'),
  }))
  return [{ version: process.versions.node, binary: process.execPath }, ...older].flatMap(
    ({ version, binary }) =>
      COMPILERS.map((flags) => ({ name: ['Node', version, ...flags].join(' '), binary, flags })),
  )
}
