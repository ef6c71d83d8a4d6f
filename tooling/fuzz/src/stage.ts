/** @module A small network on which hostile code runs: one actor of Wasm, one that is scripted, and a sender. */

import { Container } from '@troupe/container'
import type { CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  blsAddress,
  Executor,
  LocalExterns,
  Machine,
  type MessageResult,
  type ProofVerifier,
  type RuleSet,
  type Runtime,
  type TraceListener,
} from '@troupe/hypervisor'
import { cidOf, RAW } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { createTestNetwork, idOf, type Script, ScriptedRuntime } from '@troupe/testkit'
import { claim } from './target.ts'

/** Executes a module as the code of actor 101; every time in the same state. */
export interface Stage {
  readonly rules: RuleSet
  readonly crypto: CryptoProvider
  /** @throws {ContainerError} as the code is refused */
  prepare(code: Uint8Array): void
  /** @throws whatever the host fails with */
  run(code: Uint8Array, gasLimit: bigint, trace?: TraceListener): MessageResult
}

/** Sends what it got back to its caller, once: a call three levels deep. */
const echo: Script = (kernel, parameters) => {
  const { calls, context } = kernel
  if (context.method === 2n)
    calls.call({
      from: context.receiver,
      to: idOf(Number(context.caller)),
      method: 3n,
      parameters: undefined,
      value: context.valueReceived,
      gasLimit: undefined,
      readOnly: context.readOnly,
    })
  return parameters
}

/** Says yes and no: whatever a verifier answers must be good. */
const PROOFS: ProofVerifier = {
  fidelity: { level: 'simulated', reason: 'proofs are not verified' },
  verifySeal: ({ miner }) => miner % 2n === 0n,
  verifyPost: ({ prover }) => prover % 2n === 0n,
  verifyAggregateSeals: ({ miner }) => miner % 2n === 0n,
  verifyReplicaUpdate: () => true,
}

/** The address of actor 102, besides its id. */
export const CALLEE: Address = blsAddress(new Uint8Array(48).fill(7))

/** Sets it up. */
export async function createStage(rules: RuleSet): Promise<Stage> {
  const scripts = { echo, account: () => 0 }
  const { machine, blocks, crypto } = await createTestNetwork({
    rules,
    actors: {
      100: { code: 'account', balance: 10n ** 24n },
      102: { code: 'echo', balance: 1000n, address: CALLEE },
    },
    scripts,
  })
  const root = machine.flush()
  const externs = new LocalExterns(crypto, new Uint8Array(32))
  const runtimes: Runtime[] = [wasmRuntime({ maximumModules: 2 }), new ScriptedRuntime(scripts)]
  const { context } = machine
  return {
    rules,
    crypto,
    prepare: (code) => void new Container().prepare(cidOf(crypto, RAW, code), code, rules),
    run: (code, gasLimit, trace) => {
      const fresh = Machine.create({
        rules,
        context,
        blocks,
        root,
        crypto,
        externs,
        runtimes,
        proofs: PROOFS,
      })
      const cid = fresh.state.store.putBlock(RAW, code)
      fresh.state.setActor(101n, { code: cid, head: fresh.emptyTuple, sequence: 0n, balance: 10n ** 20n })
      const message = {
        version: 0n,
        from: idOf(100),
        to: idOf(101),
        sequence: 0n,
        value: 0n,
        gasLimit,
        gasFeeCap: 100n,
        gasPremium: 1n,
        method: 2n,
        params: Uint8Array.of(0x82, 1, 2),
      }
      const total = (): bigint =>
        [...fresh.state.entries()].reduce((sum, [, { balance }]) => sum + balance, 0n)
      const before = total()
      const result = new Executor(fresh).execute(message, {
        length: 100,
        ...(trace === undefined ? {} : { trace }),
      })
      const { gasUsed, exitCode } = result.receipt
      claim(
        gasUsed >= 0n && gasUsed <= gasLimit,
        `a message uses at most its gas limit (${gasUsed} of ${gasLimit})`,
      )
      claim(Number.isInteger(exitCode) && exitCode >= 0 && exitCode < 2 ** 32, 'an exit code has 32 bits')
      claim(total() === before, 'no token appears or disappears')
      fresh.flush()
      return result
    },
  }
}
