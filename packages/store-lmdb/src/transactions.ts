/** @module What the store does to its database, a transaction each. */
import { bytesKey, IpldError } from '@troupe/ipld'
import type { SweptBatch } from '@troupe/ipld/store'
import type { Database } from './environment.ts'
import { type Counts, readCounts, writeCounts } from './format.ts'
import { AFTER_BLOCKS, blockKey, cidBytesOf } from './keys.ts'
import type { Changes, RefEdit } from './staging.ts'

/** What a transaction may need beside the bytes that it writes. */
export const TRANSACTION_OVERHEAD = 1_048_576

/** Changes by their keys in the database. */
export interface Writes {
  readonly blocks: Iterable<readonly [key: Uint8Array, bytes: Uint8Array]>
  readonly refs: Iterable<RefEdit>
}

/**
 * Writes changes: all of them, or nothing where it throws. They are on disk when it returns.
 * @param begin called inside the transaction, before all else: whether there still is something to write
 * @returns what `begin` did
 * @throws {IpldError} store/full where the blocks would become more than they are and than `maxBlockBytes`
 */
export function writeChanges(
  database: Database,
  { blocks, refs }: Writes,
  maxBlockBytes: number,
  begin: () => boolean = () => true,
): boolean {
  return database.transactionSync(() => {
    if (!begin()) return false
    const counts = readCounts(database)
    const before = counts.blockBytes
    for (const [key, bytes] of blocks) countBlock(counts, bytes, putUnlessSame(database, key, bytes))
    for (const [key, value] of refs) {
      const isThere = database.doesExist(key)
      if (value !== undefined) database.putSync(key, value)
      else if (isThere) database.removeSync(key)
      counts.refs += Number(value !== undefined) - Number(isThere)
    }
    if (counts.blockBytes > Math.max(before, maxBlockBytes))
      throw new IpldError('store/full', `${counts.blockBytes} bytes of blocks, of at most ${maxBlockBytes}`)
    writeCounts(database, counts)
    return true
  })
}

/** What would be there after the changes. */
export function countWith(database: Database, { blocks, refs }: Changes): Counts {
  const counts = readCounts(database)
  for (const [cid, bytes] of blocks) countBlock(counts, bytes, lengthOf(database, blockKey(cid)))
  for (const [key, value] of refs)
    counts.refs += Number(value !== undefined) - Number(database.doesExist(key))
  return counts
}

/** Looks at up to `count` blocks from the key `from` on, and removes those that are garbage. */
export function sweepBlocks(
  database: Database,
  from: Uint8Array,
  count: number,
  isGarbage: (key: string) => boolean,
): SweptBatch<Uint8Array> {
  const keys = [...database.getKeys({ start: from, end: AFTER_BLOCKS, limit: count + 1 })]
  const next = keys.length > count ? keys.pop() : undefined
  const garbage = keys.filter((key) => isGarbage(bytesKey(cidBytesOf(key))))
  let removedBytes = 0
  if (garbage.length > 0)
    database.transactionSync(() => {
      const counts = readCounts(database)
      for (const key of garbage) {
        removedBytes += lengthOf(database, key) ?? 0
        database.removeSync(key)
      }
      writeCounts(database, {
        ...counts,
        blocks: counts.blocks - garbage.length,
        blockBytes: counts.blockBytes - removedBytes,
      })
    })
  return { removed: garbage.length, removedBytes, next }
}

/** Puts a block, unless the very same bytes are there. Gives the length of what was there. */
function putUnlessSame(database: Database, key: Uint8Array, bytes: Uint8Array): number | undefined {
  // The library's own memory, overwritten with the next read.
  const before = database.getBinaryFast(key)
  const length = before === undefined ? undefined : database.lastSize
  const isSame = length === bytes.length && before?.compare(bytes, 0, bytes.length, 0, length) === 0
  if (!isSame) database.putSync(key, bytes)
  return length
}

function lengthOf(database: Database, key: Uint8Array): number | undefined {
  return database.getBinaryFast(key) === undefined ? undefined : database.lastSize
}

/** Counts a block, of which there were `before` bytes. */
function countBlock(counts: Counts, bytes: Uint8Array, before: number | undefined): void {
  if (before === undefined) counts.blocks++
  counts.blockBytes += bytes.length - (before ?? 0)
}
