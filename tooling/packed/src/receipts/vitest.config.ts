/** @module How tests run whose messages are recorded: what, where to and in what is said by the environment, as `run-tests.ts` sets it. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BROWSER, LARGE_STACK } from '../../../../vitest.config.ts'
import { ReceiptReporter } from './receipt-reporter.ts'

const {
  TROUPE_ENGINE_FLAGS = '',
  TROUPE_RECEIPT_BROWSER = '',
  TROUPE_RECEIPT_TESTS = '',
  TROUPE_RECEIPTS = 'receipts.json',
} = process.env
const include = TROUPE_RECEIPT_TESTS.split('\n')
const testTimeout = 300_000

export default defineConfig({
  root: fileURLToPath(new URL('../../../..', import.meta.url)),
  // Other files have other dependencies, which a browser has to be given beforehand.
  optimizeDeps: { force: true },
  cacheDir: 'node_modules/.vite/receipts',
  test: {
    include,
    testTimeout,
    hookTimeout: testTimeout,
    // One page has no room for the memories of all files.
    isolate: TROUPE_RECEIPT_BROWSER !== '',
    setupFiles: ['older-engines', 'recorder'].map((name) => `tooling/packed/src/receipts/${name}.ts`),
    reporters: ['dot', new ReceiptReporter(TROUPE_RECEIPTS)],
    ...(TROUPE_RECEIPT_BROWSER === ''
      ? {
          pool: 'forks' as const,
          maxWorkers: '100%',
          execArgv: [LARGE_STACK, ...TROUPE_ENGINE_FLAGS.split(' ').filter((flag) => flag !== '')],
        }
      : // With the stack that Chromium gives by itself.
        { browser: { ...BROWSER, instances: [{ browser: 'chromium' as const }] } }),
  },
})
