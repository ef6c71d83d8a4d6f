import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
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

/**
 * Makes a directory, and those above it. Not by Node's own `recursive`, which does not end where a directory that is there (`/proc`) says of what it will not make that it is missing.
 * @throws {CliError} file/unwritable
 */
export function makeDirectory(path: string): void {
  try {
    makeBelow(path)
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    throw new CliError('file/unwritable', 'the directory cannot be made', {
      where: path,
      advice: 'choose one where you may write',
      cause,
    })
  }
}

function makeBelow(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error
    makeBelow(dirname(path))
    mkdirSync(path)
  }
}
