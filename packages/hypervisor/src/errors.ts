import { CodedError } from '@troupe/crypto'
import type { MessageFidelity } from './trace/fidelity.ts'

/** Every code that this package throws. */
export type HypervisorErrorCode =
  | 'actor-state/malformed'
  | 'address/checksum'
  | 'address/malformed'
  | 'externs/unsupported'
  | 'fees/negative'
  | 'fees/no-actor'
  | 'fees/unbalanced'
  /** Code that the manifest names is none that a runtime of this machine runs: a failure of the host, because on its own network it would run. */
  | 'machine/no-runtime'
  /** A part of the machine can never give results as good as they have to be. */
  | 'machine/fidelity'
  /** The rules have Ethereum's gas, and the contracts are run by what knows no prices of Ethereum. */
  | 'machine/no-prices'
  | 'manifest/malformed'
  | 'manifest/unsupported-version'
  | 'message/aborted-with-success'
  | 'message/delegated-address'
  /** The result of a message is not as good as it has to be: there is none. */
  | 'message/fidelity'
  | 'message/gas-limit'
  | 'message/malformed'
  | 'message/out-of-range'
  | 'method-name/malformed'
  | 'network/unknown-rules'
  | 'network/unsupported-version'
  | 'proof-input/malformed'
  | 'proofs/absent'
  | 'receipt/malformed'
  | 'signature/malformed'
  | 'signature/unsupported'
  | 'state/no-init-actor'
  | 'state/no-system-actor'
  | 'state/unsupported-version'
  | 'token-amount/malformed'

/** What an error of this package may say besides. */
export interface HypervisorErrorDetails extends ErrorOptions {
  /** What is not good enough, where something is not. */
  readonly fidelity?: MessageFidelity
}

/** What the core throws for input that is not what it should be. Outcomes of execution are values, never this. */
export class HypervisorError extends CodedError<HypervisorErrorCode> {
  readonly fidelity: MessageFidelity | undefined

  constructor(code: HypervisorErrorCode, message: string, details: HypervisorErrorDetails = {}) {
    super(code, message, details)
    this.fidelity = details.fidelity
  }
}
