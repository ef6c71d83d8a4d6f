import { setTimeout as sleep } from 'node:timers/promises'
import { CodedError, type CryptoProvider } from '@troupe/crypto'
import { LmdbStoreError, openLmdbStore } from '@troupe/store-lmdb'
import { grow, inspectLedger, readHead } from './ledger.ts'
import { createRandom } from './random.ts'
import { startWriter } from './writer-process.ts'

const READS = 20

/**
 * Has a process write to the store in `directory` and comes second: to write, which is refused with the number of that process, and to read, which shows one whole
 * height after the other. Then the writer is killed, and the place is free at once.
 * @returns what was wrong, a line each
 */
export async function contend(directory: string, crypto: CryptoProvider, seed: number): Promise<string[]> {
  const problems: string[] = []
  const writer = startWriter(directory, seed, 1)
  await writer.hears((line) => line === '5')
  await openLmdbStore(directory, crypto).then(
    (store) => {
      problems.push('a second writer was let in')
      return store.close()
    },
    (error) => {
      const isTold =
        error instanceof LmdbStoreError && error.code === 'store-lmdb/locked' && error.pid === writer.pid
      if (!isTold) problems.push(`the second writer was told ${error}`)
    },
  )
  {
    await using reader = await openLmdbStore(directory, crypto, { readOnly: true })
    let height = 0
    for (let i = 0; i < READS; i++) {
      problems.push(...inspectLedger(reader, crypto))
      const next = readHead(reader)?.height ?? 0
      if (next < height) problems.push(`the reader saw height ${next} after ${height}`)
      height = next
      await sleep(5)
    }
    const { lines } = writer
    if (height <= 5 || height > Number(lines.at(-1)) + 1)
      problems.push(`the reader saw height ${height} at last`)
    try {
      reader.commit()
      problems.push('a reader may write')
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'store/read-only') throw error
    }
  }
  await writer.kill()
  await using store = await openLmdbStore(directory, crypto)
  grow(store, crypto, createRandom(seed))
  problems.push(...inspectLedger(store, crypto))
  return problems
}
