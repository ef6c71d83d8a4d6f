/**
 * @module Fills the disk that a directory is on, and looks at what a store does: `node fill-disk.ts DIRECTORY`. It prints a {@link FillReport}.
 *
 * To be run on a disk of a few megabytes that nothing else is on.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError, loadCrypto } from '@troupe/crypto'
import { openLmdbStore } from '@troupe/store-lmdb'
import { grow, inspectLedger, readHead } from './ledger.ts'
import { createRandom } from './random.ts'

/** What was seen. */
export interface FillReport {
  /** The height at which the disk was full for the first time, and the one at the end. */
  readonly fullAt: number
  readonly height: number
  readonly problems: readonly string[]
}

/** What something else takes, and gives back. */
const FILLER_BYTES = 1_572_864
/** More heights than there is room for. */
const TOO_MANY = 100_000

const [directory = ''] = process.argv.slice(2)
const crypto = await loadCrypto()
const random = createRandom(1)
const problems: string[] = []
const fillers = ['a', 'b'].map((name) => join(directory, name)) as [string, string]
const path = join(directory, 'store')

for (const filler of fillers) writeFileSync(filler, new Uint8Array(FILLER_BYTES))
const store = await openLmdbStore(path, crypto)

function expect(what: string, isSo: boolean): void {
  if (!isSo) problems.push(`not so: ${what}`)
}

function height(): number {
  return readHead(store)?.height ?? 0
}

/** Grows the ledger until the disk is full. */
function fill(): void {
  for (let i = 0; i < TOO_MANY; i++) {
    const before = height()
    try {
      grow(store, crypto, random)
    } catch (error) {
      expect(`${error} is store/full`, error instanceof CodedError && error.code === 'store/full')
      expect('a refused commit changes nothing', height() === before)
      problems.push(...inspectLedger(store, crypto))
      return
    }
  }
  problems.push('the disk is never full')
}

fill()
fill()
const fullAt = height()
rmSync(fillers[0])
grow(store, crypto, random)
expect('the ledger goes on where there is room', height() === fullAt + 1)
const head = readHead(store)
if (head !== undefined) await store.collectGarbage([head.cid])
expect('garbage is gone', store.statistics().blocks < 50)
fill()
expect('the ledger goes on in the room of garbage', height() > fullAt + 50)
rmSync(fillers[1])
const last = height()
await store.close()
{
  await using again = await openLmdbStore(path, crypto)
  expect('the store opens where it was', readHead(again)?.height === last)
  problems.push(...inspectLedger(again, crypto))
}
const report: FillReport = { fullAt, height: last, problems }
console.log(JSON.stringify(report))
