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
import { type CodeNetwork, createCodeNetwork, SMALL_SDK } from '@troupe/testkit'
import { hostParts, hostStore } from './host.ts'
import { MARKS } from './marks.ts'

export const crypto: Awaited<ReturnType<typeof loadCrypto>> = await loadCrypto()

/** Rules of networks where users install code. */
export const RULES: RuleSet = withReentrancyLocks(withUserActors(NV28))

/** CID of the image with the SDK of these tests. */
export const TEST_IMAGE: string = MARKS.first

/** The runtime that all tests of a process share. */
export const runtime: SesRuntime = sesRuntime({
  parts: await hostParts(() => SMALL_SDK),
  crypto,
  image: TEST_IMAGE,
  ...(await hostStore()),
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
