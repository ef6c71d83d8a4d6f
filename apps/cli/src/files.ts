import { open } from 'node:fs/promises'
import { CliError } from './errors.ts'

/**
 * Reads a file that the user named.
 * @throws {CliError} file/unreadable, file/too-large
 */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const file = await open(path)
    try {
      const stat = await file.stat()
      if (!stat.isFile()) throw new CliError('file/unreadable', 'this is not a file', { where: path })
      if (stat.size > maxBytes)
        throw new CliError('file/too-large', `${stat.size} bytes, over ${maxBytes}`, { where: path })
      const { buffer, byteOffset, length } = await file.readFile()
      return new Uint8Array(buffer, byteOffset, length)
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    throw new CliError('file/unreadable', 'the file cannot be read', { where: path, cause })
  }
}
