/** @module Whether a message can be in a block at all. Source: lotus chain/types/message.go `ValidForBlockInclusion`, chain/messagepool/check.go. */
import {
  Address,
  AddressProtocol,
  chainLength,
  encodeMessage,
  inclusionOf,
  isBlsZeroAddress,
  MESSAGE_VERSION,
  type Message,
  type RuleSet,
} from '@troupe/hypervisor'
import { BLOCK_GAS_LIMIT, MINIMUM_BASE_FEE } from '../chain/base-fee.ts'
import type { BlockMessage } from '../chain/block-message.ts'
import { TroupeError } from '../errors.ts'

const TOTAL_SUPPLY = 2_000_000_000n * 10n ** 18n
const MAX_UINT64 = 2n ** 64n - 1n

/** Bytes that the chain stores for a message. */
export function lengthOf({ message, signature }: BlockMessage): number {
  return signature === undefined ? encodeMessage(message).length : chainLength({ message, signature })
}

/**
 * Tests what does not depend on the state, but for the length: a message that passes can be encoded.
 * @throws {TroupeError} message/… with the name of the field
 */
export function checkMessage(entry: BlockMessage, rules: RuleSet): void {
  const { message } = entry
  checkShape(message)
  const { gasFeeCap, gasLimit, gasPremium, value, version } = message
  if (version !== MESSAGE_VERSION) refuse('version', `is ${version}; there is only ${MESSAGE_VERSION}`)
  for (const side of ['to', 'from'] as const)
    if (message[side].protocol === AddressProtocol.DELEGATED && !rules.delegatedAddresses)
      refuse(side, `is an f4 address, which ${rules.name} does not have`)
  if (isBlsZeroAddress(message.to)) refuse('to', 'is the zero address')
  for (const field of ['sequence', 'method'] as const)
    if (message[field] < 0n || message[field] > MAX_UINT64)
      refuse(field, `is ${message[field]}, not from 0 to 2^64-1`)
  if (value < 0n || value > TOTAL_SUPPLY)
    refuse('value', `is ${value} attoFIL, not from 0 to ${TOTAL_SUPPLY}`)
  if (gasFeeCap < MINIMUM_BASE_FEE && !(entry.isImpersonated === true && gasFeeCap === 0n))
    refuse('gasFeeCap', `is ${gasFeeCap} attoFIL, and the base fee never falls below ${MINIMUM_BASE_FEE}`)
  if (gasPremium < 0n || gasPremium > gasFeeCap)
    refuse('gasPremium', `is ${gasPremium} attoFIL, not from 0 to the fee cap of ${gasFeeCap}`)
  if (gasLimit <= 0n || gasLimit > BLOCK_GAS_LIMIT)
    refuse('gasLimit', `is ${gasLimit}, not from 1 to the ${BLOCK_GAS_LIMIT} of a block`)
}

/**
 * Tests the length of what the chain stores for a message, in bytes.
 * @param maximumLength bytes
 * @throws {TroupeError} message/params, message/gasLimit
 */
export function checkLength(message: Message, length: number, rules: RuleSet, maximumLength: number): void {
  if (length > maximumLength)
    refuse('params', `make a message of ${length} bytes, more than ${maximumLength}`)
  const { least } = inclusionOf(rules, message, length)
  if (message.gasLimit < least)
    refuse('gasLimit', `is ${message.gasLimit}, and only to include the message costs ${least}`)
}

/** Tests what types say of a message, where somebody has none. */
function checkShape(message: Message): void {
  if (typeof message !== 'object' || message === null)
    throw new TroupeError('message/malformed', 'this is no message')
  for (const side of ['to', 'from'] as const)
    if (!(message[side] instanceof Address)) refuse(side, 'is no address')
  for (const field of [
    'version',
    'sequence',
    'value',
    'method',
    'gasLimit',
    'gasFeeCap',
    'gasPremium',
  ] as const)
    if (typeof message[field] !== 'bigint') refuse(field, 'is no bigint')
  if (!(message.params instanceof Uint8Array)) refuse('params', 'are no bytes')
}

type Field =
  | 'version'
  | 'to'
  | 'from'
  | 'sequence'
  | 'method'
  | 'value'
  | 'gasFeeCap'
  | 'gasPremium'
  | 'gasLimit'
  | 'params'

function refuse(field: Field, what: string): never {
  throw new TroupeError(`message/${field}`, `${field} of the message ${what}`)
}
