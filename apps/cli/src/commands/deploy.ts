import type { LeafCommand } from '../command.ts'
import { ARGUMENTS_HELP, MAX_ARGUMENTS } from '../remote/arguments-help.ts'
import { REMOTE_OPTIONS } from '../remote/remote-options.ts'

/** `troupe deploy`. */
export const command: LeafCommand = {
  summary: 'install the code of an actor on a running chain, and create the actor',
  usage: 'FILE [ARG...] [--from N] [--value FIL] [--rpc URL] [--json]',
  details: `FILE is Wasm, what troupe build writes, or the module of an actor in JavaScript or TypeScript, which is built
on the way. Two messages to the init actor do it, signed by the chain for one of its accounts. ARG is what the
constructor is called with. What is printed is the actor's address, and a long one that stays its own even where
blocks are taken back; the CID of its code; and the gas. With --quiet it is the address alone.

${ARGUMENTS_HELP}`,
  positionals: { min: 1, max: 1 + MAX_ARGUMENTS },
  options: REMOTE_OPTIONS,
  run: async (...call) => (await import('../remote/run-deploy.ts')).runDeploy(...call),
}
