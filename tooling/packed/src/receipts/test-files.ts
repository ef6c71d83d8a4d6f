import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Rooms whose tests execute messages. */
const ROOMS = 'packages/{actors,container,hypervisor,rpc,runtime-*,troupe}'
/** A test file that has to do with actors in JavaScript says so itself, or stands beside what it has it from. */
const JAVASCRIPT = '@troupe/runtime-ses'

/**
 * The test files whose messages are compared, as paths below the repository: those of actors in hardened JavaScript, or all that execute messages. Left out is what runs in a realm of its own, where nobody
 * listens, or in a browser alone.
 */
export function receiptTests(root: string, which: 'javascript' | 'all'): string[] {
  return globSync(`${ROOMS}/test/**/*.test.ts`, { cwd: root })
    .filter((file) => !/\.(?:browser|isolated)\.test\.ts$/.test(file))
    .filter(
      (file) =>
        which === 'all' ||
        file.startsWith('packages/runtime-ses/') ||
        readFileSync(join(root, file), 'utf8').includes(JAVASCRIPT),
    )
    .sort()
}
