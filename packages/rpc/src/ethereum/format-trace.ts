/** @module Call traces in the shapes of go-ethereum's `callTracer` and of OpenEthereum's `trace_*`. */
import { readRevert } from 'troupe/ethereum'
import { RpcError } from '../errors.ts'
import type { Json } from '../protocol/json.ts'
import { toHex, toQuantity } from '../text/hex.ts'
import type { CallLog, EvmCall } from './call-trace.ts'
import { errorOf } from './evm-error.ts'

const REVERTED = 33

type JsonObject = { readonly [name: string]: Json }

/** Bytes that a trace may have, input and output of its calls together with what each call takes itself. */
export class TraceBudget {
  #left: number
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
    this.#left = limit
  }

  /** @throws {RpcError} rpc/limit */
  take(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) throw new RpcError('rpc/limit', `the trace is longer than ${this.#limit} bytes`)
  }

  /** What one call takes. */
  takeCall({ input, output }: EvmCall): void {
    this.take(CALL_BYTES + 2 * (input.length + output.length))
  }
}

/** About what a call is in JSON without its data. */
const CALL_BYTES = 400
/** The same of a log, with as many topics as it may have. */
const LOG_BYTES = 500

/** How `callTracer` shows calls. */
export interface CallFrameOptions {
  /** Whether calls in the outermost are left out. */
  readonly isTopOnly: boolean
  readonly hasLogs: boolean
}

/** A call of `callTracer`. */
export function toCallFrame(call: EvmCall, options: CallFrameOptions, budget: TraceBudget): JsonObject {
  budget.takeCall(call)
  const { calls, exitCode, from, gas, gasUsed, input, logs, output, to, type, value } = call
  const error = errorOf(exitCode)
  const revert = exitCode === REVERTED ? readRevert(output) : undefined
  const hasReason = revert?.kind === 'error' || revert?.kind === 'panic'
  return {
    from,
    gas: toQuantity(gas),
    gasUsed: toQuantity(gasUsed),
    ...(to === undefined ? {} : { to }),
    input: toHex(input),
    ...(output.length === 0 ? {} : { output: toHex(output) }),
    ...(error === undefined ? {} : { error }),
    ...(hasReason ? { revertReason: revert.reason } : {}),
    ...(options.isTopOnly || calls.length === 0
      ? {}
      : { calls: calls.map((inner) => toCallFrame(inner, options, budget)) }),
    ...(options.hasLogs && logs.length > 0 ? { logs: logs.map((log) => toTracedLog(log, budget)) } : {}),
    ...(type === 'staticcall' ? {} : { value: toQuantity(value) }),
    type: type.toUpperCase(),
  }
}

function toTracedLog({ address, data, index, position, topics }: CallLog, budget: TraceBudget): JsonObject {
  budget.take(LOG_BYTES + data.length)
  return { address, topics, data, position: toQuantity(position), index: toQuantity(index) }
}

/** The traces of a call and of all below it, each with its way from the outermost. */
export function toFlatTraces(calls: readonly EvmCall[], budget: TraceBudget): JsonObject[] {
  const traces: JsonObject[] = []
  const visit = (call: EvmCall, way: readonly number[]): void => {
    budget.takeCall(call)
    traces.push(toFlatTrace(call, way))
    call.calls.forEach((inner, index) => {
      visit(inner, [...way, index])
    })
  }
  for (const call of calls) visit(call, [])
  return traces
}

function toFlatTrace(call: EvmCall, traceAddress: readonly number[]): JsonObject {
  const { calls, exitCode, from, gas, gasUsed, input, output, to, type, value } = call
  const isCreation = type === 'create' || type === 'create2'
  const error = exitCode === REVERTED ? 'Reverted' : errorOf(exitCode)
  const common = { subtraces: calls.length, traceAddress, ...(error === undefined ? {} : { error }) }
  const action = { from, gas: toQuantity(gas), value: toQuantity(value) }
  if (!isCreation)
    return {
      ...{ type: 'call', ...common },
      action: { ...action, callType: type, to: to ?? null, input: toHex(input) },
      result: { gasUsed: toQuantity(gasUsed), output: toHex(output) },
    }
  return {
    ...{ type: 'create', ...common },
    action: { ...action, init: toHex(input), creationMethod: type },
    result: {
      ...(to === undefined ? {} : { address: to }),
      ...{ gasUsed: toQuantity(gasUsed), code: toHex(output) },
    },
  }
}
