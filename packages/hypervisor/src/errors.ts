import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type HypervisorErrorCode =
  | 'actor-state/malformed'
  | 'address/checksum'
  | 'address/malformed'
  | 'message/malformed'
  | 'method-name/malformed'
  | 'proof-input/malformed'
  | 'receipt/malformed'
  | 'signature/malformed'
  | 'signature/unsupported'
  | 'token-amount/malformed'

/** What the core throws for input that is not what it should be. Outcomes of execution are values, never this. */
export class HypervisorError extends CodedError<HypervisorErrorCode> {}
