import { fileURLToPath } from 'node:url'
import type { CryptoProvider } from '@troupe/crypto'
import { createRandom } from '../random.ts'
import { WriterProcess } from '../writer-process.ts'
import { AskingChain, type AskingReport } from './asking-chain.ts'

/** How askers are killed. */
export interface KillAskersOptions {
  readonly seed: number
  readonly kills: number
  /** Milliseconds from the moment that the actors answer to the kill, at most. */
  readonly longestLifeMs: number
  /** Called after each kill. */
  readonly onKill?: (kills: number) => void
}

/** What was seen. */
export interface KillAskersReport {
  readonly kills: number
  readonly asked: bigint
  /** Results that were never collected. */
  readonly waiting: number
  readonly answered: number
  /** What was wrong, a line each, with the number of the kill in front. */
  readonly problems: readonly string[]
}

/**
 * Has one process after the other make blocks in which calls are left to the end of the block and their results are collected, in blocks that come later and after other kills, and
 * kills each at a random moment. Whatever was said to be asked is there, and every number waits to be collected or was answered, once and rightly.
 */
export async function killAskers(
  directory: string,
  crypto: CryptoProvider,
  { kills, longestLifeMs, onKill, seed }: KillAskersOptions,
): Promise<KillAskersReport> {
  const random = createRandom(seed)
  const script = fileURLToPath(new URL('asker.ts', import.meta.url))
  const problems: string[] = []
  let report: AskingReport | undefined
  for (let kill = 1; kill <= kills; kill++) {
    const asker = new WriterProcess(script, [directory, String(random(2 ** 31))])
    await asker.hears((line) => line === 'open')
    await new Promise((resolve) => setTimeout(resolve, random(longestLifeMs)))
    const said = await asker.kill()
    await using chain = await AskingChain.open(directory, crypto)
    report = await chain.report()
    if (report.asked < BigInt(said ?? 0))
      problems.push(`kill ${kill}: ${said} numbers were said to be asked, and ${report.asked} are there`)
    for (const problem of inspect(report)) problems.push(`kill ${kill}: ${problem}`)
    onKill?.(kill)
  }
  const { answered = [], asked = 0n, waiting = [] } = report ?? {}
  return { kills, asked, waiting: waiting.length, answered: answered.length, problems }
}

function inspect({ answered, answers, asked, waiting, wrong }: AskingReport): string[] {
  const problems: string[] = []
  if (wrong !== 0n) problems.push(`${wrong} answers are wrong`)
  if (answers !== asked) problems.push(`${asked} numbers were asked, and ${answers} heard`)
  for (const [number, times] of answered)
    if (times !== 1n) problems.push(`${number} was answered ${times} times`)
  const known = new Set([...waiting, ...answered.map(([number]) => number)])
  if (known.size !== waiting.length + answered.length) problems.push('what was answered waits')
  if (known.size !== Number(asked)) problems.push(`of ${asked} numbers there are ${known.size}`)
  return problems
}
