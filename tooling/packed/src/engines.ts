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
 * Every engine that results must agree on: this Node with each of its compilers, and the older Nodes as they are.
 *
 * @param tools the folder that the older Nodes are installed in
 */
export function engines(tools: string): Engine[] {
  const own = COMPILERS.map((flags) => ({
    name: ['Node', process.versions.node, ...flags].join(' '),
    binary: process.execPath,
    flags,
  }))
  const older = olderNodes(`${process.platform}-${process.arch}`).map(({ version, folder }) => ({
    name: `Node ${version}`,
    binary: join(tools, 'node_modules', folder, 'bin/node'),
    flags: [],
  }))
  return [...own, ...older]
}
