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
import type { Messages, Play, PlayedMessage, View } from './play.ts'
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
  readonly args?: (scene: Scene) => readonly unknown[]
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
  /** That of the next message. */
  readonly epoch: bigint
  /** The address of a sender in Ethereum's form. */
  accountOf(sender: bigint): string
  addressOf(name: string): string
  /** What the last call of a function returned, decoded; `undefined` where there was none, or it failed. */
  lastOf(name: string): readonly unknown[] | undefined
}

/** What is said to a contract. */
export interface SceneCall {
  /** What is called, by name. */
  readonly label: string
  /** One of the senders. */
  readonly from: bigint
  /** `0x…`; `undefined` where the contract is made. */
  readonly to: string | undefined
  readonly value: bigint
  readonly data: Uint8Array
}

/** What a scene asks of the network that it is played on. */
export interface SceneNetwork {
  /** That of the next message. */
  epoch(): bigint
  /** The address of a sender in Ethereum's form. */
  accountOf(sender: bigint): string
}

/** An account's address in Ethereum's form. */
function maskedAddress(id: bigint): string {
  return `0xff${id.toString(16).padStart(38, '0')}`
}

/** What is said to contracts, one thing after the other: first they are made. */
export class ContractScene implements Scene {
  readonly #world: ContractWorld
  readonly #random: Random
  readonly #network: SceneNetwork
  readonly #interfaces: ReadonlyMap<string, Interface>
  readonly #addresses = new Map<string, string>()
  readonly #results = new Map<string, readonly unknown[]>()
  #call: { readonly as: string; readonly function: string } | undefined

  constructor(world: ContractWorld, random: Random, network: SceneNetwork) {
    this.#world = world
    this.#random = random
    this.#network = network
    this.#interfaces = new Map(
      [...world.contracts].map(([name, { abi }]) => [name, new Interface(abi as InterfaceAbi)]),
    )
  }

  get epoch(): bigint {
    return this.#network.epoch()
  }

  accountOf(sender: bigint): string {
    return this.#network.accountOf(sender)
  }

  addressOf(name: string): string {
    const address = this.#addresses.get(name)
    if (address === undefined) throw new TypeError(`${name} has not been made`)
    return address
  }

  lastOf(name: string): readonly unknown[] | undefined {
    return this.#results.get(name)
  }

  /** What is said next. */
  next(): SceneCall {
    const deployment = this.#world.deployments[this.#addresses.size]
    return deployment === undefined ? this.#invocation() : this.#creation(deployment)
  }

  /** A contract has been made. */
  made(address: string): void {
    const deployment = this.#world.deployments[this.#addresses.size]
    if (deployment !== undefined) this.#addresses.set(deployment.name, address)
  }

  /** The last call has returned something. */
  returned(output: Uint8Array): void {
    if (this.#call === undefined || output.length === 0) return
    const { as, function: name } = this.#call
    this.#results.set(name, [...this.#interface(as).decodeFunctionResult(name, output)])
  }

  #creation({ name, contract = name, args }: Deployment): SceneCall {
    const { initcode } = this.#world.contracts.get(contract) ?? { initcode: new Uint8Array() }
    const encoded = this.#interface(contract).encodeDeploy(args?.(this) ?? [])
    const data = Uint8Array.from([...initcode, ...Buffer.from(encoded.slice(2), 'hex')])
    return { label: `new ${name}`, from: SENDERS[0], to: undefined, value: 0n, data }
  }

  #invocation(): SceneCall {
    const call = this.#world.next(this.#random, this)
    const { to, as = to, from = this.#random.pick(SENDERS), value = 0n } = call
    this.#call = { as, function: call.function }
    const data = this.#interface(as).encodeFunctionData(call.function, call.args ?? [])
    return {
      label: `${as}.${call.function}`,
      ...{ from, value, to: to.startsWith('0x') ? to : this.addressOf(to) },
      data: Buffer.from(data.slice(2), 'hex'),
    }
  }

  #interface(name: string): Interface {
    const found = this.#interfaces.get(name)
    if (found === undefined) throw new TypeError(`there is no contract ${name}`)
    return found
  }
}

class ContractMessages implements Messages {
  readonly #scene: ContractScene

  constructor(world: ContractWorld, view: View, random: Random) {
    this.#scene = new ContractScene(world, random, { epoch: () => view.epoch, accountOf: maskedAddress })
  }

  next(): PlayedMessage {
    const { data, from, label, to, value } = this.#scene.next()
    const message = { label, from: idAddress(from), params: bytes(data) }
    if (to === undefined) return { ...message, to: EAM, method: BigInt(EamMethod.CREATE_EXTERNAL) }
    return { ...message, to: parseEthereumHex(to), method: INVOKE, value }
  }

  learn({ to }: PlayedMessage, { receipt }: MessageResult): void {
    if (to.id === EAM.id) {
      const { ethereumAddress } = decodeValue(createReturnCodec, receipt.returnData)
      this.#scene.made(`0x${Buffer.from(ethereumAddress).toString('hex')}`)
    } else if (receipt.exitCode === 0 && receipt.returnData.length > 0)
      this.#scene.returned(
        decodeValue({ encode: () => {}, decode: (reader) => reader.bytes() }, receipt.returnData),
      )
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
    start: (view, random) => new ContractMessages(world(), view, random),
  }
}
