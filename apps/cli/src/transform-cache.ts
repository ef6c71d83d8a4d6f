import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import type { TransformCache } from '@troupe/container'

const KEY = /^[A-Za-z0-9-]{1,128}$/

/**
 * Transformed modules in a directory that several threads and processes share: `<directory>/<last two characters>/<key>`.
 *
 * A file is written under another name and then renamed, so it is there whole or not at all. Damage is found out by the container, which keeps a
 * hash with each entry. A directory that cannot be read or written makes the cache empty, and nothing worse.
 */
export class FileTransformCache implements TransformCache {
  readonly #directory: string
  #count = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  get(key: string): Uint8Array | undefined {
    try {
      const { buffer, byteOffset, length } = readFileSync(this.#path(key))
      return new Uint8Array(buffer, byteOffset, length)
    } catch (error) {
      if (isFileSystemError(error)) return undefined
      throw error
    }
  }

  put(key: string, bytes: Uint8Array): void {
    const path = this.#path(key)
    const temporary = `${path}.${process.pid}-${threadId}-${this.#count++}`
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(temporary, bytes, { flag: 'wx' })
      renameSync(temporary, path)
    } catch (error) {
      if (!isFileSystemError(error)) throw error
      remove(temporary)
    }
  }

  #path(key: string): string {
    if (!KEY.test(key)) throw new TypeError(`${JSON.stringify(key)} cannot name a file`)
    return join(this.#directory, key.slice(-2), key)
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    if (!isFileSystemError(error)) throw error
  }
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
