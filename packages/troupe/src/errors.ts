import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type TroupeErrorCode =
  | 'block/gas-limit'
  | 'block/malformed'
  | 'block/repeated-message'
  | 'chain/epochs'
  | 'chain/no-tipset'
  | 'chain/system-failed'

/** What a local chain throws for what it is asked and cannot do. What an actor decides is a receipt, never this. */
export class TroupeError extends CodedError<TroupeErrorCode> {}
