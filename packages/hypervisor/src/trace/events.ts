/** @module The stream of events that an execution gives off, across all runtimes. Call trees, gas profiles and error reports are views of it. */
import type { Cid } from '@troupe/ipld'
import type { ErrorNumber } from '../actor/error-number.ts'
import type { ExitCode } from '../actor/exit-code.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import type { ActorId, Address } from '../address/address.ts'
import type { Block } from '../kernel/block-registry.ts'
import type { CodeRefusal } from '../runtime/runtime.ts'
import type { CacheUse } from './cache-use.ts'
import type { CodeFrame } from './code-stack.ts'

/** One thing that happened. Calls nest: what stands between a `call` and its `return` or `error` happened within it. */
export type TraceEvent =
  | {
      readonly type: 'call'
      readonly from: ActorId
      readonly to: Address
      readonly method: bigint
      readonly value: TokenAmount
      readonly parameters: Block | undefined
      /** Milligas. */
      readonly gasLimit: bigint
      readonly readOnly: boolean
      /** Whether the sender cannot be called until the call ends. */
      readonly locksSender?: boolean
    }
  /** The receiver of the call is resolved, and its code about to run (or, with method 0, its balance about to change). */
  | { readonly type: 'invoke'; readonly actor: ActorId; readonly code: Cid }
  | { readonly type: 'return'; readonly exitCode: ExitCode; readonly value: Block | undefined }
  /** The call could not be made, or ended with more than itself. */
  | {
      readonly type: 'error'
      readonly number: ErrorNumber | 'out-of-gas' | 'fatal'
      readonly message: string
    }
  | { readonly type: 'gas'; readonly name: string; readonly milligas: number | bigint }
  /** A syscall of the invocation has ended; 0 stands for success, and for what ended the invocation with it. */
  | {
      readonly type: 'syscall'
      readonly module: string
      readonly name: string
      readonly errorNumber: ErrorNumber | 0
    }
  | { readonly type: 'event'; readonly emitter: ActorId; readonly entries: number }
  /** A user's code was looked at that is to be installed. */
  | { readonly type: 'install'; readonly code: Cid; readonly refusal: CodeRefusal | undefined }
  | { readonly type: 'log'; readonly actor: ActorId; readonly message: string }
  /** Where in its code an invocation failed, right before its `return` or `error`: from runtimes that can tell. */
  | {
      readonly type: 'stack'
      readonly actor: ActorId
      readonly code: Cid
      /** The innermost first. */
      readonly frames: readonly CodeFrame[]
    }
  /** How a message has used the read caches of its machine: the last event of a message that was executed. It depends on what was executed before, and on the host. */
  | ({ readonly type: 'caches' } & CacheUse)

/** Receives the events of an execution, in order. Must not throw, and must not call into the machine. */
export type TraceListener = (event: TraceEvent) => void
