import { CodedError } from '@troupe/crypto'
import { CborReader } from '@troupe/ipld'

/** What a CBOR byte string holds; `undefined` for no bytes, and for any other CBOR. */
export function byteString(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length === 0) return undefined
  try {
    const reader = new CborReader(bytes)
    const data = new Uint8Array(reader.bytes())
    reader.end()
    return data
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
