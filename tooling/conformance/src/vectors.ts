import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { cacheDirectories } from '@troupe/cli/src/cache-directories.ts'
import { defaultVectorDirectory, findVectors } from '@troupe/cli/src/conformance/find-vectors.ts'
import { runTasks } from '@troupe/cli/src/conformance/pool.ts'
import type { VectorSuite } from '@troupe/cli/src/conformance/vector-suite.ts'
import { CliError } from '@troupe/cli/src/errors.ts'
import type { Row, RunOptions, SuiteResult } from './suite.ts'

/** Runs the vectors of a directory as `troupe conformance` does with a suite. */
export async function runVectors(
  suite: VectorSuite,
  { vectors, jobs, onProgress }: RunOptions,
): Promise<SuiteResult> {
  try {
    const directory =
      vectors === undefined ? await defaultVectorDirectory({ env: process.env }, suite) : resolve(vectors)
    const tasks = await findVectors(directory, '', suite)
    const caches = cacheDirectories({ env: process.env, platform: process.platform, home: homedir() })
    const rows: Row[] = []
    let done = 0
    await runTasks(tasks, {
      jobs,
      setup: { suite: suite.name, caches },
      scripts: caches.scripts,
      onAnswer: (_, answer) => {
        for (const { id, status, reason, gas } of answer)
          rows.push({ id, status, gas, ...(reason === undefined ? {} : { reason }) })
        onProgress(++done, tasks.length)
      },
    })
    return { rows }
  } catch (error) {
    // Where a directory is named, it has to be there.
    if (vectors === undefined && error instanceof CliError && error.code === 'suite/no-directory')
      return { skipped: [error.message, error.advice].filter(Boolean).join(': ') }
    throw error
  }
}

/**
 * Sums up rows that are cases of files, `file#case`: a file is as good as the worst of its cases, and its gas is theirs together. Cases that are skipped
 * are a row of their own, so that nobody takes them for some that passed.
 */
export function byFile(result: SuiteResult): SuiteResult {
  if ('skipped' in result) return result
  const files = Map.groupBy(result.rows, ({ id, status }) => {
    const file = id.split('#')[0] as string
    return status === 'skipped' ? `${file} (skipped)` : file
  })
  return { rows: [...files].map(([id, cases]) => sumOf(id, cases)) }
}

function sumOf(id: string, cases: readonly Row[]): Row {
  const { status } = cases.find((row) => row.status === 'failed') ?? (cases[0] as Row)
  const alike = cases.filter((row) => row.status === status)
  const reason = [...new Set(alike.flatMap((row) => row.reason ?? []))].join('; ')
  const gas = cases.reduce((total, row) => total + row.gas, 0n)
  return {
    ...{ id, status, gas: gas < MAX_GAS ? gas : MAX_GAS, cases: alike.length },
    ...(reason === '' ? {} : { reason }),
  }
}

/** What snapshots can hold. */
const MAX_GAS = BigInt(Number.MAX_SAFE_INTEGER)
