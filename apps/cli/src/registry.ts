import type { CommandEntry } from './command.ts'

/** Every command, in the order of the help. What a command imports is loaded when it is called, not before. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  conformance: {
    summary: 'run conformance suites',
    load: () => import('./commands/conformance.ts'),
  },
  bundle: {
    summary: 'add and list bundles of official actors',
    load: () => import('./commands/bundle.ts'),
  },
}
