import { inclusionOf, type Message, senderOf } from '@troupe/hypervisor'
import { BLOCK_GAS_LIMIT } from '../chain/base-fee.ts'
import type { Chain } from '../chain/chain.ts'
import { lengthOf } from '../pool/check-message.ts'

/** An estimate is raised by a quarter, as Filecoin's nodes do: state may change until the message is executed. */
const MARGIN_NUMERATOR = 5n
const MARGIN_DENOMINATOR = 4n
/** Bytes of a signature that nobody has seen yet: room for some. */
const SIGNATURE_ROOM = 256

/**
 * The gas limit that a message should have: what it uses on the state after the head, and a quarter more.
 *
 * @param impersonate whether the message is going to be executed although its sender is no account
 *
 * What an abstract account's code uses to judge a signature is known only with the signature: for such a sender it is all that the rules allow.
 */
export function estimateGas(chain: Chain, message: Message, impersonate = false): bigint {
  const machine = chain.machineAfter()
  const { rules, state } = machine
  const id = state.lookupId(message.from)
  const actor = id === undefined ? undefined : state.getActor(id)
  const isAbstract = !impersonate && actor !== undefined && senderOf(machine, actor)?.isAbstract === true
  const attempt: Message = {
    ...message,
    sequence: actor?.sequence ?? 0n,
    gasLimit: BLOCK_GAS_LIMIT,
    gasFeeCap: 0n,
    gasPremium: 0n,
  }
  const length = lengthOf({ message: attempt })
  const kind = isAbstract ? 'implicit' : 'explicit'
  // What actors log is going to be logged when the message is executed.
  const { receipt } = chain.simulate(attempt, { kind, length, impersonate }, undefined, { logs: false })
  const limit = (receipt.gasUsed * MARGIN_NUMERATOR) / MARGIN_DENOMINATOR
  if (!isAbstract) return limit < BLOCK_GAS_LIMIT ? limit : BLOCK_GAS_LIMIT
  const inclusion = inclusionOf(rules, message, length + SIGNATURE_ROOM).least
  const whole = limit + inclusion + (rules.abstractAccounts?.maximumValidationGas ?? 0n)
  return whole < BLOCK_GAS_LIMIT ? whole : BLOCK_GAS_LIMIT
}
