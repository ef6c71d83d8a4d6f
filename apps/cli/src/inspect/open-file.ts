import { gunzipSync } from 'node:zlib'
import type { CryptoProvider } from '@troupe/crypto'
import { type Cid, IpldError, MemoryBlockstore } from '@troupe/ipld'
import { loadCar } from '@troupe/ipld/car'
import { parseVector, type UnsupportedVector, type Vector } from '../conformance/vector.ts'
import { CliError } from '../errors.ts'
import { readBounded } from '../files.ts'

/** A file that holds blocks. */
export interface InspectedFile {
  /** The vector, where it is one. */
  readonly vector: Vector | undefined
  readonly blocks: MemoryBlockstore
  readonly roots: readonly Cid[]
}

/** Most bytes of a file, and of what it unpacks to. */
const MAX_BYTES = 512 * 1024 * 1024
const OPENING_BRACE = 0x7b
const GZIP_MAGIC = [0x1f, 0x8b]
const WHITE_SPACE = /^\s*/

/**
 * Reads a test vector, a CAR, or a CAR in gzip.
 * @throws {CliError} file/unreadable, file/too-large, file/unknown-format; vector/… as the vector's parser
 */
export function openFile(path: string, crypto: CryptoProvider): InspectedFile {
  const bytes = readBounded(path, MAX_BYTES)
  try {
    return isJson(bytes) ? openVector(bytes, crypto) : openCar(bytes, crypto)
  } catch (error) {
    if (!(error instanceof CliError) || error.where !== undefined) throw error
    throw new CliError(error.code, error.message, {
      where: path,
      cause: error.cause,
      advice: error.advice,
    })
  }
}

function openVector(bytes: Uint8Array, crypto: CryptoProvider): InspectedFile {
  const vector: Vector | UnsupportedVector = parseVector(new TextDecoder().decode(bytes), crypto)
  if (vector.unsupported !== undefined)
    throw new CliError(
      'file/unknown-format',
      `the vector ${vector.id} is not supported: ${vector.unsupported}`,
    )
  return { vector, blocks: vector.blocks, roots: [vector.preRoot, vector.postRoot] }
}

function openCar(bytes: Uint8Array, crypto: CryptoProvider): InspectedFile {
  const blocks = new MemoryBlockstore()
  try {
    const roots = loadCar(blocks, unpack(bytes), crypto)
    return { vector: undefined, blocks, roots }
  } catch (cause) {
    if (!(cause instanceof IpldError)) throw cause
    throw new CliError('file/unknown-format', 'this is neither a test vector nor a sound CAR', { cause })
  }
}

function unpack(bytes: Uint8Array): Uint8Array {
  if (!GZIP_MAGIC.every((byte, index) => bytes[index] === byte)) return bytes
  try {
    const { buffer, byteOffset, length } = gunzipSync(bytes, { maxOutputLength: MAX_BYTES })
    return new Uint8Array(buffer, byteOffset, length)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new CliError('file/too-large', `the file unpacks to more than ${MAX_BYTES} bytes`, { cause })
    if (typeof code === 'string' && code.startsWith('Z_'))
      throw new CliError('file/unknown-format', 'the compression of the file is broken', { cause })
    throw cause
  }
}

function isJson(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  const skipped = WHITE_SPACE.exec(start)?.[0].length ?? 0
  return bytes[skipped] === OPENING_BRACE
}
