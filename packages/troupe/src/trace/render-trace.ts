import type { CallFrame, CallTree, StampedEvent } from '@troupe/hypervisor'
import { paint } from '../text/paint.ts'
import { grouped, visible } from '../text/plain.ts'
import {
  formatEvent,
  formatFailure,
  formatMethod,
  formatParameters,
  formatReceiver,
  type PartialNames,
} from './call-text.ts'
import { type CallTreeOptions, renderCallTree } from './call-tree.ts'
import { explainExitCode } from './explain-exit-code.ts'

/** What is drawn of a message or call: the outcome of a chain's `send` and `view`, or as much of it. */
export interface TracedOutcome {
  readonly trace: CallTree
  readonly events: readonly StampedEvent[]
  readonly exit: { readonly code: number; readonly name: string }
  readonly gas: { readonly used: bigint; readonly limit: bigint }
  /** Why it failed, where it did. */
  readonly failure: { readonly message: string; readonly backtrace: string } | undefined
  /** Why an Ethereum contract reverted, where that is how it failed. */
  readonly revert?: { readonly reason: string } | undefined
}

/** Events that are drawn; of the others only the number is given. */
const MAX_EVENTS = 100
/** Lines of a backtrace. A message can make 1,024 calls within each other. */
const MAX_STACK_LINES = 40
const MAX_LINE_LENGTH = 1000

/**
 * Draws what a message or call did, in lines: the tree of calls with their parameters and return values, the events that it left, and how it ended. What each call was charged
 * for is left out, unless `charges` says otherwise.
 */
export function renderTrace(outcome: TracedOutcome, options: CallTreeOptions = {}): string[] {
  const { events, exit, gas, trace } = outcome
  const colours = options.colours ?? false
  const amounts = `${grouped(gas.used)} of ${grouped(gas.limit)} gas used`
  return [
    ...renderCallTree(trace, { charges: false, ...options }),
    ...events
      .slice(0, MAX_EVENTS)
      .map((event) => `${paint('yellow', 'event', colours)} ${formatEvent(event)}`),
    ...(events.length > MAX_EVENTS ? [`event … ${grouped(events.length - MAX_EVENTS)} more`] : []),
    exit.code === 0
      ? `${paint('green', '✓ OK', colours)}, ${amounts}`
      : `${paint('red', `✗ ${exit.name} (${exit.code})`, colours)}, ${amounts}: ${explain(outcome)}`,
    ...stackOf(outcome),
  ]
}

/**
 * Says in lines why a message or call failed: what was called, the exit code and what it means, the gas, the call that failed first with its parameters, and how the error went
 * up through the calls.
 * @param receiver whom it was sent to, where no call was made
 */
export function explainFailure(outcome: TracedOutcome, receiver: string, names: PartialNames = {}): string[] {
  const { exit, gas, trace } = outcome
  const [root] = trace.roots
  const called = root === undefined ? receiver : `${receiver} ${describeCall(root, names)}`
  const failed = root === undefined ? undefined : failingFrame(root)
  return [
    `${called}: ${exit.name} (exit code ${exit.code}), ${gas.used} of ${gas.limit} gas used`,
    explain(outcome),
    ...(failed === undefined || failed === root
      ? []
      : [
          `first in ${formatReceiver(failed, names)} ${describeCall(failed, names)}, called by f0${failed.call.from}: ${formatFailure(failed)}`,
        ]),
    ...stackOf(outcome),
  ]
}

/** What an exit code means; of a contract that reverted, what for. */
function explain({ exit, revert }: TracedOutcome): string {
  return revert === undefined
    ? explainExitCode(exit.code)
    : `The contract reverted: ${visible(revert.reason, MAX_LINE_LENGTH)}`
}

function describeCall(frame: CallFrame, names: PartialNames): string {
  return `${formatMethod(frame, names)}${formatParameters(frame, names)}`
}

/** The innermost of the calls by which a call failed: as long as the last call within it failed too, it is taken for the reason. */
function failingFrame(root: CallFrame): CallFrame {
  let frame = root
  for (;;) {
    const last = frame.calls.at(-1)
    if (last === undefined || formatFailure(last) === undefined) return frame
    frame = last
  }
}

/** How the error went up, a line for each actor; actors' own words are made visible. */
function stackOf({ failure }: TracedOutcome): string[] {
  if (failure === undefined) return []
  const lines = (failure.backtrace === '' ? failure.message : failure.backtrace).split('\n')
  const hidden = lines.length - MAX_STACK_LINES
  const shown =
    hidden > 0 ? [...lines.slice(0, MAX_STACK_LINES - 1), `… ${grouped(hidden + 1)} more lines`] : lines
  return shown.map((line) => visible(line, MAX_LINE_LENGTH))
}
