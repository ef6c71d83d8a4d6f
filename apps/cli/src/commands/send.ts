import type { LeafCommand } from '../command.ts'
import { ARGUMENTS_HELP, MAX_ARGUMENTS } from '../remote/arguments-help.ts'
import { REMOTE_OPTIONS } from '../remote/remote-options.ts'

/** `troupe send`. */
export const command: LeafCommand = {
  summary: 'send a message to an actor of a running chain, and show what became of it',
  usage: 'ADDRESS [METHOD [ARG...]] [--from N] [--value FIL] [--rpc URL] [--json]',
  details: `The chain signs the message for one of its accounts, and its block is waited for. METHOD is a number, or the
name that the method is exported by, such as Add; without, it is a transfer. What would fail is not sent, unless
--gas-limit says how much gas it may use. With --quiet the value that is returned is printed alone.

${ARGUMENTS_HELP}`,
  positionals: { min: 1, max: 2 + MAX_ARGUMENTS },
  options: REMOTE_OPTIONS,
  run: async (...call) => (await import('../remote/run-message.ts')).runSend(...call),
}
