import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { runFiles } from '../ava/run-files.ts'
import type { RunOptions, SuiteResult } from '../suite.ts'

/** Names a checkout, for runs of all suites. */
const CHECKOUT_VARIABLE = 'TROUPE_AGORIC_SDK'
const FILES = [
  'ERTP/test/unitTests/**/*.test.js',
  'vat-data/test/*.test.js',
  'store/test/*.test.js',
  'zone/test/*.test.js',
  'base-zone/test/*.test.js',
]

/** The commit of Agoric/agoric-sdk that the snapshot is of. */
export const SOURCE = 'Agoric/agoric-sdk@98e20a0ea1'

/** Runs the tests that packages of Agoric's have of themselves, on the stand-in for what vats have. */
export async function runErtp(options: RunOptions): Promise<SuiteResult> {
  const checkout = options.vectors ?? process.env[CHECKOUT_VARIABLE]
  if (checkout === undefined || !existsSync(join(checkout, 'packages', 'ERTP', 'package.json')))
    return {
      skipped: `it needs a checkout of Agoric/agoric-sdk, named with --vectors or ${CHECKOUT_VARIABLE}`,
    }
  const files: string[] = []
  for await (const file of glob(FILES, { cwd: join(checkout, 'packages') })) files.push(file)
  files.sort()
  return runFiles(new URL('./worker.ts', import.meta.url), checkout, files, options)
}
