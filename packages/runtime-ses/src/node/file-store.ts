import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageStore } from '../image/image-store.ts'

/**
 * Keeps entries as files of a directory, which need not exist yet. Several processes may share it: a file appears whole or not at all. What cannot be written is not kept, and
 * what cannot be read is not there: everything here can be made again.
 */
export class FileStore implements ImageStore {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  get(name: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.directory, name))
    } catch {
      return undefined
    }
  }

  put(name: string, bytes: Uint8Array): void {
    const temporary = join(this.directory, `.${name}-${randomBytes(8).toString('hex')}`)
    try {
      mkdirSync(this.directory, { recursive: true })
      writeFileSync(temporary, bytes)
      renameSync(temporary, join(this.directory, name))
    } catch {
      remove(temporary)
    }
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // It was never there.
  }
}
