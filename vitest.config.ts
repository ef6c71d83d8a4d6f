import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import type { BrowserConfigOptions, BrowserProviderOption } from 'vitest/node'
import { CountReporter } from './tooling/test-count/src/index.ts'

/** The deepest chain of calls does not fit V8's default stack of 984 KiB; the operating system gives a main thread 8 MiB. */
export const LARGE_STACK = '--stack-size=6000'

/** Long enough for a machine that is busy with other things: how long something takes is for benchmarks to say. */
const testTimeout = 60_000

/** Many tests start processes and threads of their own, which all read the same sources: those that come later find them stripped and compiled. */
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/node', import.meta.url))

/** Tests of what must run in a browser as it stands. */
const ISOMORPHIC =
  'packages/{crypto,ipld,schema,hypervisor,container,runtime-wasm,runtime-native,runtime-evm,runtime-ses,actors}'
/** A name ends in `.node.test.ts` where a test needs files or threads of Node, and in `.browser.test.ts` where it needs a browser. */
const IN_NODE = '**/*.node.test.ts'
const IN_BROWSER = '**/*.browser.test.ts'
const ISOLATED = '**/*.isolated.test.ts'

function chromium(...args: string[]): BrowserProviderOption {
  return playwright({
    launchOptions: {
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', ...args],
    },
  })
}

/** Loaded by Node and when it is needed, because it stands on the packages. */
function browserVectors(): Promise<typeof import('./apps/cli/test/conformance/read-portable-vectors.ts')> {
  return import(new URL('./apps/cli/test/conformance/read-portable-vectors.ts', import.meta.url).href)
}

/** Likewise. */
function browserScripts(): Promise<typeof import('./packages/runtime-ses/test/support/bundle-scripts.ts')> {
  return import(new URL('./packages/runtime-ses/test/support/bundle-scripts.ts', import.meta.url).href)
}

/** Chromium, with the stack that Node has for tests of Node, and with its own. */
export const BROWSER: BrowserConfigOptions = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  commands: {
    readVectors: async () => (await browserVectors()).readPortableVectors(),
    runVectors: async () => (await browserVectors()).runInNode(),
    bundleScripts: async () => (await browserScripts()).bundleScripts(),
  },
  provider: chromium(),
  instances: [
    {
      browser: 'chromium',
      name: 'browser: tests of Node',
      provider: chromium(`--js-flags=${LARGE_STACK}`),
      include: [`${ISOMORPHIC}/test/**/*.test.ts`],
      exclude: [ISOLATED, IN_NODE, IN_BROWSER],
    },
    {
      browser: 'chromium',
      name: 'browser',
      include: [`{packages,apps}/*/test/${IN_BROWSER}`],
    },
  ],
}

/** One project per way of running, not per package: a project has its own module graph, so per-package projects would transform shared sources again and again. */
export default defineConfig({
  test: {
    // The default leaves a core free, which of two is half of them.
    maxWorkers: '100%',
    reporters: ['default', new CountReporter('node_modules/.cache/troupe/test-count.txt')],
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout,
          hookTimeout: testTimeout,
          include: ['{packages,apps,tooling}/*/test/**/*.test.ts'],
          exclude: [ISOLATED, IN_BROWSER],
          isolate: false,
          pool: 'forks',
          execArgv: [LARGE_STACK],
        },
      },
      {
        test: {
          name: 'isolated',
          testTimeout,
          hookTimeout: testTimeout,
          include: ['{packages,apps}/*/test/**/*.isolated.test.ts'],
          isolate: true,
        },
      },
      {
        test: {
          name: 'browser',
          // Vite looks here for what is to be made ready; the instances say what they run.
          include: [`${ISOMORPHIC}/test/**/*.test.ts`, `{packages,apps}/*/test/${IN_BROWSER}`],
          exclude: [ISOLATED, IN_NODE],
          browser: BROWSER,
        },
      },
    ],
  },
})
