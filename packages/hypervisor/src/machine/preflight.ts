import { ExitCode } from '../actor/exit-code.ts'
import type { Message } from '../actor/message.ts'
import type { TokenAmount } from '../actor/token-amount.ts'
import { type ActorId, AddressProtocol } from '../address/address.ts'
import { HypervisorError } from '../errors.ts'
import { type Inclusion, inclusionOf } from './inclusion.ts'
import type { Machine } from './machine.ts'
import { senderOf } from './sender.ts'

const MAX_GAS_LIMIT = 2n ** 63n - 1n
const MAX_UINT64 = 2n ** 64n - 1n
/** Messages of the system are in no block. */
const FREE = { milligas: 0, least: 0n, floor: 0n }

/** Messages of the chain are paid for by their sender; those of the system (cron, rewards) are not paid for at all. */
export type MessageKind = 'explicit' | 'implicit'

/** What a message that may be executed starts from. */
export interface Admission {
  readonly sender: ActorId
  /** What the sender has paid beforehand: fee cap times gas limit. */
  readonly gasCost: TokenAmount
  readonly inclusion: Inclusion
  /** Whether the sender's own code has yet to accept the message. */
  readonly isAbstract: boolean
  /** Whether the sender cannot send messages, and the message was taken all the same because whoever executes it wants that. */
  readonly isImpersonated: boolean
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
 * @param impersonate whether any actor may be the sender of an explicit message, without its code being asked; see `ExecuteOptions.impersonate`
 * @throws {HypervisorError} message/gas-limit, message/out-of-range, message/delegated-address where the message can have no receipt
 */
export function preflight(
  machine: Machine,
  message: Message,
  kind: MessageKind,
  length: number,
  impersonate = false,
): Admission | Refusal {
  checkMessage(machine, message, length)
  const { baseFee } = machine.context
  const priced = inclusionOf(machine.rules, message, length)
  const inclusion = kind === 'explicit' ? priced : { ...priced, ...FREE }
  if (inclusion.least > message.gasLimit)
    return {
      exitCode: ExitCode.SYS_OUT_OF_GAS,
      minerPenalty: baseFee * inclusion.least,
      message: `its inclusion costs ${inclusion.least} gas, more than its limit of ${message.gasLimit}`,
    }

  const refuse = (exitCode: ExitCode, text: string): Refusal => ({
    exitCode,
    minerPenalty: kind === 'explicit' ? baseFee * message.gasLimit : 0n,
    message: text,
  })
  const sender = machine.state.lookupId(message.from)
  if (sender === undefined) return refuse(ExitCode.SYS_SENDER_INVALID, 'the sender does not exist')
  if (kind === 'implicit') return { sender, gasCost: 0n, inclusion, isAbstract: false, isImpersonated: false }

  const actor = machine.state.getActor(sender)
  if (actor === undefined) return refuse(ExitCode.SYS_SENDER_INVALID, `the sender f0${sender} does not exist`)
  const found = senderOf(machine, actor)
  if (found === undefined && !impersonate)
    return refuse(ExitCode.SYS_SENDER_INVALID, `the sender f0${sender} is not an account`)
  const isImpersonated = impersonate && found?.isAbstract !== false
  const isAbstract = !isImpersonated && found?.isAbstract === true
  const account = found?.record ?? actor
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
    // The last sequence number is followed by the first, as in the reference.
    sequence: BigInt.asUintN(64, account.sequence + 1n),
    balance: account.balance - gasCost,
  })
  return { sender, gasCost, inclusion, isAbstract, isImpersonated }
}

/** Refuses what the reference refuses, or cannot even represent. */
function checkMessage({ rules }: Machine, message: Message, length: number): void {
  const { gasLimit, sequence, method, to, from } = message
  if (gasLimit <= 0n || gasLimit > MAX_GAS_LIMIT)
    throw new HypervisorError('message/gas-limit', `a gas limit must be from 1 to 2^63-1, not ${gasLimit}`)
  for (const number of [sequence, method])
    if (number < 0n || number > MAX_UINT64)
      throw new HypervisorError('message/out-of-range', `${number} is no unsigned 64-bit integer`)
  if (!Number.isSafeInteger(length) || length < 0)
    throw new HypervisorError('message/out-of-range', `a message cannot have a length of ${length} bytes`)
  if (!rules.delegatedAddresses && [to, from].some(({ protocol }) => protocol === AddressProtocol.DELEGATED))
    throw new HypervisorError('message/delegated-address', `there are no f4 addresses in ${rules.name}`)
}
