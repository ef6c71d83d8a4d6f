import { CodedError } from '@troupe/crypto'
import {
  type Address,
  type Backtrace,
  type BacktraceFrame,
  type CallTree,
  ExitCode,
  exitCodeName,
  type FeeOutputs,
  formatBacktrace,
  type Message,
  type MessageFidelity,
  type MessageResult,
  type SourceLookup,
  type StampedEvent,
} from '@troupe/hypervisor'
import { type Cid, decodeIpld, type IpldValue } from '@troupe/ipld'
import type { QueuedResult } from '../chain/queue-run.ts'
import { formatHash } from '../ethereum/hex.ts'
import { type Revert, revertOfReceipt } from '../ethereum/revert.ts'
import type { PartialNames } from '../trace/call-text.ts'
import { explainFailure } from '../trace/render-trace.ts'
import { describeRepro, type Repro } from './repro.ts'

/** Why a call failed. */
export interface Failure {
  readonly message: string
  /** A line for each frame, the outermost first, and what caused the first error. */
  readonly backtrace: string
  /** The invocations that the error passed through, the innermost first. */
  readonly frames: readonly BacktraceFrame[]
}

/** What became of a call. */
export interface Outcome {
  readonly from: Address
  readonly to: Address
  readonly method: bigint
  readonly exit: { readonly code: ExitCode; readonly name: string }
  /** In whole gas. */
  readonly gas: { readonly used: bigint; readonly limit: bigint }
  /** What the actor returned, decoded; `undefined` for nothing, and for bytes that are no DAG-CBOR (see `returnData`). */
  readonly value: IpldValue | undefined
  readonly returnData: Uint8Array
  readonly events: readonly StampedEvent[]
  readonly fees: FeeOutputs
  /** How far the result is what Filecoin would have given, and why it is not further. */
  readonly fidelity: MessageFidelity
  /** Why it failed, where it did. */
  readonly failure: Failure | undefined
  /** Why an Ethereum contract reverted, where that is how it failed. */
  readonly revert: Revert | undefined
  /** Every call below, with its gas. */
  readonly trace: CallTree
}

/** What became of a message in a block. */
export interface MessageOutcome extends Outcome {
  readonly cid: Cid
  /** How Ethereum's tools call the message: of a transaction its Keccak-256, otherwise the digest of the CID; `0x` and 64 digits. */
  readonly hash: string
  /** CID of the block. */
  readonly block: Cid
  readonly epoch: bigint
  /** What became of the messages that it left to the end of the block, and of what those left, in the order of execution. */
  readonly queued: readonly QueuedOutcome[]
}

/** What became of a message that an actor had left to the end of a block. Its gas was paid for by the message that it comes from. */
export interface QueuedOutcome extends Outcome {
  /** Its number in the message queue, and that of its future. */
  readonly number: bigint
  readonly cid: Cid
  /** How Ethereum's tools call it: the digest of the CID, `0x` and 64 digits. */
  readonly hash: string
}

/** An actor said no: what `send` and `view` throw where the exit code is not 0. */
export class ActorError extends CodedError<'actor/failed'> {
  readonly outcome: Outcome
  /** The actor that was called, as text. */
  readonly receiver: string
  /** The file to execute it again from, where the chain was told to write such files. */
  readonly repro: Repro | undefined

  /** @param names how actors and methods are called, and what their parameters are; of none that are not given */
  constructor(outcome: Outcome, receiver: string, names?: PartialNames, repro?: Repro) {
    const lines = explainFailure(outcome, receiver, names)
    super('actor/failed', [...lines, ...(repro === undefined ? [] : [describeRepro(repro)])].join('\n'))
    this.outcome = outcome
    this.receiver = receiver
    this.repro = repro
  }
}

/** The outcome of a result. */
export function toOutcome(message: Message, result: MessageResult, trace: CallTree): Outcome {
  const { events, failure, fees, fidelity, receipt } = result
  const { exitCode: code, gasUsed, returnData } = receipt
  return {
    from: message.from,
    to: message.to,
    method: message.method,
    exit: { code, name: exitCodeName(code) },
    gas: { used: gasUsed, limit: message.gasLimit },
    value: decodeReturn(returnData),
    ...{ returnData, events, fees, fidelity, trace },
    revert: revertOfReceipt(receipt),
    failure:
      failure === undefined
        ? undefined
        : {
            message: failure.message,
            ...located(failure.backtrace, trace.locate),
          },
  }
}

/** How an error went up, with the places of what was written, as far as they are known. */
function located(
  backtrace: Backtrace | undefined,
  locate: SourceLookup = (_, frames) => ({ frames }),
): Pick<Failure, 'backtrace' | 'frames'> {
  if (backtrace === undefined) return { backtrace: '', frames: [] }
  const frames = backtrace.frames.map((frame) =>
    frame.stack === undefined ? frame : { ...frame, stack: locate(frame.code, frame.stack.frames) },
  )
  return { backtrace: formatBacktrace({ frames, cause: backtrace.cause }), frames }
}

/** The outcome of a queued message. */
export function toQueuedOutcome(
  { cid, message, number, result }: QueuedResult,
  trace: CallTree,
): QueuedOutcome {
  return { ...toOutcome(message, result, trace), number, cid, hash: formatHash(cid.multihash.digest) }
}

/** Whether a call succeeded. */
export function isSuccess({ exit }: Outcome): boolean {
  return exit.code === ExitCode.OK
}

/** Actors may return what they like; what is not DAG-CBOR is there as bytes only. */
function decodeReturn(data: Uint8Array): IpldValue | undefined {
  if (data.length === 0) return undefined
  try {
    return decodeIpld(data)
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
