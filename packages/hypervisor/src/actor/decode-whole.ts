import { CborReader, IpldError } from '@troupe/ipld'
import { HypervisorError, type HypervisorErrorCode } from '../errors.ts'

/**
 * Reads all of `bytes` with `decode`. What it throws for bad input becomes one code, with the details as `cause`.
 * @throws {HypervisorError} the given code
 */
export function decodeWhole<Value>(
  bytes: Uint8Array,
  code: HypervisorErrorCode,
  decode: (reader: CborReader) => Value,
): Value {
  try {
    const reader = new CborReader(bytes)
    const value = decode(reader)
    reader.end()
    return value
  } catch (cause) {
    if (!(cause instanceof IpldError || cause instanceof HypervisorError)) throw cause
    throw new HypervisorError(code, `the bytes are not what they should be: ${cause.message}`, { cause })
  }
}
