import { Abort, OutOfGas, ProtocolFatal } from '@troupe/hypervisor'
import type { Invocation } from './invocation.ts'
import { asHostFailure, asTrap } from './traps.ts'

/** The ways in which the protocol ends an invocation early. */
export type Outcome = Abort | OutOfGas | ProtocolFatal

/** Whether an error is an outcome of the protocol; anything else is a failure of the host. */
export function isOutcome(error: unknown): error is Outcome {
  return error instanceof Abort || error instanceof OutOfGas || error instanceof ProtocolFatal
}

/**
 * The outcome that an exception of an instance is.
 * @throws what is a failure of the host
 */
export function outcomeOf(invocation: Invocation, error: unknown): Outcome {
  if (invocation.hostFailure !== undefined) throw invocation.hostFailure.error
  const outcome = isOutcome(error) ? error : asTrap(error)
  if (outcome === undefined) throw asHostFailure(error)
  return outcome
}
