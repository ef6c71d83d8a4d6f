import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type TroupeErrorCode =
  | 'account/bad-key'
  | 'account/count'
  | 'account/mnemonic'
  | 'account/path'
  | 'block/gas-limit'
  | 'block/malformed'
  | 'block/repeated-message'
  | 'chain/epochs'
  | 'chain/no-tipset'
  | 'chain/system-failed'
  | 'message/balance'
  | 'message/from'
  | 'message/gasFeeCap'
  | 'message/gasLimit'
  | 'message/gasPremium'
  | 'message/method'
  | 'message/params'
  | 'message/sequence'
  | 'message/signature'
  | 'message/to'
  | 'message/value'
  | 'message/version'
  | 'pool/full'
  | 'pool/known'
  | 'pool/sequence-gap'
  | 'pool/underpriced'

/** What a local chain throws for what it is asked and cannot do. What an actor decides is a receipt, never this. */
export class TroupeError extends CodedError<TroupeErrorCode> {}
