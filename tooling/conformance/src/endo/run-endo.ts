import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { runFiles } from '../ava/run-files.ts'
import type { RunOptions, SuiteResult } from '../suite.ts'

/** Names a checkout, for runs of all suites. */
const CHECKOUT_VARIABLE = 'TROUPE_ENDO'
/** The packages that actors stand on. */
const PACKAGES = ['ses', 'exo', 'marshal', 'patterns', 'pass-style']

/** The commit of endojs/endo that the snapshot is of. */
export const SOURCE = 'endojs/endo@1fa6c227e'

/** Runs endo's own tests in the engine that actors run in; each brings its own `ses`, and locks down as it wants. */
export async function runEndo(options: RunOptions): Promise<SuiteResult> {
  const checkout = options.vectors ?? process.env[CHECKOUT_VARIABLE]
  if (checkout === undefined || !existsSync(join(checkout, 'packages', 'ses', 'package.json')))
    return { skipped: `it needs a checkout of endojs/endo, named with --vectors or ${CHECKOUT_VARIABLE}` }
  const files: string[] = []
  for (const name of PACKAGES)
    for await (const file of glob(`${name}/test/*.test.{js,ts}`, { cwd: join(checkout, 'packages') }))
      files.push(file)
  files.sort()
  return runFiles(new URL('./worker.ts', import.meta.url), checkout, files, options)
}
