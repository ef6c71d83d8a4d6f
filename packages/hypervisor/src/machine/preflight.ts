import type { ActorState } from '../actor/actor-state.ts'
import { ExitCode } from '../actor/exit-code.ts'
import type { Message } from '../actor/message.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import type { ActorId } from '../address/address.ts'
import { ETHEREUM_ADDRESS_MANAGER_ACTOR_ID } from '../address/singletons.ts'
import { HypervisorError } from '../errors.ts'
import { MILLIGAS_PER_GAS } from '../gas/prices/price-list.ts'
import type { Machine } from './machine.ts'

const MAX_GAS_LIMIT = 2n ** 63n - 1n

/** Messages of the chain are paid for by their sender; those of the system (cron, rewards) are not paid for at all. */
export type MessageKind = 'explicit' | 'implicit'

/** What a message that may be executed starts from. */
export interface Admission {
  readonly sender: ActorId
  /** What the sender has paid beforehand: fee cap times gas limit. */
  readonly gasCost: TokenAmount
  /** Milligas. */
  readonly inclusion: number
}

/** Why a message is not executed: nothing changes but the miner's penalty. */
export interface Refusal {
  readonly exitCode: ExitCode
  readonly minerPenalty: TokenAmount
  readonly message: string
}

/**
 * Tests a message against the state, and takes its greatest possible fee from the sender; the order of tests is consensus.
 *
 * @param length bytes of the message on chain, with its signature where that is stored
 * @throws {HypervisorError} message/gas-limit where the message can have no receipt
 */
export function preflight(
  machine: Machine,
  message: Message,
  kind: MessageKind,
  length: number,
): Admission | Refusal {
  if (message.gasLimit <= 0n || message.gasLimit > MAX_GAS_LIMIT)
    throw new HypervisorError(
      'message/gas-limit',
      `a gas limit must be from 1 to 2^63-1, not ${message.gasLimit}`,
    )

  const { baseFee } = machine.context
  const inclusion = kind === 'explicit' ? machine.rules.prices.onChainMessage(length) : 0
  const inclusionGas = BigInt(Math.ceil(inclusion / MILLIGAS_PER_GAS))
  if (inclusionGas > message.gasLimit)
    return {
      exitCode: ExitCode.SYS_OUT_OF_GAS,
      minerPenalty: baseFee * inclusionGas,
      message: `its inclusion costs ${inclusionGas} gas, more than its limit of ${message.gasLimit}`,
    }

  const refuse = (exitCode: ExitCode, text: string): Refusal => ({
    exitCode,
    minerPenalty: kind === 'explicit' ? baseFee * message.gasLimit : 0n,
    message: text,
  })
  const sender = machine.state.lookupId(message.from)
  if (sender === undefined) return refuse(ExitCode.SYS_SENDER_INVALID, 'the sender does not exist')
  if (kind === 'implicit') return { sender, gasCost: 0n, inclusion }

  const actor = machine.state.getActor(sender)
  if (actor === undefined) return refuse(ExitCode.SYS_SENDER_INVALID, `the sender f0${sender} does not exist`)
  const account = asAccount(machine, actor)
  if (account === undefined)
    return refuse(ExitCode.SYS_SENDER_INVALID, `the sender f0${sender} is not an account`)
  if (message.sequence !== account.sequence)
    return refuse(
      ExitCode.SYS_SENDER_STATE_INVALID,
      `its sequence number is ${message.sequence}, the sender's next one is ${account.sequence}`,
    )
  const gasCost = message.gasFeeCap * message.gasLimit
  if (account.balance < gasCost)
    return refuse(
      ExitCode.SYS_SENDER_STATE_INVALID,
      `the sender has ${account.balance} attoFIL and cannot pay up to ${gasCost} for gas`,
    )
  machine.state.setActor(sender, {
    ...account,
    sequence: account.sequence + 1n,
    balance: account.balance - gasCost,
  })
  return { sender, gasCost, inclusion }
}

/** The record of an actor that may send messages. A fresh placeholder of Ethereum's namespace becomes an Ethereum account by sending. */
function asAccount({ manifest }: Machine, actor: ActorState): ActorState | undefined {
  const name = manifest.nameOf(actor.code)
  if (name === 'account' || name === 'ethaccount') return actor
  const code = manifest.code('ethaccount')
  const isPromotable =
    name === 'placeholder' &&
    actor.sequence === 0n &&
    actor.delegatedAddress?.namespace === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID
  return isPromotable && code !== undefined ? { ...actor, code } : undefined
}
