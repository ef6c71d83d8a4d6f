import {
  type CacheUse,
  type CallFrame,
  type CallTree,
  type CodeStack,
  errorNumberName,
  exitCodeName,
  ownGas,
  totalGas,
} from '@troupe/hypervisor'
import type { Names } from './names.ts'

/** A call tree as data. All gas in milligas. */
export interface TraceReport {
  /** What is charged before any call, by name. */
  readonly inclusion: Readonly<Record<string, bigint>>
  readonly calls: readonly CallReport[]
  /** How the message has used the read caches of its machine; missing where it was not executed. */
  readonly caches?: CacheUse
}

/** One call as data. */
export interface CallReport {
  readonly from: string
  /** The receiver's id address where it was found, otherwise the address that was called. */
  readonly to: string
  /** Name of the receiver in the manifest. */
  readonly actor?: string
  /** What runs its code, where anybody says it. */
  readonly runtime?: string
  /** What the call is, where code and method do not say it. */
  readonly callName?: string
  /** Decimal: method numbers have 64 bits. */
  readonly method: string
  readonly methodName?: string
  /** attoFIL, decimal. */
  readonly value: string
  readonly readOnly: boolean
  readonly totalMilligas: bigint
  readonly ownMilligas: bigint
  readonly charges: Readonly<Record<string, bigint>>
  /** How often each syscall was made. */
  readonly syscalls: Readonly<Record<string, number>>
  readonly logs: readonly string[]
  /** How it ended; missing where the host failed. */
  readonly outcome?: CallOutcome
  /** Where in its code it failed, as far as its runtime tells. */
  readonly stack?: CodeStack
  readonly calls: readonly CallReport[]
}

/** How a call ended: with an exit code, or by an error that it could not be made for. */
export type CallOutcome =
  | { readonly exitCode: number; readonly exitName: string; readonly returnData: string }
  | { readonly error: string; readonly message: string }

/** A call tree as data, in full. */
export function reportCallTree({ caches, inclusion, roots }: CallTree, names: Names): TraceReport {
  return {
    ...(caches === undefined ? {} : { caches }),
    inclusion: Object.fromEntries(inclusion),
    calls: roots.map((root) => reportCall(root, names)),
  }
}

function reportCall(frame: CallFrame, names: Names): CallReport {
  const { call, actor, code, outcome, stack } = frame
  const name = code === undefined ? undefined : names.actorName(code)
  const methodName = names.methodName(name, call.method)
  const runtime = code === undefined ? undefined : names.runtimeName?.(code)
  const callName = names.callName?.(frame)
  return {
    from: `f0${call.from}`,
    to: actor === undefined ? names.formatAddress(call.to) : `f0${actor}`,
    ...(name === undefined ? {} : { actor: name }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(callName === undefined ? {} : { callName }),
    method: String(call.method),
    ...(methodName === undefined ? {} : { methodName }),
    value: String(call.value),
    readOnly: call.readOnly,
    totalMilligas: totalGas(frame),
    ownMilligas: ownGas(frame),
    charges: Object.fromEntries(frame.gas),
    syscalls: Object.fromEntries(frame.syscalls),
    logs: frame.logs,
    ...(outcome === undefined ? {} : { outcome: reportOutcome(outcome) }),
    ...(stack === undefined ? {} : { stack }),
    calls: frame.calls.map((child) => reportCall(child, names)),
  }
}

function reportOutcome(outcome: NonNullable<CallFrame['outcome']>): CallOutcome {
  if (outcome.type === 'error') {
    const { number, message } = outcome
    return { error: typeof number === 'number' ? errorNumberName(number) : number, message }
  }
  const { exitCode, value } = outcome
  const returnData = Array.from(value?.data ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { exitCode, exitName: exitCodeName(exitCode), returnData }
}
