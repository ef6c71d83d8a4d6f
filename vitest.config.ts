import { defineConfig } from 'vitest/config'

/** The deepest chain of calls does not fit V8's default stack of 984 KiB; the operating system gives a main thread 8 MiB. */
const execArgv = ['--stack-size=6000']

import { CountReporter } from './tooling/test-count/src/index.ts'

/** One project per way of running, not per package: a project has its own module graph, so per-package projects would transform shared sources again and again. */
export default defineConfig({
  test: {
    reporters: ['default', new CountReporter('node_modules/.cache/troupe/test-count.txt')],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps,tooling}/*/test/**/*.test.ts'],
          exclude: ['**/*.isolated.test.ts'],
          isolate: false,
          pool: 'forks',
          execArgv,
        },
      },
      {
        test: { name: 'isolated', include: ['{packages,apps}/*/test/**/*.isolated.test.ts'], isolate: true },
      },
    ],
  },
})
