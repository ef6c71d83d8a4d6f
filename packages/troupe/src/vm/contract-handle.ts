import { EamMethod } from '@troupe/actors'
import {
  type Address,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ethereumAddress,
  toEthereumAddress,
} from '@troupe/hypervisor'
import { CborWriter, type IpldValue } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'
import { ActorHandle, type CallOptions } from './actor-handle.ts'
import type { CallableChain } from './chain-shortcuts.ts'
import type { MessageOutcome } from './outcome.ts'
import type { CallRequest, MessageRequest } from './request.ts'
import type { SendOptions } from './send-options.ts'

/** `InvokeEVM`. */
const INVOKE_CONTRACT = 3_844_450_837n
const NOTHING = new Uint8Array()

/** How a contract is created. */
export type DeployContractOptions = Pick<MessageRequest, 'from' | 'value' | 'gasLimit'> &
  SendOptions & {
    /** Arguments of the constructor, encoded by Solidity's ABI. Default: none. */
    readonly args?: Uint8Array
  }

/** A contract of the EVM, to be called. Calldata and what is returned are bytes: whatever encodes Solidity's ABI fits. */
export class ContractHandle {
  /** f410. */
  readonly address: Address
  /** 0x. */
  readonly ethereumAddress: string
  readonly #vm: CallableChain
  readonly #actor: ActorHandle

  /** @throws {TroupeError} address/malformed where Ethereum has no name for the address */
  constructor(vm: CallableChain, address: Address) {
    const text = toEthereumAddress(address, vm.crypto)
    if (text === undefined)
      throw new TroupeError('address/malformed', `${vm.format(address)} is no address of Ethereum`)
    this.address = address
    this.ethereumAddress = text
    this.#vm = vm
    this.#actor = new ActorHandle(vm, address)
  }

  /** Sends it a message; `value` of the outcome is what the contract returned, as bytes. @throws {ActorError} where it reverts, its `value` what it reverted with */
  send(calldata: Uint8Array = NOTHING, options: CallOptions = {}): Promise<MessageOutcome> {
    return this.#actor.send(INVOKE_CONTRACT, parametersOf(calldata), options)
  }

  /** Sends it a message, and gives what became of it, be it a failure. */
  trySend(calldata: Uint8Array = NOTHING, options: CallOptions = {}): Promise<MessageOutcome> {
    return this.#actor.trySend(INVOKE_CONTRACT, parametersOf(calldata), options)
  }

  /** Asks it something, without a message, and gives what it returned. @throws {ActorError} where it reverts */
  async view(
    calldata: Uint8Array = NOTHING,
    options: Omit<CallRequest, 'to' | 'method' | 'params'> = {},
  ): Promise<Uint8Array> {
    const { value } = await this.#actor.view(INVOKE_CONTRACT, parametersOf(calldata), options)
    return value instanceof Uint8Array ? value : NOTHING
  }

  /** attoFIL. */
  balance(): Promise<bigint> {
    return this.#vm.balanceOf(this.address)
  }
}

/** The message that creates a contract. */
export function createContractRequest(
  initcode: Uint8Array,
  { args = NOTHING, from, gasLimit, value }: DeployContractOptions,
): MessageRequest {
  const code = new Uint8Array(initcode.length + args.length)
  code.set(initcode)
  code.set(args, initcode.length)
  const params = byteString(code)
  const method = BigInt(EamMethod.CREATE_EXTERNAL)
  return { from, gasLimit, value, to: ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, method, params }
}

/** What `CreateExternal` returned: `[id, f2 address or null, Ethereum address]`. */
export function createdContract(value: IpldValue | undefined): Address {
  const [, , address] = Array.isArray(value) ? (value as readonly IpldValue[]) : []
  if (!(address instanceof Uint8Array))
    throw new TroupeError(
      'init/unexpected-return',
      'the Ethereum address manager of this network returned something else from CreateExternal than it should',
    )
  return ethereumAddress(address)
}

/** A call without calldata has no parameters at all. */
function parametersOf(calldata: Uint8Array): Uint8Array | undefined {
  return calldata.length === 0 ? undefined : byteString(calldata)
}

function byteString(bytes: Uint8Array): Uint8Array {
  return new CborWriter(bytes.length + 9).bytes(bytes).finish()
}
