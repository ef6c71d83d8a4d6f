/** @module Who may send messages, and what an actor is asked whose own code says which are its own. */
import { CBOR, CborWriter, DAG_CBOR } from '@troupe/ipld'
import type { ActorState } from '../actor/actor-state.ts'
import { ExitCode } from '../actor/exit-code.ts'
import { encodeMessage, type Message } from '../actor/message.ts'
import { type ActorId, idAddress } from '../address/address.ts'
import { ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, SYSTEM_ACTOR_ID } from '../address/singletons.ts'
import type { CallManager, CallResult } from '../call-manager/call-manager.ts'
import { MILLIGAS_PER_GAS } from '../gas/prices/price-list.ts'
import { OutOfGas, ProtocolFatal, SyscallError } from '../kernel/errors.ts'
import { AUTHENTICATE_MESSAGE } from '../network/abstract-accounts.ts'
import type { Machine } from './machine.ts'

/** CBOR `true`. */
const TRUE = 0xf5

/** An actor that may send messages. */
export interface Sender {
  /** Its record; of a placeholder the one that it has from its first message on. */
  readonly record: ActorState
  /** Whether its own code says which messages are its own; otherwise their signatures are verified before they get here. */
  readonly isAbstract: boolean
}

/**
 * An actor as a sender of messages; `undefined` where it can be none. Where there are f4 addresses, Ethereum accounts may send too, and a fresh placeholder of
 * Ethereum's namespace becomes one by sending. Where accounts are abstract any actor may, and a fresh placeholder becomes what its namespace says.
 */
export function senderOf({ manifest, rules }: Machine, actor: ActorState): Sender | undefined {
  if (manifest.is('account', actor.code)) return { record: actor, isAbstract: false }
  if (!rules.delegatedAddresses) return undefined
  if (manifest.is('ethaccount', actor.code)) return { record: actor, isAbstract: false }
  if (!manifest.is('placeholder', actor.code))
    return rules.abstractAccounts === undefined ? undefined : { record: actor, isAbstract: true }
  const namespace = actor.delegatedAddress?.namespace
  if (actor.sequence !== 0n || namespace === undefined) return undefined
  const isAbstract = namespace !== ETHEREUM_ADDRESS_MANAGER_ACTOR_ID
  const name = isAbstract ? rules.abstractAccounts?.namespaces.get(namespace)?.account : 'ethaccount'
  const code = name === undefined ? undefined : manifest.code(name)
  return code === undefined ? undefined : { record: { ...actor, code }, isAbstract }
}

/**
 * Asks the code of an abstract account whether a message is its own, on the message's gas; see `withAbstractAccounts`.
 *
 * @param signature data of the message's signature; `undefined` where it has none, which nobody is asked about
 * @returns why it is not, or `undefined` where it is
 */
export function askSender(
  calls: CallManager,
  sender: ActorId,
  message: Message,
  signature: Uint8Array | undefined,
): string | undefined {
  const { rules } = calls.machine
  if (rules.abstractAccounts === undefined || signature === undefined)
    return 'the message has no signature that its code could judge'
  try {
    const answer = calls.call({
      from: SYSTEM_ACTOR_ID,
      to: idAddress(sender),
      method: AUTHENTICATE_MESSAGE,
      parameters: {
        codec: rules.parametersCodec,
        data: new CborWriter().array(2).bytes(signature).bytes(encodeMessage(message)).finish(),
      },
      value: 0n,
      gasLimit: rules.abstractAccounts.maximumValidationGas * BigInt(MILLIGAS_PER_GAS),
      readOnly: true,
    })
    if (isAccepted(answer)) {
      // What it has got over on its way is no reason for what becomes of the message.
      calls.backtrace.clear()
      return undefined
    }
    if (answer.exitCode !== ExitCode.OK) return `its code ends with exit code ${answer.exitCode}`
    return 'its code does not say that the message is its own'
  } catch (error) {
    if (error instanceof OutOfGas) return 'its code uses up all gas of the message'
    if (error instanceof SyscallError || error instanceof ProtocolFatal)
      return `its code cannot be asked: ${error.message}`
    throw error
  }
}

function isAccepted({ exitCode, value }: CallResult): boolean {
  const isCbor = value?.codec === CBOR || value?.codec === DAG_CBOR
  return exitCode === ExitCode.OK && isCbor && value.data.length === 1 && value.data[0] === TRUE
}
