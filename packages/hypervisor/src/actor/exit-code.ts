/**
 * @module Exit codes: how a message or a call ends. Below 16 the system's, from 16 the actor's own; 16 to 31 have agreed meanings.
 *
 * Source: ref-fvm release/v3 shared/src/error/mod.rs; 15 is ours.
 */

/** How a call ended: an unsigned 32-bit integer. Actors choose theirs freely from 16 up; {@link ExitCode} names the agreed ones. */
export type ExitCode = number

/** The exit codes that have names. */
export const ExitCode = {
  /** Success. */
  OK: 0,
  /** The sender does not exist, or cannot send. */
  SYS_SENDER_INVALID: 1,
  /** The sender's sequence number or balance does not fit the message. */
  SYS_SENDER_STATE_INVALID: 2,
  /** The receiver's code trapped. */
  SYS_ILLEGAL_INSTRUCTION: 4,
  /** The receiver does not exist and cannot be created. */
  SYS_INVALID_RECEIVER: 5,
  /** The sender does not have the value it sends. */
  SYS_INSUFFICIENT_FUNDS: 6,
  /** The gas limit is used up. */
  SYS_OUT_OF_GAS: 7,
  /** The receiver aborted with an exit code of the system. */
  SYS_ILLEGAL_EXIT_CODE: 9,
  /** The system found itself in a state that cannot be. */
  SYS_ASSERTION_FAILED: 10,
  /** The receiver returned a block handle that it does not have. */
  SYS_MISSING_RETURN: 11,
  /**
   * The receiver is locked while it is being called; see `withReentrancyLocks`. Not of the FVM, which keeps 3, 8 and 12 to 15 in reserve: the last of them is
   * the one that it is least likely to give away next.
   */
  SYS_REENTRANT_CALL: 15,
  /** The parameters are invalid. */
  USR_ILLEGAL_ARGUMENT: 16,
  /** What was asked for does not exist. */
  USR_NOT_FOUND: 17,
  /** The caller may not do this. */
  USR_FORBIDDEN: 18,
  /** The actor does not have the funds. */
  USR_INSUFFICIENT_FUNDS: 19,
  /** The actor's state is invalid. */
  USR_ILLEGAL_STATE: 20,
  /** Data could not be encoded or decoded. */
  USR_SERIALIZATION: 21,
  /** The actor has no such method. */
  USR_UNHANDLED_MESSAGE: 22,
  /** The actor failed and does not say why. */
  USR_UNSPECIFIED: 23,
  /** The actor found itself in a state that cannot be. */
  USR_ASSERTION_FAILED: 24,
  /** The call was read-only and would have changed something. From network version 18 on. */
  USR_READ_ONLY: 25,
  /** The method takes no value. From network version 18 on. */
  USR_NOT_PAYABLE: 26,
} as const

/** The lowest exit code that an actor may end itself with. */
export const FIRST_USER_EXIT_CODE = 16
/** The lowest exit code without an agreed or reserved meaning. */
export const FIRST_ACTOR_EXIT_CODE = 32

const NAMES: ReadonlyMap<ExitCode, string> = new Map(
  Object.entries(ExitCode).map(([name, code]) => [code, name]),
)

/** The name of an exit code: of {@link ExitCode}, `SYS_RESERVED_3` and the like, or `ACTOR_32` for an actor's own. */
export function exitCodeName(code: ExitCode): string {
  const name = NAMES.get(code)
  if (name !== undefined) return name
  if (isSystemExitCode(code)) return `SYS_RESERVED_${code}`
  return code < FIRST_ACTOR_EXIT_CODE ? `USR_RESERVED_${code}` : `ACTOR_${code}`
}

/** Whether the system keeps this exit code for itself, success included. */
export function isSystemExitCode(code: ExitCode): boolean {
  return code < FIRST_USER_EXIT_CODE
}
