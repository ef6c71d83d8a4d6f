/** @module What a vector is wrapped in: text, base64 and gzip. No types of the protocol, so that the main thread can open vectors for others. */
import { constants, gunzipSync, type ZlibOptions } from 'node:zlib'
import { CliError } from '../errors.ts'
import type { JsonValue } from './exact-json.ts'

/** How much a vector may be. All are inclusive. The largest official one: 2.5 MB of JSON, a CAR of 3.3 MB, one variant, one message. */
export interface VectorLimits {
  /** Characters of the JSON. */
  readonly textLength: number
  /** Bytes of the CAR after decompression. */
  readonly carBytes: number
  readonly variants: number
  readonly messages: number
  /** Entries of the randomness table. */
  readonly randomness: number
}

export const VECTOR_LIMITS: VectorLimits = {
  textLength: 128 * 1024 * 1024,
  carBytes: 256 * 1024 * 1024,
  variants: 16,
  messages: 1024,
  randomness: 65_536,
}

/** Bytes that are decompressed at a time: a CAR comes in one to a dozen chunks, which are put together at the end. */
const GUNZIP_CHUNK = 256 * 1024

/** How a CAR is decompressed: whole, and to at most `maxBytes`. */
export function gunzipOptions(maxBytes: number): ZlibOptions {
  return { maxOutputLength: maxBytes, finishFlush: constants.Z_FINISH, chunkSize: GUNZIP_CHUNK }
}

/**
 * Decodes the UTF-8 of a file.
 * @throws {CliError} vector/malformed
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new CliError('vector/malformed', 'the file is not UTF-8', { cause, where: file })
  }
}

/**
 * Decompresses, with the check of length and sum at the end.
 * @throws {CliError} vector/truncated, vector/malformed, vector/too-large
 */
export function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  try {
    // A plain array over the memory of its own: what is a Buffer stays out of the stores.
    const { buffer, byteOffset, length } = gunzipSync(bytes, gunzipOptions(maxBytes))
    return new Uint8Array(buffer, byteOffset, length)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new CliError('vector/too-large', `a CAR of more than ${maxBytes} bytes`, { cause })
    if (code === 'Z_BUF_ERROR')
      throw new CliError('vector/truncated', 'the compressed CAR ends early', { cause })
    if (typeof code === 'string' && code.startsWith('Z_'))
      throw new CliError('vector/malformed', 'the compression of the CAR is broken', { cause })
    throw cause
  }
}

/** Decodes base64 with padding. @throws {CliError} vector/truncated, vector/malformed */
export function decodeBase64(json: JsonValue): Uint8Array {
  const text = json.text()
  const decoded = Buffer.from(text, 'base64')
  // The decoder passes over what is not base64. Encoding anew finds that out much faster than a pattern, but is stricter about the last bits.
  if (decoded.toString('base64') !== text) checkBase64(text, json.path)
  const { buffer, byteOffset, length } = decoded
  return new Uint8Array(buffer, byteOffset, length)
}

function checkBase64(text: string, path: string): void {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new CliError('vector/malformed', `${path} is not base64`)
  if (text.length % 4 !== 0) throw new CliError('vector/truncated', `${path} ends early`)
}
