/** @module The actor that every runtime's tests have in its language, and what its calls and results are to the suite. */
import type { CryptoProvider } from '@troupe/crypto'
import {
  ErrorNumber,
  type EventEntry,
  type ExitCode,
  type FidelityLevel,
  methodNumber,
  type RuleSet,
  type Runtime,
} from '@troupe/hypervisor'
import { decodeIpld, encodeIpld, type IpldValue } from '@troupe/ipld'

/** What the subject is told to do. It keeps a number, 0 at first. */
export type SubjectCall =
  /** Gives the bytes back. */
  | { readonly do: 'echo'; readonly data: Uint8Array }
  /** Keeps a number; gives nothing. */
  | { readonly do: 'put'; readonly n: bigint }
  /** Gives the number that it keeps. */
  | { readonly do: 'get' }
  /** Keeps a number, announces it, and fails. */
  | { readonly do: 'fail'; readonly n: bigint; readonly exitCode: ExitCode }
  /** Never ends. */
  | { readonly do: 'spin' }
  /** Emits an event that has the number in it. */
  | { readonly do: 'announce'; readonly n: bigint }
  /** Gives attoFIL of its own. */
  | { readonly do: 'balance' }
  /** Gives the id of whoever called it. */
  | { readonly do: 'caller' }
  /** Keeps a number, calls another actor, reads its number, and gives how the call ended; or fails afterwards with exit code 40. */
  | ({ readonly do: 'relay' } & RelayedCall)
  /** Gives away what it has, and deletes itself. */
  | { readonly do: 'destroy' }

/** A call within a call. */
export interface RelayedCall {
  readonly n: bigint
  /** Actor id. */
  readonly to: bigint
  readonly method: bigint
  readonly params: Uint8Array
  readonly value: bigint
  readonly gasLimit: bigint
  readonly readOnly: boolean
  readonly fails: boolean
}

/** How a relayed call ended, as the subject saw it. */
export interface SeenOutcome {
  /** 0 where there was no call. */
  readonly exitCode: ExitCode
  /** 0 where there was a call. */
  readonly errorNumber: number
  /** What came back; empty for nothing. */
  readonly data: Uint8Array
  /** The number that the subject kept afterwards. */
  readonly kept: bigint
}

/** A call as bytes. */
export interface EncodedCall {
  readonly method: bigint
  readonly params: Uint8Array
}

/** How calls of the subject are written in bytes, and results read. */
export interface SubjectEncoding {
  encode(call: SubjectCall): EncodedCall
  /** What `echo` returned. */
  bytes(returned: Uint8Array): Uint8Array
  /** What `get`, `balance` and `caller` returned. */
  number(returned: Uint8Array): bigint
  /** What `relay` returned. */
  outcome(returned: Uint8Array): SeenOutcome
  /** The number that an event has. */
  announced(entries: readonly EventEntry[]): bigint
}

/** In what runtimes differ, because their languages' conventions do. */
export interface RuntimeConventions {
  /** The exit code of a call that is told to fail with another one. */
  failure(exitCode: ExitCode): ExitCode
  /** The exit code of a method number that nobody knows. */
  readonly unknownMethod: ExitCode
  /** The exit code where parameters cannot be read. */
  readonly malformed: ExitCode
  /** The exit code where `put` is called to change nothing. */
  readonly readOnlyPut: ExitCode
  /** The exit code where `announce` is. */
  readonly readOnlyAnnounce: ExitCode
  /** What a method returns that returns nothing. */
  readonly nothing: Uint8Array
  /** The multicodec number of what methods return. */
  readonly codec: number
  /** The exit code where `destroy` is. */
  readonly readOnlyDestroy: ExitCode
  /** Whether code is charged for what it does, so that code that never ends does end; otherwise the host ends it, by the clock. */
  readonly isMetered: boolean
  /** Whether calls get less gas than there is, so that their caller is left with some. */
  readonly keepsGasBack: boolean
  readonly fidelity: FidelityLevel
  /** The exit code of a message to a subject that has deleted itself. */
  readonly destroyed: ExitCode
}

