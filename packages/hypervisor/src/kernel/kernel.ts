import type { Syscall } from '../abi/types.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import type { ActorId } from '../address/address.ts'
import type { CallManager } from '../call-manager/call-manager.ts'
import type { GasTracker } from '../gas/tracker.ts'
import type { MemoryBudget } from '../machine/memory-budget.ts'
import type { RuleSet } from '../network/rule-set.ts'
import type { CodeFrame } from '../trace/code-stack.ts'
import type { TraceListener } from '../trace/events.ts'
import type { BlockRegistry } from './block-registry.ts'
import type { SyscallError } from './errors.ts'

/** What an invocation was called with. */
export interface InvocationContext {
  readonly caller: ActorId
  readonly receiver: ActorId
  readonly method: bigint
  readonly valueReceived: TokenAmount
  readonly readOnly: boolean
}

/**
 * The kernel's state for one invocation: what the syscalls work on. The syscalls themselves are the functions of `operations.ts`, which
 * take the kernel as their first argument.
 */
export class Kernel {
  readonly calls: CallManager
  readonly context: InvocationContext
  readonly blocks: BlockRegistry
  /** The last syscall, where it failed: the presumed cause if the actor aborts next. */
  lastFailure: { readonly syscall: Syscall; readonly error: SyscallError } | undefined
  /** Where in the actor's code the invocation has failed, the innermost first. A runtime that can tell says so here, where there is a {@link trace}. */
  failedAt: readonly CodeFrame[] = []

  constructor(calls: CallManager, context: InvocationContext, blocks: BlockRegistry) {
    this.calls = calls
    this.context = context
    this.blocks = blocks
  }

  get rules(): RuleSet {
    return this.calls.machine.rules
  }

  /** Gas of the message. */
  get gas(): GasTracker {
    return this.calls.gas
  }

  /** Where the events of the execution go; `undefined` where nobody listens. */
  get trace(): TraceListener | undefined {
    return this.calls.trace
  }

  /** Memory that the instances of the message share. */
  get memory(): MemoryBudget {
    return this.calls.memory
  }
}
