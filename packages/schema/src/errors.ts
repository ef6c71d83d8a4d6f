import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type SchemaErrorCode =
  | 'schema/missing-field'
  | 'schema/out-of-range'
  | 'schema/unknown-field'
  | 'schema/wrong-type'

/** A value does not fit its description, and so cannot be encoded. What is decoded never makes one. */
export class SchemaError extends CodedError<SchemaErrorCode> {
  /** Where in the value: `proposal/label`, and empty for the value itself. */
  readonly field: string

  constructor(code: SchemaErrorCode, field: string, message: string) {
    super(code, `${field === '' ? 'the value' : field}: ${message}`)
    this.field = field
  }
}
