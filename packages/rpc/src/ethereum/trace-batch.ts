/** @module Messages that are executed for their traces: those of a block, which is executed again, or a call that is none. */
import {
  type CallFrame,
  CallTree,
  type Machine,
  type Manifest,
  type MessageResult,
  type StateTree,
  type StepListener,
} from '@troupe/hypervisor'
import { CborStore } from '@troupe/ipld'
import type { Tipset } from 'troupe'
import type { RpcHost } from '../host.ts'
import type { CallRequest } from '../parameters/call-request.ts'
import { type Hex, toHex } from '../text/hex.ts'
import type { BlockView } from './block-view.ts'
import { executeOn, toCallMessage } from './call.ts'
import { type EvmCall, readCallTrace } from './call-trace.ts'
import { overrideState } from './override-state.ts'
import type { TraceConfig } from './trace-config.ts'

/** What became of a message. */
export interface TracedMessage {
  readonly result: MessageResult
  readonly trace: CallTree
  /** Its limit, whole gas. */
  readonly gas: bigint
  /** Where it stands; nowhere for a call that is no transaction. */
  readonly place: TracePlace | undefined
}

/** Where a message stands. */
export interface TracePlace {
  readonly blockHash: Hex
  readonly blockNumber: number
  readonly transactionHash: Hex
  readonly transactionPosition: number
  /** Logs of the block before its own. */
  readonly firstLogIndex: number
}

/** Who watches an execution. */
export interface Watch {
  /** Told of the steps of a message's code, by its index. */
  readonly steps?: (index: number) => StepListener | undefined
  /** Shown the state before and after each message. */
  readonly observe?: (moment: 'before' | 'after', index: number, machine: Machine) => void
}

/** Messages, in their order. */
export interface TraceBatch {
  readonly manifest: Manifest
  /** Executes them; as often as is wanted, and always the same. */
  execute(watch?: Watch): ExecutedBatch
}

/** What became of messages, and the state after them. */
export interface ExecutedBatch {
  readonly messages: readonly TracedMessage[]
  readonly state: StateTree
  /** Blocks of the state. */
  readonly store: CborStore
}

/** All messages of a block, and those that were left to its end. The first block of a chain has none. */
export function blockBatch(
  { vm: { chain } }: RpcHost,
  { entries, hash, number, state, tipset }: BlockView,
): TraceBatch {
  return {
    manifest: chain.machineAfter(tipset).manifest,
    execute: (watch) => {
      const { messages: own, queued } =
        entries.length === 0 ? { messages: [], queued: [] } : chain.replay(tipset, watch)
      let logs = 0
      const messages = [...own, ...queued].map(({ message, result, trace }, index) => {
        const entry = entries[index]
        const firstLogIndex = logs
        logs += entry?.logs.length ?? 0
        const place = {
          ...{ blockHash: hash, blockNumber: Number(number) },
          transactionHash: toHex(entry?.hash ?? new Uint8Array()),
          ...{ transactionPosition: index, firstLogIndex },
        }
        return { result, trace, gas: message.gasLimit, place }
      })
      return { messages, state, store: chain.blocks }
    },
  }
}

/** A call on the state after a tipset. */
export function callBatch(
  { vm: { chain } }: RpcHost,
  call: CallRequest,
  tipset: Tipset,
  { blockOverrides, stateOverrides = [] }: TraceConfig,
): TraceBatch {
  const message = toCallMessage(call)
  const open = (): Machine => {
    const machine = chain.machineAfter(tipset, blockOverrides)
    overrideState(machine, stateOverrides)
    return machine
  }
  return {
    manifest: open().manifest,
    execute: ({ observe, steps } = {}) => {
      const machine = open()
      const trace = new CallTree()
      observe?.('before', 0, machine)
      const result = executeOn(machine, message, { trace: trace.listener, steps: steps?.(0) })
      observe?.('after', 0, machine)
      return {
        messages: [{ result, trace, gas: message.gasLimit, place: undefined }],
        state: machine.state,
        store: new CborStore(machine.blocks, machine.crypto),
      }
    },
  }
}

/** The calls of a message. The outermost has the gas of the whole message, with what it costs to have it in a block. */
export function callsOf(
  manifest: Manifest,
  { state, store }: Omit<ExecutedBatch, 'messages'>,
  { gas, place, result, trace }: TracedMessage,
): EvmCall[] {
  const firstLogIndex = place?.firstLogIndex ?? 0
  const calls = readCallTrace({ manifest, state, store, events: result.events, firstLogIndex }, trace)
  return calls.map((call) => ({ ...call, gas, gasUsed: result.receipt.gasUsed }))
}

/** Whether code of a contract was run. */
export function runsContract(manifest: Manifest, { roots }: CallTree): boolean {
  const isContract = ({ calls, code }: CallFrame): boolean =>
    (code !== undefined && manifest.is('evm', code)) || calls.some(isContract)
  return roots.some(isContract)
}
