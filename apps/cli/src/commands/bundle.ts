import type { Command, LeafCommand } from '../command.ts'

const MAX_FILES = 1000

const add: LeafCommand = {
  summary: 'add bundles of official actors to the cache',
  usage: 'FILE... [--json]',
  details: `FILE is a release archive of builtin-actors (v10.tar.zst), or the CAR of one bundle. The cache is below
TROUPE_HOME, or where the platform keeps caches. Adding a bundle again restores damaged files.`,
  positionals: { min: 1, max: MAX_FILES },
  options: {},
  run: async (...call) => (await import('./run-bundle.ts')).runAdd(...call),
}

const list: LeafCommand = {
  summary: 'list the bundles of the cache',
  usage: '[--json]',
  positionals: { min: 0, max: 0 },
  options: {},
  run: async (...call) => (await import('./run-bundle.ts')).runList(...call),
}

/** `troupe bundle`. */
export const command: Command = {
  summary: 'add and list bundles of official actors',
  commands: { add, list },
}
