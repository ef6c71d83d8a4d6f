import {
  type CallFrame,
  type CallTree,
  exitCodeName,
  formatCodeStack,
  formatFil,
  type StampedEvent,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { type Chain, loadReceipts, type MessageOutcome } from 'troupe'
import { type Names, renderCallTree, reportCallTree } from 'troupe/trace'
import type { EventReport, FailureReport, MessageReport, SourceLine } from './step.ts'

/** Levels of calls that are drawn. */
const MAX_DEPTH = 4

/** How messages are reported. */
export interface ReportOptions {
  readonly names: Names
  readonly colours: boolean
  readonly columns: number
  /** The lines that the actor with a source map was made from. */
  readonly source: readonly string[]
}

/** The state before a message, and after it. */
export interface Roots {
  readonly rootBefore: Cid
  readonly rootAfter: Cid
}

/** A message with what came of it, as data. It is the one of the chain's last block. */
export function reportMessage(
  chain: Chain,
  outcome: MessageOutcome,
  { rootAfter, rootBefore }: Roots,
  options: ReportOptions,
): MessageReport {
  const { names, colours, columns } = options
  const { exit, fees, fidelity, from, gas, returnData, to, trace } = outcome
  const [message] = chain.messagesOf(chain.head).bls
  const [receipt] = loadReceipts(chain.blocks, chain.rules.rules, chain.head.receiptsRoot)
  const [called] = trace.roots
  return {
    from: names.formatAddress(from),
    to: names.formatAddress(to),
    method: called === undefined ? String(outcome.method) : nameOf(called, names),
    value: formatFil(message?.value ?? 0n),
    gasLimit: gas.limit,
    exitCode: exit.code,
    exitName: exit.name,
    returnData: hex(returnData),
    gasUsed: gas.used,
    eventsRoot: receipt?.eventsRoot?.toString() ?? null,
    events: reportEvents(outcome.events),
    fees: {
      burnt: String(fees.baseFeeBurn + fees.overEstimationBurn),
      tip: String(fees.minerTip),
      refund: String(fees.refund),
    },
    failure: reportFailure(outcome, options),
    fidelity,
    rootBefore: rootBefore.toString(),
    rootAfter: rootAfter.toString(),
    trace: reportCallTree(trace, names),
    tree: renderCallTree(trace, {
      ...names,
      ...{ colours, columns, charges: false, values: false, maxDepth: MAX_DEPTH },
    }),
  }
}

/** `counter.Increment`, as far as that is known. */
function nameOf(frame: CallFrame, names: Names): string {
  const { actor, call, code } = frame
  const name = code === undefined ? undefined : names.actorName(code)
  const callName = names.callName?.(frame)
  return callName ?? `${name ?? `f0${actor}`}.${names.methodName(name, call.method) ?? call.method}`
}

function reportEvents(events: readonly StampedEvent[]): EventReport[] {
  return events.map(({ emitter, entries }) => ({
    emitter: `f0${emitter}`,
    entries: entries.map(({ key, value }) => ({ key, value: hex(value) })),
  }))
}

function reportFailure(
  { failure, trace }: MessageOutcome,
  { names, source }: ReportOptions,
): FailureReport[] {
  return (failure?.frames ?? []).map(({ actor, method, exitCode, message, stack }) => {
    const called = findFailed(trace, actor, method)
    const line = stack?.frames.flatMap((frame) => frame.source ?? [])[0]?.line
    return {
      call: called === undefined ? `f0${actor}.${method}` : nameOf(called, names),
      exitName: exitCodeName(exitCode),
      message,
      stack: stack === undefined ? [] : formatCodeStack(stack),
      line: line === undefined ? null : lineOf(source, line),
    }
  })
}

function lineOf(source: readonly string[], line: number): SourceLine {
  return { line, text: source[line - 1]?.trim() ?? '' }
}

/** The call that failed of an actor and a method. */
function findFailed(
  { roots }: Pick<CallTree, 'roots'>,
  actor: bigint,
  method: bigint,
): CallFrame | undefined {
  for (const frame of roots) {
    const isIt =
      frame.actor === actor &&
      frame.call.method === method &&
      !(frame.outcome?.type === 'return' && frame.outcome.exitCode === 0)
    const found = isIt ? frame : findFailed({ roots: frame.calls }, actor, method)
    if (found !== undefined) return found
  }
  return undefined
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
