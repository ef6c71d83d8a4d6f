import { fileURLToPath } from 'node:url'
import { loadCrypto } from '@troupe/crypto'
import {
  type DebugOutput,
  NV28,
  type RuleSet,
  type Runtime,
  withReentrancyLocks,
  withUserActors,
} from '@troupe/hypervisor'
import { CODE_HEADER, type SesRuntime, sesRuntime } from '@troupe/runtime-ses'
import { FileStore, nodeParts } from '@troupe/runtime-ses/node'
import { type CodeNetwork, createCodeNetwork, SMALL_SDK } from '@troupe/testkit'
import { MARKS } from './marks.ts'

export const crypto: Awaited<ReturnType<typeof loadCrypto>> = await loadCrypto()

/** Rules of networks where users install code. */
export const RULES: RuleSet = withReentrancyLocks(withUserActors(NV28))

/** What boots once takes a second: it is kept for the next process. */
export const store: FileStore = new FileStore(
  fileURLToPath(new URL('../../node_modules/.cache/images', import.meta.url)),
)

/** CID of the image with the SDK of these tests. */
export const TEST_IMAGE: string = MARKS.first

/** The runtime that all tests of a process share. */
export const runtime: SesRuntime = sesRuntime({
  parts: nodeParts(() => SMALL_SDK),
  crypto,
  store,
  image: TEST_IMAGE,
})

/** Code of an actor: an expression with its methods. */
export function codeOf(methods: string): Uint8Array {
  return new TextEncoder().encode(`${CODE_HEADER}${methods}`)
}

/** A machine whose actors 101 and up are hardened: of these scripts. */
export function sesNetwork(
  scripts: readonly string[],
  {
    rules = RULES,
    runtimes = [runtime],
    debug,
  }: { rules?: RuleSet; runtimes?: readonly Runtime[]; debug?: DebugOutput } = {},
): Promise<CodeNetwork> {
  const machine = debug === undefined ? {} : { debug }
  return createCodeNetwork(scripts.map(codeOf), { rules, runtimes, machine })
}
