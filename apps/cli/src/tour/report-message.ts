import { exitCodeName, formatFil, type Machine, type Message, type StampedEvent } from '@troupe/hypervisor'
import type { Outcome } from 'troupe'
import { type Names, renderCallTree, reportCallTree } from 'troupe/trace'
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
  const { message, outcome, receipt, rootBefore, rootAfter } = executed
  const { names, colours } = options
  const { fees, trace } = outcome
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
    events: reportEvents(outcome.events),
    fees: {
      burnt: String(fees.baseFeeBurn + fees.overEstimationBurn),
      tip: String(fees.minerTip),
      refund: String(fees.refund),
    },
    failure: reportFailure(outcome.failure, options),
    fidelity: outcome.fidelity,
    rootBefore: rootBefore.toString(),
    rootAfter: rootAfter.toString(),
    trace: reportCallTree(trace, names),
    tree: renderCallTree(trace, { ...names, colours, charges: false, values: false, maxDepth: MAX_DEPTH }),
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

function reportEvents(events: readonly StampedEvent[]): EventReport[] {
  return events.map(({ emitter, entries }) => ({
    emitter: `f0${emitter}`,
    entries: entries.map(({ key, value }) => ({ key, value: hex(value) })),
  }))
}

function reportFailure(failure: Outcome['failure'], options: ReportOptions): FailureReport[] {
  return (failure?.frames ?? []).map(({ actor, method, exitCode, message }) => ({
    call: nameOf(actor, method, options),
    exitName: exitCodeName(exitCode),
    message,
  }))
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
