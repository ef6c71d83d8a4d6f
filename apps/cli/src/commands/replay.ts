import type { Command } from '../command.ts'

/** `troupe replay`. */
export const command: Command = {
  summary: 'execute one test vector, and show its receipt and its trace',
  usage: 'VECTOR [--trace] [--json]',
  details: `VECTOR is a JSON file of filecoin-project/fvm-test-vectors. The receipt stands beside the expected one. With
--trace comes the tree of calls, with the gas of each call and what it was charged for.

Fidelity says how far the result can be taken for the main network's: exact, or simulated and why.`,
  positionals: { min: 1, max: 1 },
  options: { trace: { type: 'boolean', help: 'show the tree of calls' } },
  run: async (...call) => (await import('./run-replay.ts')).runReplay(...call),
}
