import { CodedError } from '@troupe/crypto'
import { CborReader } from '@troupe/ipld'

/** What a CBOR byte string holds: nothing for no bytes at all, `undefined` for any other CBOR. */
export function cborBytes(data: Uint8Array): Uint8Array | undefined {
  if (data.length === 0) return data
  try {
    const reader = new CborReader(data)
    const bytes = reader.bytes()
    reader.end()
    return bytes.slice()
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
