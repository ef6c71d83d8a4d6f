/**
 * @module A process that writes to a store until it is killed: `node writer.ts DIRECTORY SEED COMMITS_PER_SYNC`.
 *
 * It says `opening`, then `open`, and after each commit the height that is there now. Now and then it collects garbage while it goes on.
 */
import { writeSync } from 'node:fs'
import { loadCrypto } from '@troupe/crypto'
import { openLmdbStore } from '@troupe/store-lmdb'
import { grow } from './ledger.ts'
import { createRandom } from './random.ts'

const COMMITS_BETWEEN_COLLECTIONS = 10

const [directory = '', seed, commitsPerSync] = process.argv.slice(2)
const random = createRandom(Number(seed))
const crypto = await loadCrypto()

/** Said before anything else happens: what a pipe holds outlives who wrote it. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

say('opening')
const store = await openLmdbStore(directory, crypto, { commitsPerSync: Number(commitsPerSync) })
say('open')
let collection: Promise<unknown> | undefined
for (;;) {
  const { height, cid } = grow(store, crypto, random)
  say(String(height))
  if (collection === undefined && random(COMMITS_BETWEEN_COLLECTIONS) === 0) {
    collection = store.collectGarbage([cid], { batchSize: 1 + random(20) })
    collection.finally(() => {
      collection = undefined
    })
  }
  await new Promise((resolve) => setImmediate(resolve))
}
