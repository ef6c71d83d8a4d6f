import type { Command } from '../command.ts'
import { REQUIRE_FIDELITY } from '../required-fidelity.ts'

/** `troupe replay`. */
export const command: Command = {
  summary: 'execute one test vector, or the witness of a block, and show receipts and traces',
  usage: 'VECTOR | WITNESS.car [--trace] [--maps DIR] [--require-fidelity LEVEL] [--json]',
  details: `VECTOR is a JSON file of filecoin-project/fvm-test-vectors. The receipt stands beside the expected one. With
--trace comes the tree of calls, with the gas of each call and what it was charged for.

WITNESS.car is what exportWitness() of a chain made of package troupe gives: its block is executed from the file alone,
and comes to the state root that the file names, or to none. Where an actor in hardened JavaScript fails, it is said where
in its code; with --maps, where in its sources: DIR is where troupe build has written code and source maps.

Fidelity says how far the result can be taken for the main network's: exact, calibrated or
simulated, and why. With --require-fidelity the command fails where it is not as good as that.`,
  positionals: { min: 1, max: 1 },
  options: {
    trace: { type: 'boolean', help: 'show the tree of calls' },
    maps: { type: 'string', value: 'DIR', help: 'where code of actors is, with source maps beside it' },
    'require-fidelity': REQUIRE_FIDELITY,
  },
  run: async (...call) => (await import('./run-replay.ts')).runReplay(...call),
}