/** A code that the runtime does not take. */
export interface RefusedCode {
  readonly what: string
  readonly code: Uint8Array
  /** The `code` of the refusal. */
  readonly refusal: string
}

/** A runtime with the subject in its language. */
export interface RuntimeSubject extends SubjectEncoding {
  readonly rules: RuleSet
  /** A new runtime, which has nothing in its caches. */
  createRuntime(): Runtime | Promise<Runtime>
  /** The block of the subject's code. */
  readonly code: Uint8Array
  /** Its multicodec number. */
  readonly codeCodec: number
  /** Parameters of the subject's constructor. */
  readonly construct: Uint8Array
  /** Parameters of a constructor that fails, and how. */
  readonly misconstruct: { readonly params: Uint8Array; readonly exitCode: ExitCode }
  readonly conventions: RuntimeConventions
  /** Codes that look like the runtime's and are none that users may install; `undefined` where the runtime takes no code of users. */
  readonly refused: readonly RefusedCode[] | undefined
  /** Rules that the runtime has no programs for, and the code of the error that says so; `undefined` where it has them for all. */
  readonly unsupported: { readonly rules: RuleSet; readonly code: string } | undefined
}

const NAMES: Readonly<Record<SubjectCall['do'], string>> = {
  announce: 'Announce',
  balance: 'Balance',
  caller: 'Caller',
  destroy: 'Destroy',
  echo: 'Echo',
  fail: 'Fail',
  get: 'Get',
  put: 'Put',
  relay: 'Relay',
  spin: 'Spin',
}

/**
 * The encoding of subjects that are called by numbers of FRC-42, take a list in CBOR and return CBOR.
 * Shape of what `relay` takes: `[n, to, method, params, value, gas limit, read-only, fails]`; of what it gives: `[exit code, error number, data, n]`.
 */
export function cborSubject(crypto: CryptoProvider): SubjectEncoding {
  const number = (returned: Uint8Array): bigint => BigInt(decodeIpld(returned) as bigint)
  return {
    encode: (call) => ({
      method: methodNumber(crypto, NAMES[call.do]),
      params: encodeIpld(argumentsOf(call)),
    }),
    bytes: (returned) => decodeIpld(returned) as Uint8Array,
    number,
    outcome: (returned) => {
      const [exitCode, errorNumber, data, kept] = decodeIpld(returned) as readonly IpldValue[]
      return {
        exitCode: Number(exitCode),
        errorNumber: Number(errorNumber),
        data: data as Uint8Array,
        kept: kept as bigint,
      }
    },
    announced: (entries) => number(entries.at(-1)?.value ?? new Uint8Array()),
  }
}

/** What a method of a subject is called with, in its order. */
export function argumentsOf(call: SubjectCall): readonly (bigint | boolean | Uint8Array)[] {
  switch (call.do) {
    case 'echo':
      return [call.data]
    case 'put':
    case 'announce':
      return [call.n]
    case 'fail':
      return [call.n, BigInt(call.exitCode)]
    case 'relay': {
      const { n, to, method, params, value, gasLimit, readOnly, fails } = call
      return [n, to, method, params, value, gasLimit, readOnly, fails]
    }
    default:
      return []
  }
}

/** The outcome that a number stands for which is an exit code, or an error number negated: what Filecoin's precompiles give. */
export function signedOutcome(exit: bigint): Pick<SeenOutcome, 'exitCode' | 'errorNumber'> {
  return exit < 0n ? { exitCode: 0, errorNumber: Number(-exit) } : { exitCode: Number(exit), errorNumber: 0 }
}

/** The error numbers that subjects are to see. */
export const SEEN_ERRORS = {
  tooDeep: ErrorNumber.LimitExceeded,
  tooPoor: ErrorNumber.InsufficientFunds,
  nobody: ErrorNumber.NotFound,
  readOnly: ErrorNumber.ReadOnly,
} as const
