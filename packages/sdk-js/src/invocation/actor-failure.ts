/** @module Ends that actors choose. */
import { FIRST_USER_EXIT_CODE, SdkError } from '../errors.ts'
import { toUint8Array } from '../values/bytes.ts'
import { MAX_VALUE_BYTES } from '../values/passable-codec.ts'

const MAX_EXIT_CODE = 0xffff_ffff
/** As many bytes are a block, with the five that CBOR puts before them. */
const MAX_RETURNED = MAX_VALUE_BYTES - 5

/** An end that an actor has chosen; see {@link fail}. */
export class ActorFailure extends Error {
  readonly exitCode: number
  /** What the caller is given besides; `undefined` for nothing. */
  readonly returned: ArrayBuffer | undefined

  /** @throws as {@link fail} without an end */
  constructor(exitCode: number, message: string, returned?: ArrayBuffer) {
    if (!Number.isInteger(exitCode) || exitCode < FIRST_USER_EXIT_CODE || exitCode > MAX_EXIT_CODE)
      throw new RangeError(`${exitCode} is not an exit code of an actor`)
    const length = returned === undefined ? 0 : toUint8Array(returned).length
    if (length > MAX_RETURNED)
      throw new SdkError(
        'value/too-large',
        `what comes with a failure: ${length} bytes, of at most ${MAX_RETURNED}`,
      )
    super(message)
    this.name = 'ActorFailure'
    this.exitCode = exitCode
    this.returned = returned
  }
}

/**
 * Throws an error that ends the invocation with this exit code, where nobody catches it. From 32 up they are the actor's own; 16 to 31 have agreed meanings.
 * @param returned what the caller is given besides, as bytes; as a contract that reverts gives a reason. Default: nothing
 * @throws {RangeError} where that is none that an actor may end with; {@link SdkError} value/... where what is returned is not bytes, or more than a block may have
 */
export function fail(exitCode: number, message: string, returned?: ArrayBuffer): never {
  throw new ActorFailure(exitCode, message, returned)
}
