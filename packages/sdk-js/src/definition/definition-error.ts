import { CodedError } from '@troupe/crypto'

/** Every way in which a definition of an actor can be wrong. */
export type DefinitionErrorCode =
  | 'definition/bad-abi'
  | 'definition/bad-guard'
  | 'definition/bad-name'
  | 'definition/bad-state'
  | 'definition/duplicate-method'
  | 'definition/guard-without-method'
  | 'definition/method-without-guard'
  | 'definition/not-hardenable'
  | 'definition/unknown-option'
  | 'definition/unknown-power'

/** What {@link defineActor} throws. An actor with such a definition cannot be installed. */
export class DefinitionError extends CodedError<DefinitionErrorCode> {}
