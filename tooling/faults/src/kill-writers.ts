import type { CryptoProvider } from '@troupe/crypto'
import { openLmdbStore } from '@troupe/store-lmdb'
import { inspectLedger, readHead } from './ledger.ts'
import { createRandom } from './random.ts'
import { startWriter } from './writer-process.ts'

/** How writers are killed. */
export interface KillOptions {
  readonly seed: number
  readonly kills: number
  readonly commitsPerSync: number
  /** Milliseconds from the moment that the writer starts to open the store to the kill, at most. */
  readonly longestLifeMs: number
  /** Called after each kill. */
  readonly onKill?: (kills: number) => void
}

/** What was seen. */
export interface KillReport {
  readonly kills: number
  /** Kills before the store was open. */
  readonly whileOpening: number
  /** Commits that the writers had said were there. */
  readonly commits: number
  /** What was wrong, a line each, with the number of the kill in front. */
  readonly problems: readonly string[]
}

const KILLS_BETWEEN_COLLECTIONS = 10

/**
 * Has one writer after the other write to the store in `directory`, kills each at a random moment, and looks at what is left: the store opens at once, at a commit that was
 * the last or, where several are synced together, one of the last that was said to be there, or the one after it; and that commit is there whole.
 */
export async function killWriters(
  directory: string,
  crypto: CryptoProvider,
  options: KillOptions,
): Promise<KillReport> {
  const { seed, kills, commitsPerSync, longestLifeMs, onKill } = options
  const random = createRandom(seed)
  const problems: string[] = []
  let height = 0
  let commits = 0
  let whileOpening = 0
  for (let kill = 1; kill <= kills; kill++) {
    const writer = startWriter(directory, random(2 ** 31), commitsPerSync)
    await writer.hears((line) => line === 'opening')
    await new Promise((resolve) => setTimeout(resolve, random(longestLifeMs)))
    const said = await writer.kill()
    if (!writer.lines.includes('open')) whileOpening++
    await using store = await openLmdbStore(directory, crypto)
    const found = readHead(store)?.height ?? 0
    const least = Math.max(height, (said ?? height) - (commitsPerSync - 1))
    // One commit may be there that nobody could say any more; with it, those that were synced together.
    const most = (said ?? height) + 1
    if (found < least || found > most)
      problems.push(`kill ${kill}: the store is at height ${found}, not from ${least} to ${most}`)
    for (const problem of inspectLedger(store, crypto)) problems.push(`kill ${kill}: ${problem}`)
    commits += found - height
    height = found
    const head = readHead(store)
    if (kill % KILLS_BETWEEN_COLLECTIONS === 0 && head !== undefined) {
      const { reached } = await store.collectGarbage([head.cid])
      const { blocks } = store.statistics()
      if (blocks !== reached)
        problems.push(`kill ${kill}: there are ${blocks} blocks, of which ${reached} are reached`)
    }
    onKill?.(kill)
  }
  return { kills, whileOpening, commits, problems }
}
