import { ExitCode, FIRST_ACTOR_EXIT_CODE, isSystemExitCode } from '@troupe/hypervisor'

/** What the exit codes mean that have names, in a sentence for whoever sees one. */
const EXPLANATIONS: Readonly<Record<number, string>> = {
  [ExitCode.OK]: 'The call succeeded.',
  [ExitCode.SYS_SENDER_INVALID]:
    'The sender does not exist on this network, or is not an account: only accounts and placeholders of Ethereum addresses can send messages.',
  [ExitCode.SYS_SENDER_STATE_INVALID]:
    'The sequence number of the message is not the next one of its sender, or the sender cannot pay for all of the gas limit and the value.',
  [ExitCode.SYS_ILLEGAL_INSTRUCTION]:
    'The code of the actor trapped: it panicked, divided by zero, left its memory, or ran out of stack.',
  [ExitCode.SYS_INVALID_RECEIVER]:
    'The receiver does not exist, and cannot be made by sending to it: only key addresses and Ethereum addresses are created on the way.',
  [ExitCode.SYS_INSUFFICIENT_FUNDS]: 'The sender does not have the value that it sends.',
  [ExitCode.SYS_OUT_OF_GAS]:
    'The gas limit was used up. Nothing of the message stays but its fees: send it with a higher limit, or have it estimated.',
  [ExitCode.SYS_ILLEGAL_EXIT_CODE]:
    'The actor aborted with an exit code that only the system may use, below 16.',
  [ExitCode.SYS_ASSERTION_FAILED]:
    'The system found itself in a state that cannot be: the code of an actor was refused, or a block that must be there is not. All of the gas limit is charged.',
  [ExitCode.SYS_MISSING_RETURN]: 'The actor returned a block that it does not have.',
  [ExitCode.USR_ILLEGAL_ARGUMENT]:
    'The parameters are not what the method takes, or name something that is not allowed.',
  [ExitCode.USR_NOT_FOUND]: 'What the parameters name does not exist.',
  [ExitCode.USR_FORBIDDEN]:
    'The caller may not do this: the method is for another actor, for an owner, or for nobody now.',
  [ExitCode.USR_INSUFFICIENT_FUNDS]: 'The actor, or whoever it asked, does not have the funds for this.',
  [ExitCode.USR_ILLEGAL_STATE]:
    'The state of the actor is not what it should be, or does not allow this now.',
  [ExitCode.USR_SERIALIZATION]: 'Parameters, a return value or the state could not be decoded or encoded.',
  [ExitCode.USR_UNHANDLED_MESSAGE]:
    'The actor has no such method: the number may be of another actor, or the name be spelt otherwise.',
  [ExitCode.USR_UNSPECIFIED]: 'The actor failed by an error of its own, which no code is for.',
  [ExitCode.USR_ASSERTION_FAILED]: 'The actor found itself in a state that it thought could not be.',
  [ExitCode.USR_READ_ONLY]: 'The call was read-only, and would have changed something.',
  [ExitCode.USR_NOT_PAYABLE]: 'The method takes no value: send it without.',
}

/** What an exit code means, in a sentence. */
export function explainExitCode(code: ExitCode): string {
  const known = EXPLANATIONS[code]
  if (known !== undefined) return known
  if (isSystemExitCode(code)) return 'A code that the system keeps for itself, and does not use.'
  return code < FIRST_ACTOR_EXIT_CODE
    ? 'A code that is kept for a meaning that all actors share, and has none yet.'
    : 'A code of the actor’s own: what it means is in its documentation.'
}
