import { CodedError } from '@troupe/crypto'

/** Every code that the tour throws besides those of the command. */
export type TourErrorCode =
  /** Node is older than what troupe runs on. */
  | 'tour/unsupported-node'
  /** The sources of the actors are not beside the command. */
  | 'tour/no-actors'
  /** The thread with the machine ended before the tour did. */
  | 'tour/worker-died'

/** What keeps the tour from being given. */
export class TourError extends CodedError<TourErrorCode> {}
