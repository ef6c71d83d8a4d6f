import type { RequiredFidelity } from '@troupe/hypervisor'

/** How a message is sent. */
export interface SendOptions {
  /**
   * Whether the message is signed. Unsigned ones are executed all the same: whoever has this object is trusted with every account. Default: `false`, because
   * a signature takes longer than most messages.
   */
  readonly signed?: boolean
  /**
   * Whether the sender may be any actor, a contract, a multisig or one of the system's: its record takes the sequence number and pays for the gas, and whatever it calls sees it
   * as the caller. A message of an account is as without it; with a `gasFeeCap` of 0 the message is free. What Filecoin would refuse is `simulated`, and says so in
   * `fidelity`. Default: `false`.
   */
  readonly impersonate?: boolean
  /**
   * How good the result has to be, those of what the message leaves to the end of the block included, where the chain does not ask for more. One that is not is refused with
   * `message/fidelity`: there is no block for it, or a block without it.
   */
  readonly requireFidelity?: RequiredFidelity
  /** Stops waiting for a block. A message that is in the pool stays there. */
  readonly signal?: AbortSignal
}
