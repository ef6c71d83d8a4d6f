/**
 * An error that a library throws for bad input or a broken promise of its caller. The `code` is public API, the message is not.
 *
 * Each package derives one class from it and lists its codes as a union of string literals of the form `'area/what-is-wrong'`.
 */
export class CodedError<Code extends string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
