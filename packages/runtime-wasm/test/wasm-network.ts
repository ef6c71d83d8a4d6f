import { Executor, type MessageResult, type RuleSet, type TraceListener } from '@troupe/hypervisor'
import { type Cid, RAW } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { createTestNetwork, idOf, type TestNetwork } from '@troupe/testkit'

/** A machine whose actors 101 and up run Wasm modules, and nothing else runs anything. */
export interface WasmNetwork {
  readonly network: TestNetwork
  /** Code CIDs of the modules, in order. */
  readonly codes: readonly Cid[]
  /** Sends actor 101 a message, method 2. */
  send(gasLimit?: bigint, trace?: TraceListener): MessageResult
}

/** Builds it; the first module is the code of actor 101, the second of 102, and so on. */
export async function wasmNetwork(rules: RuleSet, modules: readonly Uint8Array[]): Promise<WasmNetwork> {
  const network = await createTestNetwork({
    rules,
    actors: { 100: { code: 'account', balance: 10n ** 24n } },
    machine: { runtimes: [wasmRuntime()] } as object,
  })
  const { machine, store } = network
  const codes = modules.map((bytes) => store.putBlock(RAW, bytes))
  for (const [i, code] of codes.entries())
    machine.state.setActor(101n + BigInt(i), { code, head: machine.emptyTuple, sequence: 0n, balance: 1000n })
  let sequence = 0n
  return {
    network,
    codes,
    send: (gasLimit = 10_000_000_000n, trace) =>
      new Executor(machine).execute(
        {
          version: 0n,
          from: idOf(100),
          to: idOf(101),
          sequence: sequence++,
          value: 0n,
          gasLimit,
          gasFeeCap: 0n,
          gasPremium: 0n,
          method: 2n,
          params: new Uint8Array(),
        },
        { length: 100, ...(trace === undefined ? {} : { trace }) },
      ),
  }
}
