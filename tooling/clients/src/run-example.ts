import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { startDevnet } from './devnet.ts'
import type { Example } from './examples.ts'
import { separateOwn } from './link-own.ts'
import { runCommand } from './run-command.ts'
import { countTests, type TestCount } from './test-count.ts'

/** What an example gave. */
export interface ExampleResult extends TestCount {
  readonly name: string
  readonly seconds: number
  /** What it printed, where it did not pass. */
  readonly output: string | undefined
}

const INSTALL_TIMEOUT_MS = 600_000
const TEST_TIMEOUT_MS = 600_000

/** Installs an example in a folder of its own, as a user would, and runs its tests against a devnet of its own. */
export async function runExample({ name, directory }: Example): Promise<ExampleResult> {
  const start = performance.now()
  const home = await mkdtemp(join(tmpdir(), 'troupe-clients-'))
  const cwd = join(home, basename(directory))
  // Packages look at the version of the Node that installs them.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, NO_COLOR: '1' }
  const failure = (output: string): ExampleResult => ({
    ...{ name, passed: 0, failed: 1, output },
    seconds: (performance.now() - start) / 1000,
  })
  try {
    await cp(directory, cwd, { recursive: true, filter: (path) => basename(path) !== 'node_modules' })
    const linkOwn = await separateOwn(cwd)
    const installed = await runCommand(
      ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--package-lock=false'],
      { cwd, env, timeoutMs: INSTALL_TIMEOUT_MS },
    )
    if (installed.code !== 0) return failure(installed.output)
    await linkOwn()
    const devnet = await startDevnet()
    try {
      const { code, output } = await runCommand(['npm', 'test'], {
        ...{ cwd, timeoutMs: TEST_TIMEOUT_MS },
        env: { ...env, TROUPE_URL: devnet.url },
      })
      const count = countTests(output)
      if (count === undefined || (code !== 0 && count.failed === 0)) return failure(output)
      const seconds = (performance.now() - start) / 1000
      return { ...count, name, seconds, output: code === 0 ? undefined : output }
    } finally {
      await devnet.stop()
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
