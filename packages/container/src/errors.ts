import { CodedError } from '@troupe/crypto'
import type { ValidationRule } from './validate/rules.ts'

/** Everything that the container throws besides the protocol's own errors. */
export type ContainerErrorCode =
  /** The bytes are no Wasm module. */
  | 'module/malformed'
  /** The module uses a feature that the rules leave out; {@link ContainerError.feature} names it. */
  | 'module/unsupported'
  /** The code is well-formed, but breaks a rule of validation; {@link ContainerError.rule} names it. */
  | 'module/invalid'
  /** The module needs or has more than the rules allow. */
  | 'module/limit'
  /** The module imports what is no syscall, or lacks an export that every actor has. Told of users' code when it is installed; of other code its first call tells. */
  | 'module/interface'
  /** A library that the module imports is not installed or not a library, lacks what is imported of it, or wants what the actor does not give. */
  | 'module/library'
  /** The reference's instrumentation refuses the code, although it is valid. */
  | 'module/not-instrumentable'
  /** The host's native stack is used up. A failure of the host: gives no receipt. */
  | 'host/stack-exhausted'
  /** The host has no memory for an instance, or for its growth. A failure of the host: gives no receipt. */
  | 'host/memory-exhausted'
  /**
   * The engine of the host breaks a promise of its own, or does not take a valid module, whose features or size are beyond it. A failure of the
   * host: gives no receipt.
   */
  | 'host/engine'

/** Where in a module something is wrong, and which feature or rule it is about. */
export interface ContainerErrorDetails extends ErrorOptions {
  /** Offset in the module's bytes. */
  readonly offset?: number
  /** Name of the Wasm feature, for `module/unsupported`. */
  readonly feature?: string
  /** The rule that is broken, for `module/invalid`. */
  readonly rule?: ValidationRule
}

/** The coded error of this package. */
export class ContainerError extends CodedError<ContainerErrorCode> {
  readonly offset: number | undefined
  readonly feature: string | undefined
  readonly rule: ValidationRule | undefined

  constructor(code: ContainerErrorCode, message: string, details: ContainerErrorDetails = {}) {
    super(code, message, details)
    this.offset = details.offset
    this.feature = details.feature
    this.rule = details.rule
  }
}

/**
 * The host's native stack does not hold the recursion that the protocol allows. Never an outcome of the protocol: where the stack ends depends
 * on the host, and on how far its compiler got.
 */
export class HostStackExhausted extends ContainerError {
  constructor(cause: unknown) {
    super('host/stack-exhausted', 'the native stack of this thread is too small for the call', { cause })
  }
}

/** The host cannot give the memory that the protocol allows. Never an outcome of the protocol. */
export class HostMemoryExhausted extends ContainerError {
  constructor(what: string, cause?: unknown) {
    super('host/memory-exhausted', `no host memory for ${what}`, { cause })
  }
}
