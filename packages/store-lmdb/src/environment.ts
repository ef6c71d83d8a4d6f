/**
 * @module LMDB as this package uses it: one database of bytes by bytes, each commit on disk before it returns.
 *
 * The library ends the whole process where it cannot open an environment, so all that can be wrong with one is looked for before.
 */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { constants as system } from 'node:os'
import { dirname } from 'node:path'
import { IpldError } from '@troupe/ipld'
import { open } from 'lmdb'
import { checkFile } from './check-file.ts'
import { LmdbStoreError } from './errors.ts'

/** A database of bytes by bytes: what of the library's own is used, with what its types leave out. */
export interface Database {
  /** What is under a key, in memory of the library's that the next read overwrites. Its length is {@link lastSize}, not its own. */
  getBinaryFast(key: Uint8Array): Buffer | undefined
  readonly lastSize: number
  doesExist(key: Uint8Array): boolean
  getKeys(range: KeyRange): Iterable<Uint8Array>
  getStats(): { readonly entryCount: number }
  /** Runs `work` in a transaction, and undoes what it wrote where it throws. */
  transactionSync<T>(work: () => T): T
  putSync(key: Uint8Array, value: Uint8Array): void
  removeSync(key: Uint8Array): boolean
  useReadTransaction(): { done(): void }
  /** Lets what is read from now on be what was committed by now, whoever has committed it. */
  resetReadTxn(): void
  readerCheck(): number
  readerList(): string
  close(): Promise<void>
}

/** Keys from `start` on, which counts, up to `end`, which does not, or from `start` down to `end`. */
export interface KeyRange {
  readonly start: Uint8Array
  readonly end: Uint8Array
  readonly reverse?: boolean
  readonly inclusiveEnd?: boolean
  readonly limit?: number
}

/** How an environment is opened. */
export interface EnvironmentOptions {
  /** The file with the data. */
  readonly file: string
  /** The file that LMDB keeps its locks in. */
  readonly lockFile: string
  readonly readers: number
  /** Whether it is opened to be written to. */
  readonly isForWriting: boolean
  /** Whether the last commit, too, is on disk when it returns. Default: `true`. */
  readonly isDurable?: boolean
}

/** Bytes that must be free for LMDB's own files, which it cannot be without. */
const ROOM_TO_OPEN = 1_048_576

/** Opens an environment, and makes it where its file is not there or has nothing in it. */
export function openEnvironment({
  file,
  isDurable = true,
  isForWriting,
  lockFile,
  readers,
}: EnvironmentOptions): Database {
  checkFile(file)
  const isWritable = checkAccess(file, lockFile, isForWriting)
  const database: unknown = open<Uint8Array, Uint8Array>(file, {
    noSubdir: true,
    // Commits are on disk when they return; the other way they are so some time later.
    overlappingSync: false,
    noMetaSync: !isDurable,
    maxReaders: readers,
    encoding: 'binary',
    keyEncoding: 'binary',
    // Reading handles take this way too where they may: an environment that was once opened for reading cannot be written to in the same process.
    readOnly: !isWritable,
  })
  return database as Database
}

/** Views of the library's own memory as plain bytes; it has one, and another once something greater is read. */
const PLAIN_VIEWS = new WeakMap<Buffer, Uint8Array>()

/** A copy of what is under a key, as plain bytes. The library's own copies are `Buffer`s, which take as long to make as the rest of a read. */
export function read(database: Database, key: Uint8Array): Uint8Array | undefined {
  const lent = database.getBinaryFast(key)
  if (lent === undefined) return undefined
  const known = PLAIN_VIEWS.get(lent)
  const view = known ?? new Uint8Array(lent.buffer, lent.byteOffset, lent.byteLength)
  if (known === undefined) PLAIN_VIEWS.set(lent, view)
  return view.slice(0, database.lastSize)
}

/** Whether the file may be written to. */
function checkAccess(file: string, lockFile: string, isForWriting: boolean): boolean {
  const isThere = existsSync(file)
  const paths = [isThere ? file : dirname(file), existsSync(lockFile) ? lockFile : dirname(lockFile)]
  try {
    for (const path of paths) accessSync(path, constants.R_OK | constants.W_OK)
  } catch (cause) {
    if (isForWriting) throw new LmdbStoreError('store-lmdb/io', `${file} cannot be written to`, { cause })
    try {
      for (const path of paths) accessSync(path, constants.R_OK)
    } catch (unreadable) {
      throw new LmdbStoreError('store-lmdb/io', `${file} cannot be read`, { cause: unreadable })
    }
    return false
  }
  if (freeBytes(file) < ROOM_TO_OPEN) throw new IpldError('store/full', `no room is left beside ${file}`)
  return true
}

/** Bytes that are free where a file is. */
function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file))
  return bavail * bsize
}

/** What LMDB answers with numbers of its own. */
const MAP_FULL = -30792
const CORRUPTED: readonly number[] = [-30797, -30796, -30795, -30793]
const WINDOWS_DISK_FULL = 112

/**
 * What to throw for a failure of LMDB. A disk that runs full in the middle of a write looks like one that is broken: LMDB says so (EIO) where part of the write
 * got there.
 * @param wanted bytes that there was to write
 */
export function storeErrorOf(cause: unknown, file: string, wanted: number): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'number') return cause
  const { code, message } = cause
  const { ENOSPC, EDQUOT, EIO } = system.errno
  const isFull =
    [ENOSPC, EDQUOT, MAP_FULL, ...(process.platform === 'win32' ? [WINDOWS_DISK_FULL] : [])].includes(code) ||
    (code === EIO && freeBytes(file) < wanted)
  if (isFull) return new IpldError('store/full', `no room is left for ${file}`, { cause })
  if (CORRUPTED.includes(code))
    return new LmdbStoreError('store-lmdb/corrupt', `${file}: ${message}`, { cause })
  return new LmdbStoreError('store-lmdb/io', `${file}: ${message}`, { cause })
}
