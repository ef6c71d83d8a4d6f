import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { LmdbStoreError } from './errors.ts'

/** Where the fields of a meta page are: LMDB's `MDB_meta`, 24 bytes into the page. */
const META_FIELDS = {
  magic: 24,
  version: 28,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  transaction: 152,
} as const
const META_END = 160
const MAGIC = 0xbeefc0de
const DATA_VERSION = 2
const PAGE_SIZES: readonly number[] = [4096, 8192, 16_384, 32_768, 65_536]
/** The root of a tree that is empty. */
const NO_PAGE = 2n ** 64n - 1n

/**
 * Makes sure that a file can be opened as a database of LMDB: that it is not there, or empty, or starts with two meta pages whose trees start inside of it.
 *
 * It finds what goes wrong by accident. What a file was made to be, to do harm, it does not find.
 * @throws {LmdbStoreError} store-lmdb/not-a-store, store-lmdb/unsupported-version, store-lmdb/corrupt, store-lmdb/io
 */
export function checkFile(file: string): void {
  if (!existsSync(file)) return
  const descriptor = openToRead(file)
  try {
    if (fstatSync(descriptor).size === 0) return
    const first = readMeta(descriptor, 0)
    if (first?.getUint32(META_FIELDS.magic, true) !== MAGIC) notAStore(file)
    const version = first.getUint32(META_FIELDS.version, true)
    if (version !== DATA_VERSION)
      throw new LmdbStoreError(
        'store-lmdb/unsupported-version',
        `${file} has version ${version} of LMDB's format`,
      )
    const pageSize = first.getUint32(META_FIELDS.pageSize, true)
    if (!PAGE_SIZES.includes(pageSize)) notAStore(file)
    const second = readMeta(descriptor, pageSize)
    if (second === undefined) throw new LmdbStoreError('store-lmdb/corrupt', `${file} is cut off`)
    const newest = transactionOf(second) > transactionOf(first) ? second : first
    // After the pages were read: whoever writes meanwhile makes the file longer first.
    const { size } = fstatSync(descriptor)
    for (const field of [META_FIELDS.freeRoot, META_FIELDS.mainRoot]) {
      const root = newest.getBigUint64(field, true)
      if (root !== NO_PAGE && (root + 1n) * BigInt(pageSize) > BigInt(size))
        throw new LmdbStoreError('store-lmdb/corrupt', `${file} ends before its page ${root}`)
    }
  } finally {
    closeSync(descriptor)
  }
}

function openToRead(file: string): number {
  try {
    return openSync(file, 'r')
  } catch (cause) {
    throw new LmdbStoreError('store-lmdb/io', `${file} cannot be read`, { cause })
  }
}

/** The start of a page, or nothing where the file ends too early. */
function readMeta(descriptor: number, at: number): DataView | undefined {
  const bytes = new Uint8Array(META_END)
  return readSync(descriptor, bytes, 0, META_END, at) < META_END ? undefined : new DataView(bytes.buffer)
}

function transactionOf(meta: DataView): bigint {
  return meta.getBigUint64(META_FIELDS.transaction, true)
}

function notAStore(file: string): never {
  throw new LmdbStoreError('store-lmdb/not-a-store', `${file} is no database of LMDB`)
}
