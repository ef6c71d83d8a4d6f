/**
 * @module CALL, STATICCALL, DELEGATECALL, CREATE and CREATE2 as calls of actors.
 *
 * Source: builtin-actors v18 actors/evm/src/interpreter/instructions/{call,lifecycle}.rs.
 */
import {
  type ActorId,
  type Address,
  addressCodec,
  ErrorNumber,
  ETHEREUM_ADDRESS_LENGTH,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ExitCode,
  idAddress,
  type TokenAmount,
} from '@troupe/hypervisor'
import { type Cid, DAG_CBOR, encodeValue, RAW, type ValueCodec } from '@troupe/ipld'
import {
  ActorError,
  bigIntCodec,
  bytesCodec,
  cidCodec,
  decodeBlock,
  decodeReturn,
  encodeBlock,
  fixedBytesCodec,
  isDataError,
  optionalCodec,
  type Send,
  type SendResult,
  type SentBlock,
  tupleCodec,
  u64Codec,
} from '@troupe/runtime-native'
import type { CallOutcome, CallRequest, CreateOutcome, CreateRequest } from '../interpreter/host.ts'
import type { Contract } from './contract.ts'
import { addressOfContract, contractAddressBytes, contractAddressOfBytes } from './contract-address.ts'
import { EvmMethod } from './evm-method.ts'
import { type ForeignKind, foreignCodeCid } from './foreign-code.ts'
import { CONTRACT_WORK } from './fvm-gas.ts'
import { bytesOfWord } from './word-bytes.ts'

/** Gas of a plain transfer, for which Solidity's code grants none, or what it would cost on Ethereum. */
const TRANSFER_GAS = 10_000_000
/** What callees of value have on Ethereum at least. */
const STIPEND = 2300
const EAM_CREATE = 2n
const EAM_CREATE2 = 3n
const EMPTY = new Uint8Array()

/** What the method for DELEGATECALL is called with. */
export interface DelegateCallParameters {
  code: Cid
  input: Uint8Array
  /** Ethereum address of whoever called the contract. */
  caller: Uint8Array
  /** attoFIL that the contract was called with. */
  value: TokenAmount
}

/** Shape: `[code CID, input, caller, value]`. */
export const delegateCallParametersCodec: ValueCodec<DelegateCallParameters> = tupleCodec({
  code: cidCodec,
  input: bytesCodec,
  caller: fixedBytesCodec(ETHEREUM_ADDRESS_LENGTH),
  value: bigIntCodec,
})

const createParametersCodec = tupleCodec({ code: bytesCodec, nonce: u64Codec })
const create2ParametersCodec = tupleCodec({ code: bytesCodec, salt: fixedBytesCodec(32) })
const createReturnCodec: ValueCodec<{
  actorId: ActorId
  robustAddress: Address | undefined
  ethereumAddress: Uint8Array
}> = tupleCodec({
  actorId: u64Codec,
  robustAddress: optionalCodec(addressCodec),
  ethereumAddress: fixedBytesCodec(ETHEREUM_ADDRESS_LENGTH),
})

/** What an invocation of code was called with, which DELEGATECALL passes on. */
export interface CodeCaller {
  /** In Ethereum's form, as a number. */
  readonly caller: bigint
  readonly value: TokenAmount
}

/** Gas that a callee has at most. Asked for when everything else about the call is settled. */
export type CalleeGas = () => bigint

/** What came of a creation, and how the address manager's call ended, where one was made. */
export type ContractCreation = CreateOutcome & { readonly exitCode?: ExitCode }

/** Gas for a callee as Filecoin's actor has it. */
export function gasOfCall(contract: Contract, { gas, kind, value }: CallRequest): bigint {
  const isTransfer = (gas === 0 && value > 0n) || (gas === STIPEND && value === 0n)
  return gasOfCallee(contract, isTransfer && kind !== 'delegatecall' ? TRANSFER_GAS : gas)
}

/** Gas for making a contract as Filecoin's actor has it. */
export function gasOfCreation({ context }: Contract): bigint {
  return (63n * context.gasAvailable()) / 64n
}

/** Calls another actor as CALL and STATICCALL do. An actor that does not exist is a success. @throws {ActorError} */
export function callActor(
  contract: Contract,
  { kind, address, value, input }: CallRequest,
  gasLimit: CalleeGas,
): CallOutcome {
  contract.context.gas.work(CONTRACT_WORK.call + costOfBytes(CONTRACT_WORK.callInput, input))
  const isStatic = kind === 'staticcall'
  const result = contract.attempt({
    to: addressOfContract(address),
    method: BigInt(EvmMethod.INVOKE_CONTRACT),
    parameters: input.length === 0 ? undefined : { codec: RAW, data: input },
    value,
    gasLimit: gasLimit(),
    readOnly: isStatic,
  })
  if (result.error !== undefined) contract.context.gas.work(CONTRACT_WORK.callRefused)
  return {
    isSuccess: isSuccess(result, contract.isReadOnly || isStatic),
    output: outputOf(contract, result.error === undefined ? result.data : undefined),
  }
}

