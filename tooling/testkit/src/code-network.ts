import {
  Executor,
  loadInitState,
  loadInstalledActors,
  type Machine,
  type MessageResult,
  type RuleSet,
  type Runtime,
  storeInitState,
  storeInstalledActors,
  type TraceListener,
} from '@troupe/hypervisor'
import { type Cid, RAW } from '@troupe/ipld'
import { createTestNetwork, idOf, type TestNetwork, type TestNetworkOptions } from './test-network.ts'

/** A machine whose actors 101 and up are of users' codes. */
export interface CodeNetwork {
  readonly network: TestNetwork
  readonly codes: readonly Cid[]
  /** Sends an actor a message. */
  send(options?: SendOptions): MessageResult
}

/** How a message is sent. Default: to actor 101, method 2, without parameters and value, for ten billion gas. */
export interface SendOptions {
  /** Another actor than the account, which then sends as one that is no account may. */
  readonly from?: number
  readonly to?: number
  readonly method?: bigint
  readonly params?: Uint8Array
  readonly value?: bigint
  readonly gasLimit?: bigint
  readonly trace?: TraceListener
}

/** Builds it; the first code is that of actor 101, the second of 102, and so on. */
export async function createCodeNetwork(
  blocks: readonly Uint8Array[],
  {
    rules,
    runtimes,
    machine: options,
  }: {
    readonly rules: RuleSet
    readonly runtimes: readonly Runtime[]
    readonly machine?: TestNetworkOptions['machine']
  },
): Promise<CodeNetwork> {
  const network = await createTestNetwork({
    rules,
    runtimes,
    ...(options === undefined ? {} : { machine: options }),
    actors: { 100: { code: 'account', balance: 10n ** 24n } },
  })
  const { machine, store } = network
  const codes = blocks.map((block) => store.putBlock(RAW, block))
  for (const [i, code] of codes.entries())
    machine.state.setActor(101n + BigInt(i), { code, head: machine.emptyTuple, sequence: 0n, balance: 1000n })
  installCodes(machine, codes)
  let sequence = 0n
  return {
    network,
    codes,
    send: ({
      from = 100,
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
          from: idOf(from),
          to: idOf(to),
          sequence: from === 100 ? sequence++ : 0n,
          value,
          gasLimit,
          gasFeeCap: 0n,
          gasPremium: 0n,
          method,
          params,
        },
        {
          length: 100,
          ...(from === 100 ? {} : { kind: 'implicit' as const }),
          ...(trace === undefined ? {} : { trace }),
        },
      ),
  }
}

/** Lists codes as installed, where the rules have users' code. */
export function installCodes({ state, rules }: Machine, codes: readonly Cid[]): void {
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
