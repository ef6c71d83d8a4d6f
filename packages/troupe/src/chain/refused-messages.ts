import { HypervisorError, type Message } from '@troupe/hypervisor'
import { TroupeError } from '../errors.ts'

/** Messages without which there could be the block that somebody wants: their results, or those of what they leave to its end, are not as good as they have to be. */
export class RefusedMessages extends TroupeError {
  /** Why each has none; all have the code `message/fidelity`. */
  readonly reasons: ReadonlyMap<Message, HypervisorError>

  constructor(reasons: ReadonlyMap<Message, HypervisorError>) {
    const [first] = reasons.values()
    super('block/fidelity', `${reasons.size} of its messages have no result. ${first?.message ?? ''}`, {
      cause: first,
    })
    this.reasons = reasons
  }
}

/** What an error says of a result that is not good enough. @throws any other */
export function asRefusal(error: unknown): HypervisorError {
  if (error instanceof HypervisorError && error.code === 'message/fidelity') return error
  throw error
}
