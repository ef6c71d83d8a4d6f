import type { Command, LeafCommand } from '../command.ts'

const fvm: LeafCommand = {
  summary: 'run official test vectors of the Filecoin Virtual Machine',
  usage: '[--vectors DIR] [--filter TEXT] [--jobs N] [--snapshot FILE [--update]] [--json]',
  details: `DIR is a checkout of filecoin-project/fvm-test-vectors, or any folder of vectors. By default it is fvm/ below
TROUPE_VECTORS. The code of the actors comes from the cache: see troupe bundle add.

Compared are exit code, return data, gas used and the root of the state after. Proofs of storage are not
verified but taken for right; everything else is real.

With --snapshot it is no failure that a vector fails which failed in the snapshot, but that one fails which
passed.`,
  positionals: { min: 0, max: 0 },
  options: {
    vectors: { type: 'string', value: 'DIR', help: 'where the vectors are' },
    filter: { type: 'string', value: 'TEXT', help: 'run only those with this in their path' },
    jobs: {
      type: 'string',
      value: 'N',
      help: 'run as many at once; by default as many as there are processors',
    },
    snapshot: { type: 'string', value: 'FILE', help: 'compare with these results' },
    update: { type: 'boolean', help: 'write the results to the snapshot' },
  },
  run: async (...call) => (await import('./run-conformance.ts')).runFvm(...call),
}

/** `troupe conformance`. */
export const command: Command = { summary: 'run conformance suites', commands: { fvm } }
