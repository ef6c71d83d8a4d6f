/** @module What somebody wants to be told of an execution. Source: go-ethereum eth/tracers/api.go `TraceConfig`, eth/tracers/logger `Config`, eth/tracers/native. */
import type { BlockContext } from 'troupe'
import { RpcError } from '../errors.ts'
import { type AccountOverride, blockOverrides, stateOverrides } from '../parameters/overrides.ts'
import { invalid, optional, type Reader, reader } from '../parameters/parameter.ts'
import { boolean, count, objectOf, text } from '../parameters/readers.ts'
import { isJsonObject } from '../protocol/json.ts'
import type { CallFrameOptions } from './format-trace.ts'
import type { PrestateOptions } from './prestate.ts'
import type { StructLogOptions } from './struct-logs.ts'

/** A tracer, with how it is to show what it sees. */
export type TracerChoice =
  | { readonly tracer: 'structLogs'; readonly options: StructLogOptions }
  | { readonly tracer: 'callTracer'; readonly options: CallFrameOptions }
  | { readonly tracer: 'prestateTracer'; readonly options: PrestateOptions }
  | { readonly tracer: 'flatCallTracer' | '4byteTracer' | 'noopTracer' }
  | { readonly tracer: 'muxTracer'; readonly choices: readonly (readonly [string, TracerChoice])[] }

const TRACERS = 'callTracer, prestateTracer, flatCallTracer, 4byteTracer, noopTracer and muxTracer'
const MAX_TRACER_LENGTH = 10_000
const MAX_STEPS = 10_000_000

const fields = objectOf('an object', {
  tracer: optional(text(MAX_TRACER_LENGTH)),
  disableStack: optional(boolean),
  disableStorage: optional(boolean),
  disableMemory: optional(boolean),
  enableMemory: optional(boolean),
  enableReturnData: optional(boolean),
  limit: optional(count(MAX_STEPS)),
  stateOverrides: optional(stateOverrides),
  blockOverrides: optional(blockOverrides),
  tracerConfig: optional(reader('an object', (value) => value)),
})
const callOptions = objectOf('an object', { onlyTopCall: optional(boolean), withLog: optional(boolean) })
const prestateOptions = objectOf('an object', {
  diffMode: optional(boolean),
  disableCode: optional(boolean),
  disableStorage: optional(boolean),
  includeEmpty: optional(boolean),
})

/** What is wanted of an execution, and what is to be otherwise for it. */
export interface TraceConfig {
  readonly choice: TracerChoice
  readonly stateOverrides: readonly AccountOverride[] | undefined
  readonly blockOverrides: BlockContext | undefined
}

/** Reads what debug_trace* are given. Without a tracer every instruction is wanted. */
export const traceConfig: Reader<TraceConfig> = reader('an object', (value, at) => {
  const {
    blockOverrides: context,
    stateOverrides: state,
    tracer,
    tracerConfig,
    ...steps
  } = fields.read(value, at)
  const choice =
    tracer === undefined ? structLogChoice(steps) : chooseTracer(tracer, tracerConfig ?? {}, at, false)
  return { choice, blockOverrides: context, stateOverrides: state }
})

/** What is wanted where nobody says what. */
export const ALL_STEPS: TraceConfig = {
  choice: structLogChoice({}),
  blockOverrides: undefined,
  stateOverrides: undefined,
}

function structLogChoice(
  steps: Partial<Omit<ReturnType<typeof fields.read>, 'tracer' | 'tracerConfig'>>,
): TracerChoice {
  return {
    tracer: 'structLogs',
    options: {
      hasStack: steps.disableStack !== true,
      hasMemory: steps.enableMemory === true || steps.disableMemory === false,
      hasStorage: steps.disableStorage !== true,
      hasReturnData: steps.enableReturnData === true,
      limit: steps.limit === 0 ? undefined : steps.limit,
    },
  }
}

/** @throws {RpcError} rpc/unsupported for a tracer that there is none of */
function chooseTracer(tracer: string, config: unknown, at: string, isInMux: boolean): TracerChoice {
  const where = `${at}.tracerConfig`
  switch (tracer) {
    case 'callTracer': {
      const { onlyTopCall, withLog } = callOptions.read(config, where)
      return { tracer, options: { isTopOnly: onlyTopCall === true, hasLogs: withLog === true } }
    }
    case 'prestateTracer': {
      const { diffMode, disableCode, disableStorage, includeEmpty } = prestateOptions.read(config, where)
      const shown = { hasCode: disableCode !== true, hasStorage: disableStorage !== true }
      return { tracer, options: { ...shown, isDiff: diffMode === true, hasEmpty: includeEmpty === true } }
    }
    case 'flatCallTracer':
    case '4byteTracer':
    case 'noopTracer':
      return { tracer }
    case 'muxTracer': {
      if (isInMux) throw invalid(where, 'has a muxTracer in a muxTracer')
      if (!isJsonObject(config)) throw invalid(where, 'is no object')
      const choices = Object.entries(config).map(
        ([name, inner]) => [name, chooseTracer(name, inner ?? {}, where, true)] as const,
      )
      return { tracer, choices }
    }
    default:
      throw new RpcError('rpc/unsupported', `${at}.tracer: there are ${TRACERS}; code of a tracer is not run`)
  }
}
