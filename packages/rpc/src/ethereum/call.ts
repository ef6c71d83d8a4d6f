/** @module Calls that are no transactions: nothing of them stays. Source: lotus chain/types/ethtypes/eth_types.go `EthCall`, node/impl/eth/gas.go. */
import {
  type Address,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  type ExecuteOptions,
  Executor,
  ExitCode,
  ethereumAddress,
  idAddress,
  inclusionOf,
  type Machine,
  MESSAGE_VERSION,
  type Message,
  type MessageResult,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import { CborReader, CborWriter } from '@troupe/ipld'
import { BLOCK_GAS_LIMIT } from 'troupe'
import { CREATE_EXTERNAL, INVOKE_CONTRACT } from 'troupe/ethereum'
import { RpcError } from '../errors.ts'
import type { CallRequest } from '../parameters/call-request.ts'
import { cborBytes } from './cbor-bytes.ts'
import { callError } from './revert.ts'

const MANAGER = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
const NOBODY = ethereumAddress(new Uint8Array(20))
const GET_BYTECODE = 3n

/** The message that a call is. A call of nobody comes from the zero address, and one that says nothing of gas has all of a block. */
export function toCallMessage({ from = NOBODY, gas, input, to, value }: CallRequest): Message {
  return {
    version: MESSAGE_VERSION,
    from,
    to: to ?? MANAGER,
    sequence: 0n,
    value,
    method: to === undefined ? CREATE_EXTERNAL : INVOKE_CONTRACT,
    params: input.length === 0 ? new Uint8Array() : new CborWriter().bytes(input).finish(),
    gasLimit: gas === undefined || gas > BLOCK_GAS_LIMIT ? BLOCK_GAS_LIMIT : gas,
    gasFeeCap: 0n,
    gasPremium: 0n,
  }
}

/**
 * Calls on a machine, which is spoilt by it, and gives what the contract returned; for a creation the code of the new contract.
 * @throws {RpcError} rpc/reverted, rpc/failed
 */
export function callOn(
  machine: Machine,
  message: Message,
  options: Partial<ExecuteOptions> = {},
): Uint8Array {
  const result = executeOn(machine, message, options)
  if (result.receipt.exitCode !== ExitCode.OK) throw callError(result)
  const { returnData } = result.receipt
  if (message.to.id === MANAGER.id) return createdCode(machine, message, returnData)
  return cborBytes(returnData) ?? returnData
}

/** Executes a call on a machine. Its sender may be anyone, one that does not exist included; nobody pays. Where gas is Ethereum's, the call costs what the transaction would. */
export function executeOn(
  machine: Machine,
  message: Message,
  options: Partial<ExecuteOptions> = {},
): MessageResult {
  const sequence = ensureSender(machine, message.from)
  const { isTransaction } = inclusionOf(machine.rules, message, 0)
  const manner: Partial<ExecuteOptions> = isTransaction ? { impersonate: true } : { kind: 'implicit' }
  return new Executor(machine).execute({ ...message, sequence }, { length: 0, ...manner, ...options })
}

/**
 * Makes a sender that there is none of, or that has sent nothing yet, the account that it becomes with its first transaction.
 * @returns the sequence number of its next one
 */
export function ensureSender({ emptyTuple, manifest, state }: Machine, from: Address): bigint {
  const id = state.lookupId(from)
  const actor = id === undefined ? undefined : state.getActor(id)
  if (actor !== undefined && !manifest.is('placeholder', actor.code)) return actor.sequence
  const code = manifest.code('ethaccount')
  if (code === undefined) throw new RpcError('rpc/failed', 'this network has no Ethereum addresses')
  if (from.id !== undefined && actor === undefined) return 0n
  const account = actor ?? { head: emptyTuple, sequence: 0n, balance: 0n, delegatedAddress: from }
  state.setActor(id ?? state.registerAddress(from), { ...account, code })
  return account.sequence
}

/** The code of a contract that a call has created, as a node of Ethereum returns it. */
function createdCode(machine: Machine, call: Message, returnData: Uint8Array): Uint8Array {
  const created = new CborReader(returnData)
  created.tuple(3)
  const message = {
    ...call,
    from: idAddress(SYSTEM_ACTOR_ID),
    to: idAddress(created.uint64()),
    value: 0n,
    method: GET_BYTECODE,
    params: new Uint8Array(),
    gasLimit: BLOCK_GAS_LIMIT,
  }
  const result = executeOn(machine, message)
  if (result.receipt.exitCode !== ExitCode.OK) throw callError(result)
  const reader = new CborReader(result.receipt.returnData)
  return reader.tryNull() ? new Uint8Array() : (machine.blocks.get(reader.cid()) ?? new Uint8Array())
}
