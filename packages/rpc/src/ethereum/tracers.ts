/** @module The tracers of debug_trace*: each makes, of messages that are executed, what is told of them. */
import { ExitCode } from '@troupe/hypervisor'
import { RpcError } from '../errors.ts'
import type { RpcLimits } from '../limits.ts'
import type { Json } from '../protocol/json.ts'
import { toHex } from '../text/hex.ts'
import type { EvmCall } from './call-trace.ts'
import { TraceBudget, toCallFrame, toFlatTraces } from './format-trace.ts'
import { type Accounts, formatPrestate, type PrestateOptions, readAccounts } from './prestate.ts'
import { StructLogger, type StructLogOptions } from './struct-logs.ts'
import { TouchCollector, type TouchedState } from './touched-state.ts'
import { callsOf, runsContract, type TraceBatch, type TracedMessage } from './trace-batch.ts'
import type { TracerChoice } from './trace-config.ts'

type Limits = Pick<RpcLimits, 'traceBytes' | 'traceWords'>

/** Bytes of a function's selector. */
const SELECTOR_LENGTH = 4

/**
 * What a tracer tells of some messages, each by its index.
 * @param only the one that is wanted; all where none is given
 * @throws {RpcError} rpc/limit; rpc/unsupported for steps of an actor that does not tell them
 */
export function traceBatch(batch: TraceBatch, choice: TracerChoice, limits: Limits, only?: number): Json[] {
  return run(batch, choice, { ...limits, budget: new TraceBudget(limits.traceBytes) }, only)
}

type Bounds = Limits & { readonly budget: TraceBudget }

function run(batch: TraceBatch, choice: TracerChoice, bounds: Bounds, only: number | undefined): Json[] {
  const isWanted = (index: number): boolean => only === undefined || only === index
  switch (choice.tracer) {
    case 'structLogs':
      return structLogs(batch, choice.options, bounds, isWanted)
    case 'prestateTracer':
      return prestates(batch, choice.options, bounds, isWanted)
    case 'callTracer':
      return ofCalls(batch, isWanted, ([call]) =>
        call === undefined ? null : toCallFrame(call, choice.options, bounds.budget),
      )
    case 'flatCallTracer':
      return ofCalls(batch, isWanted, (calls, { place }) => {
        const { firstLogIndex: _, ...where } = place ?? { firstLogIndex: 0 }
        return toFlatTraces(calls, bounds.budget).map((trace) => ({ ...trace, ...where }))
      })
    case '4byteTracer':
      return ofCalls(batch, isWanted, selectors)
    case 'noopTracer':
      return ofCalls(batch, isWanted, () => ({}))
    case 'muxTracer': {
      const columns = choice.choices.map(([name, inner]) => [name, run(batch, inner, bounds, only)] as const)
      const rows = columns.length === 0 ? ofCalls(batch, isWanted, () => null) : (columns[0]?.[1] ?? [])
      return rows.map((_, row) =>
        Object.fromEntries(columns.map(([name, told]) => [name, told[row] ?? null])),
      )
    }
  }
}

function ofCalls(
  { execute, manifest }: TraceBatch,
  isWanted: (index: number) => boolean,
  tell: (calls: EvmCall[], message: TracedMessage) => Json,
): Json[] {
  const { messages, ...after } = execute()
  return messages
    .filter((_, index) => isWanted(index))
    .map((message) => tell(callsOf(manifest, after, message), message))
}

/** How often each function was called, by its selector and the bytes of its parameters. */
function selectors(calls: readonly EvmCall[]): Json {
  const counts: Record<string, number> = {}
  const visit = ({ calls: inner, input, type }: EvmCall): void => {
    if (!type.startsWith('create') && input.length >= SELECTOR_LENGTH) {
      const name = `${toHex(input.subarray(0, SELECTOR_LENGTH))}-${input.length - SELECTOR_LENGTH}`
      counts[name] = (counts[name] ?? 0) + 1
    }
    inner.forEach(visit)
  }
  calls.forEach(visit)
  return counts
}

function structLogs(
  { execute, manifest }: TraceBatch,
  options: StructLogOptions,
  { budget }: Bounds,
  isWanted: (index: number) => boolean,
): Json[] {
  const loggers = new Map<number, StructLogger>()
  const { messages, ...after } = execute({
    steps: (index) => {
      if (!isWanted(index)) return undefined
      const logger = new StructLogger(options, budget)
      loggers.set(index, logger)
      return logger.listener
    },
  })
  return [...loggers].map(([index, logger]) => {
    const { result, trace } = messages[index] as TracedMessage
    if (logger.count === 0 && runsContract(manifest, trace))
      throw new RpcError(
        'rpc/unsupported',
        'config.tracer: contracts are run here by an EVM actor that does not tell its steps; callTracer, flatCallTracer and prestateTracer do without',
      )
    const { exitCode, gasUsed } = result.receipt
    const [outermost] = callsOf(manifest, after, messages[index] as TracedMessage)
    return {
      gas: Number(gasUsed),
      failed: exitCode !== ExitCode.OK,
      returnValue: toHex(outermost?.output ?? new Uint8Array()),
      structLogs: logger.logs,
    }
  })
}

/** All is executed twice: the first time says what the second looks at. */
function prestates(
  { execute, manifest }: TraceBatch,
  options: PrestateOptions,
  { budget, traceWords }: Bounds,
  isWanted: (index: number) => boolean,
): Json[] {
  const collectors = new Map<number, TouchCollector>()
  const { messages } = execute({
    steps: (index) => {
      if (!isWanted(index)) return undefined
      const collector = new TouchCollector(traceWords)
      collectors.set(index, collector)
      return collector.listener
    },
  })
  const touched = new Map<number, TouchedState>(
    [...collectors].map(([index, collector]) => {
      const { trace } = messages[index] as TracedMessage
      return [index, collector.touched(trace, runsContract(manifest, trace))]
    }),
  )
  const seen: Record<'before' | 'after', Map<number, Accounts>> = { before: new Map(), after: new Map() }
  execute({
    observe: (moment, index, machine) => {
      const state = touched.get(index)
      if (state !== undefined) seen[moment].set(index, readAccounts(machine, state, traceWords))
    },
  })
  return [...touched.keys()].map((index) => {
    const told = formatPrestate(
      seen.before.get(index) ?? new Map(),
      seen.after.get(index) ?? new Map(),
      options,
    )
    budget.take(JSON.stringify(told).length)
    return told
  })
}