/** Runs the code of another contract as DELEGATECALL and CALLCODE do. @throws {ActorError} where that does not tell its code */
export function callDelegate(
  contract: Contract,
  found: ForeignKind,
  input: Uint8Array,
  { caller, value }: CodeCaller,
  calleeGas: CalleeGas,
): CallOutcome {
  if (found.kind === 'native' || found.kind === 'precompile') return { isSuccess: false, output: EMPTY }
  const code = found.kind === 'contract' ? foreignCodeCid(contract, found.address) : undefined
  if (code === undefined) return { isSuccess: true, output: EMPTY }
  contract.context.gas.work(
    CONTRACT_WORK.call + CONTRACT_WORK.delegate + costOfBytes(CONTRACT_WORK.callInput, input),
  )
  const parameters = { code, input, caller: contractAddressBytes(caller), value }
  const { receiver } = contract.context.message
  const block = { codec: DAG_CBOR, data: encodeValue(delegateCallParametersCodec, parameters) }
  const gasLimit = calleeGas()
  try {
    const to = idAddress(receiver)
    const method = BigInt(EvmMethod.INVOKE_CONTRACT_DELEGATE)
    return {
      isSuccess: true,
      output: outputOf(contract, contract.send({ to, method, parameters: block, gasLimit })),
    }
  } catch (error) {
    if (error instanceof ActorError) return { isSuccess: false, output: outputOf(contract, error.data) }
    throw error
  }
}

/** Has the Ethereum address manager make a contract. @throws {ActorError} */
export function createContract(
  contract: Contract,
  { code, salt, value }: CreateRequest,
  calleeGas: CalleeGas,
): ContractCreation {
  const parameters =
    salt === undefined
      ? encodeBlock(createParametersCodec, { code, nonce: contract.nonce })
      : encodeBlock(create2ParametersCodec, { code, salt: bytesOfWord(salt) })
  if (value > contract.context.balance()) return { address: 0n, output: EMPTY }
  contract.incrementNonce()
  const gasLimit = calleeGas()
  const result = attempt(contract, {
    to: idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID),
    method: salt === undefined ? EAM_CREATE : EAM_CREATE2,
    ...{ parameters, value, gasLimit },
  })
  if (result === undefined || result.error !== undefined) return { address: 0n, output: EMPTY }
  const { data, exitCode } = result
  if (exitCode !== ExitCode.OK) return { address: 0n, output: outputOf(contract, data), exitCode }
  const { ethereumAddress } = decodeReturn(createReturnCodec, data)
  return { address: contractAddressOfBytes(ethereumAddress), output: EMPTY, exitCode }
}

/** Gas for a callee that is to have `requested`: at most all but a 64th of what is left (EIP-150). */
export function gasOfCallee({ context }: Contract, requested: number): bigint {
  const most = (63n * context.gasAvailable()) / 64n
  const gas = BigInt(requested)
  return gas < most ? gas : most
}

/** Makes a call; `undefined` where the state can be neither written before nor read after it. */
function attempt(contract: Contract, send: Send): SendResult | undefined {
  try {
    return contract.attempt(send)
  } catch (error) {
    if (error instanceof ActorError) return undefined
    throw error
  }
}

function isSuccess(result: SendResult, isReadOnly: boolean): boolean {
  if (result.error === undefined) return result.exitCode === ExitCode.OK
  if (result.error === ErrorNumber.NotFound) return true
  // An actor would have had to be made for the address.
  return result.error === ErrorNumber.ReadOnly && isReadOnly
}

/** The bytes that a callee gave: those of a byte string, or whatever else as it is. */
function outputOf(contract: Contract, block: SentBlock | undefined): Uint8Array {
  if (block === undefined) return EMPTY
  contract.context.gas.work(costOfBytes(CONTRACT_WORK.callOutput, block.data))
  try {
    return decodeBlock(bytesCodec, block, true)
  } catch (error) {
    if (error instanceof ActorError || isDataError(error)) return block.data
    throw error
  }
}

/** What bytes that there are cost. */
function costOfBytes(
  { base, perByte }: { readonly base: number; readonly perByte: number },
  bytes: Uint8Array,
): number {
  return bytes.length === 0 ? 0 : base + perByte * bytes.length
}
