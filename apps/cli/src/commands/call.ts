import type { LeafCommand } from '../command.ts'
import { ARGUMENTS_HELP, MAX_ARGUMENTS } from '../remote/arguments-help.ts'
import { REMOTE_OPTIONS } from '../remote/remote-options.ts'

/** `troupe call`. */
export const command: LeafCommand = {
  summary: 'ask an actor of a running chain, without a message',
  usage: 'ADDRESS METHOD [ARG...] [--from N] [--value FIL] [--rpc URL] [--json]',
  details: `What a message would do now, and nothing changes. METHOD is a number, or the name that the method is exported
by, such as Mine. With --quiet the value that is returned is printed alone.

${ARGUMENTS_HELP}`,
  positionals: { min: 2, max: 2 + MAX_ARGUMENTS },
  options: REMOTE_OPTIONS,
  run: async (...call) => (await import('../remote/run-message.ts')).runCall(...call),
}
