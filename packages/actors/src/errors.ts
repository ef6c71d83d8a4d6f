import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type ActorsErrorCode =
  /** The constructor of an actor of the first state failed. */
  | 'genesis/constructor-failed'
  /** A genesis needs an actor that the manifest does not have. */
  | 'genesis/absent-actor'
  /** An address that no account can have from the start, or two accounts with one address. */
  | 'genesis/bad-account'
  /** The rules have a namespace with the id of an actor that manages none. */
  | 'genesis/taken-id'

/** What this package throws where it is used wrongly, or asked for what it does not have. */
export class ActorsError extends CodedError<ActorsErrorCode> {}
