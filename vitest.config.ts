import { defineConfig } from 'vitest/config'
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
        },
      },
      {
        test: { name: 'isolated', include: ['{packages,apps}/*/test/**/*.isolated.test.ts'], isolate: true },
      },
    ],
  },
})
