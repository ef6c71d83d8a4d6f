import { createReturnCodec, EamMethod } from '@troupe/actors'
import {
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  idAddress,
  type MessageResult,
  parseEthereumHex,
} from '@troupe/hypervisor'
import { CborWriter, decodeValue } from '@troupe/ipld'
import { evmRuntime } from '@troupe/runtime-evm'
import { Interface, type InterfaceAbi } from 'ethers'
import type { CompiledContract } from '../evm/compile-solidity.ts'
import { distantWorld } from '../world.ts'
import type { Messages, Play, PlayedMessage } from './play.ts'
import type { Random } from './random.ts'

const EAM = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
const INVOKE = 3_844_450_837n

/** Accounts that send messages, by id. */
export const SENDERS = [100n, 101n, 103n] as const

/** A call of a contract. */
export interface ContractCall {
  /** The name of a contract, or an address: `0x…`. */
  readonly to: string
  /** Whose functions are known. Default: those of the contract by that name. */
  readonly as?: string
  readonly function: string
  readonly args?: readonly unknown[]
  readonly value?: bigint
  /** Default: any of the senders. */
  readonly from?: bigint
}

/** A contract that is made at the beginning. */
export interface Deployment {
  readonly name: string
  readonly args?: (addressOf: (name: string) => string) => readonly unknown[]
  /** The contract that is made. Default: the one by that name. */
  readonly contract?: string
}

/** A world of contracts. */
export interface ContractWorld {
  readonly contracts: ReadonlyMap<string, CompiledContract>
  readonly deployments: readonly Deployment[]
  /** What is called next. */
  next(random: Random, scene: Scene): ContractCall
}

/** What is known of the contracts. */
export interface Scene {
  addressOf(name: string): string
  /** What the last call of a function returned, decoded; `undefined` where there was none, or it failed. */
  lastOf(name: string): readonly unknown[] | undefined
}

/** An account's address in Ethereum's form. */
export function maskedAddress(id: bigint): string {
  return `0xff${id.toString(16).padStart(38, '0')}`
}

class ContractMessages implements Messages, Scene {
  readonly #world: ContractWorld
  readonly #random: Random
  readonly #interfaces: ReadonlyMap<string, Interface>
  readonly #addresses = new Map<string, string>()
  readonly #results = new Map<string, readonly unknown[]>()
  #call: { readonly as: string; readonly function: string } | undefined

  constructor(world: ContractWorld, random: Random) {
    this.#world = world
    this.#random = random
    this.#interfaces = new Map(
      [...world.contracts].map(([name, { abi }]) => [name, new Interface(abi as InterfaceAbi)]),
    )
  }

  addressOf(name: string): string {
    const address = this.#addresses.get(name)
    if (address === undefined) throw new TypeError(`${name} has not been made`)
    return address
  }

  lastOf(name: string): readonly unknown[] | undefined {
    return this.#results.get(name)
  }

  next(): PlayedMessage {
    const deployment = this.#world.deployments[this.#addresses.size]
    return deployment === undefined ? this.#invoke() : this.#deploy(deployment)
  }

  learn({ to }: PlayedMessage, { receipt }: MessageResult): void {
    const deployment = this.#world.deployments[this.#addresses.size]
    if (deployment !== undefined && to.id === EAM.id) {
      const { ethereumAddress } = decodeValue(createReturnCodec, receipt.returnData)
      this.#addresses.set(deployment.name, `0x${Buffer.from(ethereumAddress).toString('hex')}`)
    } else if (this.#call !== undefined && receipt.exitCode === 0 && receipt.returnData.length > 0) {
      const { as, function: name } = this.#call
      const output = decodeValue({ encode: () => {}, decode: (reader) => reader.bytes() }, receipt.returnData)
      this.#results.set(name, [...this.#interface(as).decodeFunctionResult(name, output)])
    }
  }

  #deploy({ name, contract = name, args }: Deployment): PlayedMessage {
    const { initcode } = this.#world.contracts.get(contract) ?? { initcode: new Uint8Array() }
    const encoded = this.#interface(contract).encodeDeploy(args?.((other) => this.addressOf(other)) ?? [])
    const code = Uint8Array.from([...initcode, ...Buffer.from(encoded.slice(2), 'hex')])
    return {
      label: `new ${name}`,
      from: idAddress(SENDERS[0]),
      to: EAM,
      method: BigInt(EamMethod.CREATE_EXTERNAL),
      params: bytes(code),
    }
  }

  #invoke(): PlayedMessage {
    const call = this.#world.next(this.#random, this)
    const { to, as = to, from = this.#random.pick(SENDERS), value = 0n } = call
    this.#call = { as, function: call.function }
    const data = this.#interface(as).encodeFunctionData(call.function, call.args ?? [])
    const address = to.startsWith('0x') ? to : this.addressOf(to)
    return {
      label: `${as}.${call.function}`,
      from: idAddress(from),
      to: parseEthereumHex(address),
      method: INVOKE,
      value,
      params: bytes(Buffer.from(data.slice(2), 'hex')),
    }
  }

  #interface(name: string): Interface {
    const found = this.#interfaces.get(name)
    if (found === undefined) throw new TypeError(`there is no contract ${name}`)
    return found
  }
}

function bytes(data: Uint8Array): Uint8Array {
  return new CborWriter(data.length + 9).bytes(data).finish()
}

/** Messages to contracts of a world. */
export function contractPlay(actor: string, world: () => ContractWorld): Play {
  return {
    actor,
    runtime: () => evmRuntime(),
    leap: 20,
    breaks: false,
    world: distantWorld,
    start: (_view, random) => new ContractMessages(world(), random),
  }
}
