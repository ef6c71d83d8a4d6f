import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { cacheDirectories } from '@troupe/cli/src/cache-directories.ts'
import { defaultVectorDirectory, findVectors } from '@troupe/cli/src/conformance/find-vectors.ts'
import { runTasks } from '@troupe/cli/src/conformance/pool.ts'
import { CliError } from '@troupe/cli/src/errors.ts'
import type { Row, RunOptions, SuiteResult } from './suite.ts'

/** Runs the vectors of a directory as `troupe conformance fvm` does. */
export async function runVectors({ vectors, jobs, onProgress }: RunOptions): Promise<SuiteResult> {
  try {
    const directory =
      vectors === undefined ? await defaultVectorDirectory({ env: process.env }) : resolve(vectors)
    const tasks = await findVectors(directory, '')
    const caches = cacheDirectories({ env: process.env, platform: process.platform, home: homedir() })
    const rows: Row[] = []
    let done = 0
    await runTasks(tasks, {
      jobs,
      setup: { caches },
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
