import { CallTree, formatFil, type MessageResult } from '@troupe/hypervisor'
import { createNames, type Names, renderCallTree, reportCallTree, type TraceReport } from 'troupe/trace'
import {
  type Difference,
  formatExit,
  runVariant,
  type VariantRun,
  type VectorEnvironment,
} from './run-vector.ts'
import type { Vector, VectorReceipt, VectorVariant } from './vector.ts'

/** What is wanted of a replay besides receipts. */
export interface ReplayOptions {
  /** `text` for lines to read, `data` for objects. */
  readonly trace: 'none' | 'text' | 'data'
  /** Whether lines are coloured. */
  readonly colours: boolean
}

/** A receipt. */
export interface ReceiptReport {
  readonly exitCode: number
  /** The exit code with its name. */
  readonly exit: string
  readonly returnData: Uint8Array
  readonly gasUsed: bigint
}

/** A message with what became of it. */
export interface MessageReport {
  readonly from: string
  readonly to: string
  /** Decimal: method numbers have 64 bits. */
  readonly method: string
  /** What people call the method: `storageminer.ChangePeerID`. */
  readonly methodName?: string
  /** In FIL. */
  readonly value: string
  readonly gasLimit: bigint
  readonly expected: ReceiptReport
  readonly actual: ReceiptReport
  /** Why it failed. */
  readonly failure?: string
  /** With `trace: 'text'`. */
  readonly lines?: readonly string[]
  /** With `trace: 'data'`. */
  readonly trace?: TraceReport
}

/** What replaying one variant of a vector gave. It can be cloned. */
export interface ReplayReport {
  readonly networkVersion: number
  readonly epoch: bigint
  readonly messages: readonly MessageReport[]
  readonly expectedRoot: string
  readonly actualRoot: string
  readonly differences: readonly Difference[]
  readonly fidelity: MessageResult['fidelity']
}

/**
 * Runs one variant of a vector, and reports all of it.
 * @throws as {@link runVariant}
 */
export function replayVariant(
  vector: Vector,
  variant: VectorVariant,
  environment: VectorEnvironment,
  options: ReplayOptions,
): ReplayReport {
  const trees = vector.messages.map(() => new CallTree())
  const traceOf = (index: number): CallTree['listener'] => (trees[index] as CallTree).listener
  const run = runVariant(vector, variant, environment, traceOf)
  const names = createNames(run.machine.manifest, environment.crypto)
  return {
    networkVersion: variant.rules.networkVersion,
    epoch: variant.epoch,
    messages: run.results.map((result, index) =>
      reportMessage(vector, index, run, result, trees[index] as CallTree, names, options),
    ),
    expectedRoot: vector.postRoot.toString(),
    actualRoot: run.root.toString(),
    differences: run.differences,
    fidelity: run.fidelity,
  }
}

function reportReceipt({ exitCode, returnData, gasUsed }: VectorReceipt): ReceiptReport {
  return { exitCode, exit: formatExit(exitCode), returnData, gasUsed }
}

function reportMessage(
  vector: Vector,
  index: number,
  { machine }: VariantRun,
  { receipt, failure }: MessageResult,
  tree: CallTree,
  names: Names,
  { trace, colours }: ReplayOptions,
): MessageReport {
  const { message } = vector.messages[index] as Vector['messages'][number]
  const expected = vector.receipts[index] as VectorReceipt
  const receiver = machine.state.lookupId(message.to)
  const code = receiver === undefined ? undefined : machine.state.getActor(receiver)?.code
  const actor = code === undefined ? undefined : names.actorName(code)
  const methodName = names.methodName(actor, message.method)
  return {
    from: names.formatAddress(message.from),
    to: names.formatAddress(message.to),
    method: String(message.method),
    ...(methodName === undefined
      ? {}
      : { methodName: actor === undefined ? methodName : `${actor}.${methodName}` }),
    value: formatFil(message.value),
    gasLimit: message.gasLimit,
    expected: reportReceipt(expected),
    actual: reportReceipt(receipt),
    ...(failure === undefined ? {} : { failure: failure.backtrace?.toString() || failure.message }),
    ...(trace === 'text' ? { lines: renderCallTree(tree, { ...names, colours }) } : {}),
    ...(trace === 'data' ? { trace: reportCallTree(tree, names) } : {}),
  }
}
