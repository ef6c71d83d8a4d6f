import type { Cid } from '@troupe/ipld'
import { errorNumberName } from '../actor/error-number.ts'
import { type ExitCode, exitCodeName } from '../actor/exit-code.ts'
import type { ActorId } from '../address/address.ts'
import { type ProtocolFatal, SyscallError } from '../kernel/errors.ts'
import { type CodeStack, formatCodeStack } from '../trace/code-stack.ts'

/** An invocation that ended with an error. */
export interface BacktraceFrame {
  readonly actor: ActorId
  readonly method: bigint
  readonly exitCode: ExitCode
  readonly message: string
  readonly code: Cid
  /** Where in the code, as far as its runtime tells and somebody listens to the trace. */
  readonly stack?: CodeStack | undefined
}

/** The syscall that failed right before the first frame aborted, or the fatal that ended the message. */
export interface BacktraceCause {
  /** `module.name`, or `undefined` for a fatal. */
  readonly syscall: string | undefined
  readonly error: SyscallError | ProtocolFatal
}

/** How an error went up through the calls of a message: frames from the innermost outwards, and what caused the first. No part of the receipt. */
export class Backtrace {
  #cause: BacktraceCause | undefined
  #frames: BacktraceFrame[] = []

  get cause(): BacktraceCause | undefined {
    return this.#cause
  }

  get frames(): readonly BacktraceFrame[] {
    return this.#frames
  }

  get isEmpty(): boolean {
    return this.#cause === undefined && this.#frames.length === 0
  }

  /** Starts anew: whatever went wrong before was dealt with by an actor. */
  begin(cause: BacktraceCause): void {
    this.#cause = cause
    this.#frames = []
  }

  /** Names the cause, and keeps the frames. */
  setCause(cause: BacktraceCause): void {
    this.#cause = cause
  }

  push(frame: BacktraceFrame): void {
    this.#frames.push(frame)
  }

  clear(): void {
    this.#cause = undefined
    this.#frames = []
  }

  /** See {@link formatBacktrace}. */
  toString(): string {
    return formatBacktrace(this)
  }
}

/** One line a frame, the outermost first, those of its stack behind it; and the cause. */
export function formatBacktrace({ cause, frames }: Pick<Backtrace, 'cause' | 'frames'>): string {
  const lines = frames
    .toReversed()
    .flatMap(({ actor, method, exitCode, message, stack }) => [
      `f0${actor} method ${method}: ${message} (${exitCodeName(exitCode)})`,
      ...(stack === undefined ? [] : formatCodeStack(stack).map((line) => `  ${line}`)),
    ])
  if (cause !== undefined) lines.push(`caused by ${formatCause(cause)}`)
  return lines.join('\n')
}

function formatCause({ syscall, error }: BacktraceCause): string {
  if (error instanceof SyscallError) return `${syscall}: ${error.message} (${errorNumberName(error.number)})`
  return `a fatal error: ${error.message}`
}
