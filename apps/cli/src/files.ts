import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { CliError } from './errors.ts'

/**
 * Reads a file that the user named. At once: nothing else waits for this thread, and the ways to the thread pool and back take longer than reading.
 * @throws {CliError} file/unreadable, file/too-large
 */
export function readBounded(path: string, maxBytes: number): Uint8Array {
  try {
    const file = openSync(path, 'r')
    try {
      const stat = fstatSync(file)
      if (!stat.isFile()) throw new CliError('file/unreadable', 'this is not a file', { where: path })
      if (stat.size > maxBytes)
        throw new CliError('file/too-large', `${stat.size} bytes, over ${maxBytes}`, { where: path })
      const { buffer, byteOffset, length } = readFileSync(file)
      return new Uint8Array(buffer, byteOffset, length)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    throw new CliError('file/unreadable', 'the file cannot be read', { where: path, cause })
  }
}
