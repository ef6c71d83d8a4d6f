import { fileURLToPath } from 'node:url'
import { startVitest } from 'vitest/node'
import type { RunOptions, SuiteResult } from './suite.ts'
import { rowsOf, type TestModule } from './test-rows.ts'

/** Where the paths of test files begin. */
const REPOSITORY = new URL('../../../', import.meta.url)

/** Runs files of tests as `npm test` does, each test a row; or more of them than that, if they have what only takes time. */
export async function runTests(
  files: readonly string[],
  { jobs, onProgress }: RunOptions,
  isExhaustive = false,
): Promise<SuiteResult> {
  let modules: readonly TestModule[] = []
  let done = 0
  // Vitest says with it that a test has failed; here, the snapshot decides.
  const { exitCode } = process
  const vitest = await startVitest('test', [...files], {
    root: fileURLToPath(REPOSITORY),
    project: ['unit'],
    watch: false,
    maxWorkers: jobs,
    ...(isExhaustive ? { env: { TROUPE_EXHAUSTIVE: '1' } } : {}),
    reporters: [
      {
        onTestModuleEnd: () => onProgress(++done, files.length),
        onTestRunEnd: (ended) => {
          modules = ended
        },
      },
    ],
  })
  await vitest.close()
  process.exitCode = exitCode
  return { rows: rowsOf(modules) }
}
