/**
 * @module How a method of a native actor fails: with an exit code, a message, and sometimes a block. Errors of data become one where they are met,
 * with the exit code that the reference has there.
 *
 * Source: builtin-actors v18 runtime/src/actor_error.rs, runtime/src/util/downcast.rs.
 */
import { type Block, ExitCode, HypervisorError, isSystemExitCode } from '@troupe/hypervisor'
import { IpldError } from '@troupe/ipld'

/** The end of a method that fails. Thrown by the code of actors; no `Error`, because nobody looks at its stack. */
export class ActorError {
  /** 16 or above. */
  readonly exitCode: ExitCode
  /** For people; no part of the outcome. */
  readonly message: string
  /** What the caller receives along with the exit code. */
  readonly data: Block | undefined

  constructor(exitCode: ExitCode, message: string, data?: Block) {
    this.exitCode = exitCode
    this.message = message
    this.data = data
  }
}

/** Fails. @throws {ActorError} always */
export function fail(exitCode: ExitCode, message: string, data?: Block): never {
  throw new ActorError(exitCode, message, data)
}

/**
 * The failure of a method one of whose sends ended with `exitCode`: what the callee chose passes; what the system says of it becomes
 * USR_UNSPECIFIED where the callee is to blame, and USR_ASSERTION_FAILED otherwise.
 */
export function failureOfSend(exitCode: ExitCode, message: string, data?: Block): ActorError {
  if (!isSystemExitCode(exitCode)) return new ActorError(exitCode, message, data)
  const isCalleesFault =
    exitCode === ExitCode.SYS_MISSING_RETURN ||
    exitCode === ExitCode.SYS_ILLEGAL_INSTRUCTION ||
    exitCode === ExitCode.SYS_ILLEGAL_EXIT_CODE
  return new ActorError(
    isCalleesFault ? ExitCode.USR_UNSPECIFIED : ExitCode.USR_ASSERTION_FAILED,
    message,
    data,
  )
}

/**
 * Runs `run`, and lets whatever fails in it (data that is not what it should be, or an {@link ActorError}) fail with `exitCode`. Failures of the host
 * and ends of the invocation pass.
 * @throws {ActorError} with `exitCode`
 */
export function withExitCode<T>(exitCode: ExitCode, context: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof ActorError) throw new ActorError(exitCode, `${context}: ${error.message}`)
    if (isDataError(error)) throw new ActorError(exitCode, `${context}: ${error.message}`)
    throw error
  }
}

/**
 * As {@link withExitCode}, but an {@link ActorError} keeps its exit code, and CBOR that cannot be read or written fails with USR_SERIALIZATION.
 * @throws {ActorError}
 */
export function withDefaultExitCode<T>(exitCode: ExitCode, context: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof ActorError)
      throw new ActorError(error.exitCode, `${context}: ${error.message}`, error.data)
    if (!isDataError(error)) throw error
    const code = error.code.startsWith('cbor/') ? ExitCode.USR_SERIALIZATION : exitCode
    throw new ActorError(code, `${context}: ${error.message}`)
  }
}

/** Whether an error says something about data, which is the same on every host. What a store says is about the host. */
export function isDataError(error: unknown): error is IpldError | HypervisorError {
  if (error instanceof IpldError) return !error.code.startsWith('blockstore/')
  return error instanceof HypervisorError && error.code.startsWith('address/')
}
