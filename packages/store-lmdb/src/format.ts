/** @module What a store says of itself: the version of its format, its name, and how much it holds. */
import type { StoreStatistics } from '@troupe/ipld'
import { type Database, read } from './environment.ts'
import { LmdbStoreError } from './errors.ts'
import { metaKey } from './keys.ts'

/** The version of the format that this package writes: how keys and records are made. */
const FORMAT_VERSION = 1

const FORMAT = metaKey('format')
const NAME = metaKey('name')
const COUNTS = metaKey('counts')
const MAGIC = 'troupe-store '

/** How much a store holds, while it changes. */
export interface Counts {
  blocks: number
  blockBytes: number
  refs: number
}

/**
 * The name of the store, or `undefined` where there is nothing in the database.
 * @throws {LmdbStoreError} store-lmdb/not-a-store, store-lmdb/unsupported-version
 */
export function readName(database: Database): string | undefined {
  const format = read(database, FORMAT)
  if (format === undefined) {
    if (database.getStats().entryCount === 0) return undefined
    throw new LmdbStoreError('store-lmdb/not-a-store', 'the database of LMDB is not that of a store')
  }
  const text = textOf(format)
  const version = text.startsWith(MAGIC) ? text.slice(MAGIC.length) : ''
  if (!/^[1-9][0-9]*$/.test(version))
    throw new LmdbStoreError('store-lmdb/not-a-store', `the format is ${JSON.stringify(text)}`)
  if (Number(version) !== FORMAT_VERSION)
    throw new LmdbStoreError(
      'store-lmdb/unsupported-version',
      `the store has version ${version} of the format; this package knows version ${FORMAT_VERSION}`,
    )
  return textOf(read(database, NAME) ?? new Uint8Array())
}

/** Makes an empty database a store. */
export function initialise(database: Database, name: string): void {
  database.transactionSync(() => {
    database.putSync(FORMAT, bytesOf(MAGIC + FORMAT_VERSION))
    database.putSync(NAME, bytesOf(name))
    writeCounts(database, { blocks: 0, blockBytes: 0, refs: 0 })
  })
}

/** How much the store holds. */
export function readCounts(database: Database): Counts {
  const bytes = read(database, COUNTS)
  if (bytes?.length !== 24)
    throw new LmdbStoreError('store-lmdb/corrupt', 'the store does not know what it holds')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { blocks: view.getFloat64(0), blockBytes: view.getFloat64(8), refs: view.getFloat64(16) }
}

/** Notes how much the store holds, inside a transaction. */
export function writeCounts(database: Database, { blocks, blockBytes, refs }: StoreStatistics): void {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  view.setFloat64(0, blocks)
  view.setFloat64(8, blockBytes)
  view.setFloat64(16, refs)
  database.putSync(COUNTS, bytes)
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
