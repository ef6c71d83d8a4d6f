import { CodedError } from '@troupe/crypto'

/** Everything that this package throws besides the protocol's own outcomes. */
export type EvmErrorCode =
  /** There are no rules for a hardfork of this name; {@link EvmError.feature} has it. */
  | 'evm/unsupported-fork'
  /** A transaction or a rule of Ethereum that is left out; {@link EvmError.feature} names it. */
  | 'evm/unsupported'
  /** The rules of a network have another gas for contracts than the runtime was told to have. */
  | 'evm/other-gas'
  /** An instruction that the fork's own set does not have was described twice, or a table is not of 256 rows. A mistake of whoever writes tables. */
  | 'evm/bad-table'
  /** The host's native stack is used up. A failure of the host: gives no receipt. */
  | 'host/stack-exhausted'
  /** The host has no memory for what the code asked for and paid. A failure of the host: gives no receipt. */
  | 'host/memory-exhausted'

/** What an error of this package may say besides. */
export interface EvmErrorDetails extends ErrorOptions {
  /** The name of what is not supported. */
  readonly feature?: string
}

/** The coded error of this package. */
export class EvmError extends CodedError<EvmErrorCode> {
  readonly feature: string | undefined

  constructor(code: EvmErrorCode, message: string, details: EvmErrorDetails = {}) {
    super(code, message, details)
    this.feature = details.feature
  }
}
