import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type NativeErrorCode =
  /** The native stack of the thread is too small for the calls within a message. Never an outcome. */
  | 'host/stack-exhausted'
  /** The rules of the network are those of a generation whose syscalls native actors do not speak. */
  | 'native/unsupported-rules'
  /** The actor of a built-in name is needed, and was not given. */
  | 'native/absent-actor'
  /** Two actors have one name, or a name that no built-in actor has. */
  | 'native/malformed-manifest'
  /** An actor's own code broke a promise: a bug, never an outcome. */
  | 'native/broken-actor'

/** What this package throws where it is used wrongly, or asked for what it does not have. Outcomes of actors are values of the protocol, never this. */
export class NativeError extends CodedError<NativeErrorCode> {}
