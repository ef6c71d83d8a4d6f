/**
 * @module Makes the disk that a directory is on one that cannot be written to, and opens a store there: `node seal-disk.ts DIRECTORY`. It prints a {@link SealReport}.
 *
 * To be run on a disk that nothing else is on.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { loadCrypto } from '@troupe/crypto'
import { LmdbStoreError, openLmdbStore } from '@troupe/store-lmdb'
import { grow, inspectLedger, readHead } from './ledger.ts'
import { createRandom } from './random.ts'

/** What was seen. */
export interface SealReport {
  readonly problems: readonly string[]
}

const [directory = ''] = process.argv.slice(2)
const path = join(directory, 'store')
const crypto = await loadCrypto()
const problems: string[] = []
{
  await using store = await openLmdbStore(path, crypto)
  grow(store, crypto, createRandom(1))
}
execFileSync('mount', ['-o', 'remount,ro', directory])
await openLmdbStore(path, crypto).then(
  () => problems.push('the store opens to be written to'),
  (error) => {
    if (!(error instanceof LmdbStoreError && error.code === 'store-lmdb/io'))
      problems.push(`not io: ${error}`)
  },
)
{
  await using reader = await openLmdbStore(path, crypto, { readOnly: true })
  if (readHead(reader)?.height !== 1) problems.push('the store cannot be read')
  problems.push(...inspectLedger(reader, crypto))
}
const report: SealReport = { problems }
console.log(JSON.stringify(report))
