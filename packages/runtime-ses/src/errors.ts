import { CodedError } from '@troupe/crypto'

/** Everything that this package throws besides the protocol's own outcomes. */
export type SesErrorCode =
  /** The engine or the library of hardened JavaScript is not the one that is pinned; {@link SesError.part} names it. */
  | 'ses/other-part'
  /** Booting the engine with the pinned parts gave another image than the one that is pinned, or booting failed. */
  | 'ses/other-image'
  /** The bytes are no image, or one of another format. */
  | 'ses/malformed-image'
  /** Code in V8 ran longer than it may. */
  | 'ses/timeout'
  /** There are no hardened actors under the rules: they speak the syscalls of generation 4. */
  | 'ses/unsupported-rules'

/** What an error of this package may say besides. */
export interface SesErrorDetails extends ErrorOptions {
  /** Name of the part that differs. */
  readonly part?: string
}

/** The coded error of this package. */
export class SesError extends CodedError<SesErrorCode> {
  readonly part: string | undefined

  constructor(code: SesErrorCode, message: string, details: SesErrorDetails = {}) {
    super(code, message, details)
    this.part = details.part
  }
}
