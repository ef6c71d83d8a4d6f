import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../engines.ts'
import { runProgram } from '../run-program.ts'
import type { RunReceipts } from './compare-receipts.ts'

/** Where a run works. */
export interface ReceiptRun {
  /** The repository. */
  readonly root: string
  /** A file of one's own; it is overwritten. */
  readonly output: string
  /** Test files, below the repository. */
  readonly files: readonly string[]
  /** Whether they run in Chromium, which this Node drives. */
  readonly isInBrowser?: boolean
}

/** How long one engine may take. */
const LIMIT_MS = 1_800_000
/** Engines that booted, of former runs: every engine has to boot its own. */
const BOOTED = 'packages/runtime-ses/node_modules/.cache/images'

/** Runs tests in an engine, and gives what their messages came to. @throws where they did not run to their end */
export async function runReceiptTests(
  { binary, flags }: Engine,
  { root, output, files, isInBrowser = false }: ReceiptRun,
): Promise<RunReceipts> {
  rmSync(join(root, BOOTED), { recursive: true, force: true })
  rmSync(output, { force: true })
  const config = join(root, 'tooling/packed/src/receipts/vitest.config.ts')
  const { failure } = await runProgram(
    binary,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config],
    {
      cwd: root,
      signal: AbortSignal.timeout(LIMIT_MS),
      env: {
        ...process.env,
        NO_COLOR: '1',
        // Node 22.15 has to be told that it can run the sources, which tests run in processes of their own.
        NODE_OPTIONS: '--experimental-strip-types --disable-warning=ExperimentalWarning',
        TROUPE_RECEIPTS: output,
        TROUPE_RECEIPT_TESTS: files.join('\n'),
        TROUPE_ENGINE_FLAGS: flags.join(' '),
        TROUPE_RECEIPT_BROWSER: isInBrowser ? '1' : '',
      },
    },
  )
  // Tests that fail are told by what they came to.
  if (!existsSync(output)) throw new Error(failure)
  return JSON.parse(readFileSync(output, 'utf8')) as RunReceipts
}
