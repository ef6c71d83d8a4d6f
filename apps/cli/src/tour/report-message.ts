import {
  type Backtrace,
  exitCodeName,
  formatFil,
  type Machine,
  type Message,
  type MessageResult,
} from '@troupe/hypervisor'
import { reportCallTree } from '../render/call-report.ts'
import { renderCallTree } from '../render/call-tree.ts'
import type { Names } from '../render/names.ts'
import type { EventReport, FailureReport, MessageReport } from './step.ts'
import type { Executed } from './tour-chain.ts'

/** Levels of calls that are drawn. */
const MAX_DEPTH = 4

/** How messages are reported. */
export interface ReportOptions {
  readonly machine: Machine
  readonly names: Names
  readonly colours: boolean
}

/** A message with what came of it, as data. */
export function reportMessage(executed: Executed, options: ReportOptions): MessageReport {
  const { message, result, tree, rootBefore, rootAfter } = executed
  const { names, colours } = options
  const { receipt, fees } = result
  return {
    from: names.formatAddress(message.from),
    to: names.formatAddress(message.to),
    method: callName(message, options),
    value: formatFil(message.value),
    gasLimit: message.gasLimit,
    exitCode: receipt.exitCode,
    exitName: exitCodeName(receipt.exitCode),
    returnData: hex(receipt.returnData),
    gasUsed: receipt.gasUsed,
    eventsRoot: receipt.eventsRoot?.toString() ?? null,
    events: reportEvents(result),
    fees: {
      burnt: String(fees.baseFeeBurn + fees.overEstimationBurn),
      tip: String(fees.minerTip),
      refund: String(fees.refund),
    },
    failure: reportFailure(result.failure, options),
    fidelity: result.fidelity,
    rootBefore: rootBefore.toString(),
    rootAfter: rootAfter.toString(),
    trace: reportCallTree(tree, names),
    tree: renderCallTree(tree, { ...names, colours, charges: false, maxDepth: MAX_DEPTH }),
  }
}

/** What a message calls, of the actor that is at its receiver's address after it. */
function callName({ to, method }: Message, { machine, names }: ReportOptions): string {
  const id = machine.state.lookupId(to)
  return id === undefined ? String(method) : nameOf(id, method, { machine, names })
}

function nameOf(
  actor: bigint,
  method: bigint,
  { machine, names }: Pick<ReportOptions, 'machine' | 'names'>,
): string {
  const record = machine.state.getActor(actor)
  const name = record === undefined ? undefined : names.actorName(record.code)
  return `${name ?? `f0${actor}`}.${names.methodName(name, method) ?? method}`
}

function reportEvents({ events }: MessageResult): EventReport[] {
  return events.map(({ emitter, entries }) => ({
    emitter: `f0${emitter}`,
    entries: entries.map(({ key, value }) => ({ key, value: hex(value) })),
  }))
}

function reportFailure(
  failure: { readonly message: string; readonly backtrace: Backtrace | undefined } | undefined,
  options: ReportOptions,
): FailureReport[] {
  return (failure?.backtrace?.frames ?? []).map(({ actor, method, exitCode, message }) => ({
    call: nameOf(actor, method, options),
    exitName: exitCodeName(exitCode),
    message,
  }))
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
