import type { Command } from '../command.ts'

/** `troupe inspect`. */
export const command: Command = {
  summary: 'show what a test vector or a CAR holds: roots, actors, their state',
  usage: 'FILE [--root CID] [--actor ADDRESS] [--limit N] [--json]',
  details: `FILE is a test vector, or a CAR, as it is or in gzip. Shown are its roots, the messages of a vector, and the
actors of the first root that is one of a state. State and --json come as DAG-JSON, where a CID is {"/": CID} and
bytes are {"/": {"bytes": BASE64}}.

A file need not hold all of a state: what is not there is said to be missing.`,
  positionals: { min: 1, max: 1 },
  options: {
    root: { type: 'string', value: 'CID', help: 'look into this state, of several in the file' },
    actor: {
      type: 'string',
      value: 'ADDRESS',
      help: "show one actor's state, and the blocks that it links to",
    },
    limit: { type: 'string', value: 'N', help: 'show as many actors; by default 100' },
  },
  run: async (...call) => (await import('./run-inspect.ts')).runInspect(...call),
}
