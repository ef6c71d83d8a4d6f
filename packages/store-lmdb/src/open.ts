import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { CryptoProvider } from '@troupe/crypto'
import { type Database, openEnvironment, storeErrorOf } from './environment.ts'
import { LmdbStoreError } from './errors.ts'
import { initialise, readName } from './format.ts'
import { LmdbStore } from './lmdb-store.ts'
import { WriterLock } from './writer-lock.ts'

/** How a store is opened. */
export interface LmdbStoreOptions {
  /** Only to read, while another process may write. Any number of processes may do so. Default: `false`. */
  readonly readOnly?: boolean | undefined
  /** What the store is called, of at most 256 bytes: a new one is given the name, an old one must have it. Default: any, and for a new one none. */
  readonly name?: string | undefined
  /**
   * Commits that are written to disk together, at least 1. With more than one, a process that ends without `close` or `sync` loses the last of them; what is on disk is
   * the state after one of the commits in any case. Default: 1, so that each commit is on disk when it returns.
   */
  readonly commitsPerSync?: number | undefined
  /**
   * Whether each commit is on disk when it returns. Without it the disk is waited for once and not twice, and a power cut may take the last commit back: the store is then whole,
   * as it was before that, be it after `sync`. A process that ends, however it ends, loses nothing. Default: `true`.
   */
  readonly isDurable?: boolean | undefined
  /** Bytes of all blocks together that the store takes at most; beyond, it answers `store/full`. The file may become half as large again. Default: as many as the disk does. */
  readonly maxBlockBytes?: number | undefined
  /** Whether each block is compared with its CID when it is read. Default: `true`. */
  readonly verifyReads?: boolean | undefined
}

const MAX_NAME_BYTES = 256
const MAX_READERS = 512

/**
 * Opens the store in a directory, and makes it where there is none.
 *
 * One process may write to it at a time; whoever comes second is told who does. A process that is killed holds nothing, and what it had committed is there.
 * @throws {LmdbStoreError} store-lmdb/locked, store-lmdb/absent, store-lmdb/wrong-name, store-lmdb/unsupported-version, store-lmdb/not-a-store,
 * store-lmdb/corrupt, store-lmdb/io, store-lmdb/bad-option
 * @throws {IpldError} store/full
 */
export async function openLmdbStore(
  directory: string,
  crypto: CryptoProvider,
  options: LmdbStoreOptions = {},
): Promise<LmdbStore> {
  const { readOnly = false, name, commitsPerSync = 1, maxBlockBytes = Infinity, verifyReads = true } = options
  checkOptions(options)
  const path = resolve(directory)
  const file = join(path, 'data.mdb')
  if (readOnly && !existsSync(file))
    throw new LmdbStoreError('store-lmdb/absent', `there is no store in ${path}`)
  if (!readOnly) makeDirectory(path)
  const lock = readOnly ? undefined : await WriterLock.acquire(path)
  try {
    const environment = {
      ...{ file, lockFile: `${file}-lock`, readers: MAX_READERS },
      ...{ isForWriting: !readOnly, isDurable: options.isDurable ?? true },
    }
    const database = openEnvironment(environment)
    try {
      const found = readName(database) ?? makeStore(database, file, readOnly, name ?? '')
      if (name !== undefined && name !== found)
        throw new LmdbStoreError('store-lmdb/wrong-name', `${path} is called ${JSON.stringify(found)}`)
      const parts = {
        directory: path,
        file,
        name: found,
        database,
        environment,
        crypto,
        lock,
        commitsPerSync,
        maxBlockBytes,
        verifyReads,
      }
      return new LmdbStore(parts)
    } catch (cause) {
      await database.close()
      throw storeErrorOf(cause, file, 0)
    }
  } catch (cause) {
    await lock?.release()
    throw cause
  }
}

function makeStore(database: Database, file: string, readOnly: boolean, name: string): string {
  if (readOnly) throw new LmdbStoreError('store-lmdb/absent', `there is no store in ${file} yet`)
  initialise(database, name)
  syncDirectory(dirname(file))
  return name
}

/** Makes the names in a directory outlive a power cut, as what is in the files does. Windows has nothing of the kind. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function makeDirectory(path: string): void {
  try {
    makeBelow(path)
  } catch (cause) {
    throw new LmdbStoreError('store-lmdb/io', `${path} cannot be made`, { cause })
  }
}

function checkOptions({ name = '', commitsPerSync = 1, maxBlockBytes = 0 }: LmdbStoreOptions): void {
  const refuse = (what: string): never => {
    throw new LmdbStoreError('store-lmdb/bad-option', what)
  }
  if (!(commitsPerSync >= 1)) refuse(`commitsPerSync is ${commitsPerSync}`)
  if (!(maxBlockBytes >= 0)) refuse(`maxBlockBytes is ${maxBlockBytes}`)
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) refuse('the name is too long')
}

/** Not by Node's own `recursive`, which does not end where a directory that is there (`/proc`) says of what it will not make that it is missing. */
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
  syncDirectory(dirname(path))
}
