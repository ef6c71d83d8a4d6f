/**
 * @module The ways in which the execution of actor code ends early. They are thrown through runtimes and guest frames, and caught by the
 * call manager and the syscall binding only; all but {@link ProtocolFatal} are plain objects, because a stack trace costs more than the
 * syscall it would describe.
 *
 * Anything else that is thrown below a machine (a store that cannot answer, exhausted host memory or stack, a bug) is a *host failure*: it
 * passes through everything here, makes no receipt and changes nothing.
 */
import { CodedError } from '@troupe/crypto'
import type { ErrorNumber } from '../actor/error-number.ts'
import type { ExitCode } from '../actor/exit-code.ts'

/** A syscall's recoverable failure: the calling actor receives the number, and goes on. */
export class SyscallError {
  readonly number: ErrorNumber
  readonly message: string

  constructor(number: ErrorNumber, message: string) {
    this.number = number
    this.message = message
  }
}

/** The gas limit in force is used up. Unwinds to the call that set the limit. */
export class OutOfGas {}

/** The actor ends itself, or traps: the invocation's result is an exit code and, from generation 3 on, a block of its registry. */
export class Abort {
  readonly exitCode: ExitCode
  readonly message: string
  /** Handle of the block to return, 0 for none. */
  readonly blockId: number

  constructor(exitCode: ExitCode, message: string, blockId = 0) {
    this.exitCode = exitCode
    this.message = message
    this.blockId = blockId
  }
}

/**
 * The FVM's own Fatal: something that correct actors and a whole state tree never bring about. The whole message fails with exit code 10
 * and uses its whole gas limit. That is an outcome of the protocol, not a failure of the host.
 */
export class ProtocolFatal extends Error {
  override readonly name = 'ProtocolFatal'
}

/**
 * Areas of the codes that say something about the data, which is the same on every host. Whatever else is thrown, by a store for example, says
 * something about this host and never becomes an outcome.
 */
const DATA_AREAS: ReadonlySet<string> = new Set([
  'actor-state',
  'address',
  'cbor',
  'cid',
  'commitment',
  'hamt',
  'proof-input',
  'state',
])
/** A store that has looked, and does not have the block, speaks about the data too. */
const ABSENT_BLOCK = 'blockstore/absent'

function isProtocolError(error: unknown): error is CodedError<string> {
  if (!(error instanceof CodedError)) return false
  const code: string = error.code
  return code === ABSENT_BLOCK || DATA_AREAS.has(code.slice(0, code.indexOf('/')))
}

/**
 * Runs `read` on what correct actors and a whole state tree always provide.
 * @throws {ProtocolFatal} where it is absent or malformed. Host failures pass.
 */
export function orFatal<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (isProtocolError(error)) throw new ProtocolFatal(error.message, { cause: error })
    throw error
  }
}

/**
 * Runs what cannot fail as a syscall unless the host has a bug.
 * @throws {ProtocolFatal} in place of a SyscallError
 */
export function orFatalSyscall<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof SyscallError) throw new ProtocolFatal(error.message)
    throw error
  }
}

/**
 * Runs `read` on what an actor provides.
 * @throws {SyscallError} with `number` where it is malformed. Host failures pass.
 */
export function orSyscall<T>(number: ErrorNumber, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (isProtocolError(error)) throw new SyscallError(number, error.message)
    throw error
  }
}
