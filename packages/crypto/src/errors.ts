import { CodedError } from './coded-error.ts'

/** Every code that this package throws. */
export type CryptoErrorCode =
  | 'commitment/sector-size'
  | 'commitment/piece-size'
  | 'commitment/piece-digest'
  | 'commitment/sector-overfull'

/** What the functions of this package throw for input that is not what it should be. */
export class CryptoError extends CodedError<CryptoErrorCode> {}
