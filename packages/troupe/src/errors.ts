import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type TroupeErrorCode = 'block/malformed' | 'chain/no-tipset'

/** What a local chain throws for what it is asked and cannot do. What an actor decides is a receipt, never this. */
export class TroupeError extends CodedError<TroupeErrorCode> {}
