import { fileURLToPath } from 'node:url'
import { loadCrypto } from '@troupe/crypto'
import {
  Executor,
  loadInitState,
  loadInstalledActors,
  type Machine,
  type MessageResult,
  NV28,
  type RuleSet,
  type Runtime,
  storeInitState,
  storeInstalledActors,
  type TraceListener,
  withReentrancyLocks,
  withUserActors,
} from '@troupe/hypervisor'
import { type Cid, RAW } from '@troupe/ipld'
import { CODE_HEADER, type SesRuntime, sesRuntime } from '@troupe/runtime-ses'
import { FileStore, nodeParts } from '@troupe/runtime-ses/node'
import { createTestNetwork, idOf, type TestNetwork } from '@troupe/testkit'
import { TEST_SDK } from './test-sdk.ts'

export const crypto: Awaited<ReturnType<typeof loadCrypto>> = await loadCrypto()

/** Rules of networks where users install code. */
export const RULES: RuleSet = withReentrancyLocks(withUserActors(NV28))

/** What boots once takes a second: it is kept for the next process. */
export const store: FileStore = new FileStore(
  fileURLToPath(new URL('../../node_modules/.cache/images', import.meta.url)),
)

/** CID of the image with the SDK of these tests. */
export const TEST_IMAGE = 'bafy2bzacec7ve7bttinol62mk2wkuexfhqe2ykkyaiewir5xj5tuksvmlnli2'

/** The runtime that all tests of a process share. */
export const runtime: SesRuntime = sesRuntime({
  parts: nodeParts(() => TEST_SDK),
  crypto,
  store,
  image: TEST_IMAGE,
})

/** Code of an actor: an expression with its methods. */
export function codeOf(methods: string): Uint8Array {
  return new TextEncoder().encode(`${CODE_HEADER}${methods}`)
}

/** A machine whose actors 101 and up are hardened. */
export interface SesNetwork {
  readonly network: TestNetwork
  readonly codes: readonly Cid[]
  /** Sends an actor a message. */
  send(options?: SendOptions): MessageResult
}

/** How a message is sent. Default: to actor 101, method 2, without parameters and value, for ten billion gas. */
export interface SendOptions {
  readonly to?: number
  readonly method?: bigint
  readonly params?: Uint8Array
  readonly value?: bigint
  readonly gasLimit?: bigint
  readonly trace?: TraceListener
}

/** Builds it; the first script is that of actor 101, the second of 102, and so on. */
export async function sesNetwork(
  scripts: readonly string[],
  { rules = RULES, runtimes = [runtime] }: { rules?: RuleSet; runtimes?: readonly Runtime[] } = {},
): Promise<SesNetwork> {
  const network = await createTestNetwork({
    rules,
    runtimes,
    actors: { 100: { code: 'account', balance: 10n ** 24n } },
  })
  const { machine, store } = network
  const codes = scripts.map((script) => store.putBlock(RAW, codeOf(script)))
  for (const [i, code] of codes.entries())
    machine.state.setActor(101n + BigInt(i), { code, head: machine.emptyTuple, sequence: 0n, balance: 1000n })
  install(machine, codes)
  let sequence = 0n
  return {
    network,
    codes,
    send: ({
      to = 101,
      method = 2n,
      params = new Uint8Array(),
      value = 0n,
      gasLimit = 10_000_000_000n,
      trace,
    } = {}) =>
      new Executor(machine).execute(
        {
          version: 0n,
          from: idOf(100),
          to: idOf(to),
          sequence: sequence++,
          value,
          gasLimit,
          gasFeeCap: 0n,
          gasPremium: 0n,
          method,
          params,
        },
        { length: 100, ...(trace === undefined ? {} : { trace }) },
      ),
  }
}

/** Lists codes as installed, where the rules have users' code. */
function install({ state, rules }: Machine, codes: readonly Cid[]): void {
  const init = state.getActor(1n)
  if (init === undefined || rules.userActors === undefined) return
  const before = loadInitState(state.store, init.head, true)
  const installed = loadInstalledActors(state.store, before.installedActors as Cid)
  const head = storeInitState(state.store, {
    ...before,
    installedActors: storeInstalledActors(state.store, [...installed, ...codes]),
  })
  state.setActor(1n, { ...init, head })
}
