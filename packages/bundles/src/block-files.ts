import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CryptoProvider } from '@troupe/crypto'
import { BLAKE2B_256, type Cid } from '@troupe/ipld'
import { BundleError } from './errors.ts'
import { plainBytes } from './plain-bytes.ts'

/**
 * Files in a directory that several processes write at once. A file is written under another name first and then renamed, so that it is there
 * whole or not at all; a process that dies in between leaves a file in `tmp` and nothing else.
 */
export class AtomicFiles {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  /** Makes `path` hold `bytes`. A file that does already is left alone, a damaged one replaced. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    if (await holds(path, bytes)) return
    const temporary = join(this.directory, 'tmp', randomUUID())
    await Promise.all([dirname(temporary), dirname(path)].map((one) => mkdir(one, { recursive: true })))
    try {
      await writeFile(temporary, bytes, { flag: 'wx' })
      await rename(temporary, path)
    } catch (cause) {
      await rm(temporary, { force: true })
      // Windows refuses to replace a file that another process is reading: one that has just put the same there.
      if (!(await holds(path, bytes))) throw cause
    }
  }
}

/** Blocks as files: `blocks/<last two characters>/<CID>`. Only CIDs of version 1 with blake2b-256 have a file. */
export class BlockFiles {
  readonly #files: AtomicFiles
  readonly #crypto: CryptoProvider

  constructor(files: AtomicFiles, crypto: CryptoProvider) {
    this.#files = files
    this.#crypto = crypto
  }

  /** Keeps a block; the caller vouches for its hash. */
  async write(cid: Cid, bytes: Uint8Array): Promise<void> {
    await this.#files.write(this.#path(cid), bytes)
  }

  /** Whether there is a file for this block. */
  has(cid: Cid): boolean {
    return isKept(cid) && existsSync(this.#path(cid))
  }

  /**
   * The block, compared with its CID, or `undefined` where there is no file.
   * @throws {BundleError} bundles/corrupt
   */
  read(cid: Cid): Uint8Array | undefined {
    if (!isKept(cid)) return undefined
    const path = this.#path(cid)
    const bytes = readIfThere(path)
    if (!bytes) return undefined
    const digest = this.#crypto.blake2b(bytes, 32)
    if (digest.every((byte, i) => byte === cid.multihash.digest[i])) return bytes
    throw new BundleError(
      'bundles/corrupt',
      `${path} is damaged: its hash is not the one in its name. Remove the file and add its bundle again.`,
      { path },
    )
  }

  #path(cid: Cid): string {
    const name = cid.toString()
    return join(this.#files.directory, 'blocks', name.slice(-2), name)
  }
}

/** The file's content, or `undefined` where there is no such file. Other failures of the file system are thrown as they come. */
export function readIfThere(path: string): Uint8Array | undefined {
  try {
    return plainBytes(readFileSync(path))
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw cause
  }
}

/** Whether a failure of the file system says that the file is not there. */
export function isMissing(cause: unknown): boolean {
  return cause instanceof Error && (cause as NodeJS.ErrnoException).code === 'ENOENT'
}

function isKept({ version, multihash }: Cid): boolean {
  return version === 1 && multihash.code === BLAKE2B_256 && multihash.size === 32
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return (await readFile(path)).equals(bytes)
  } catch (cause) {
    if (isMissing(cause)) return false
    throw cause
  }
}
