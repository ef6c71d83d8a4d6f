import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createReturnCodec, EamMethod } from '@troupe/actors'
import {
  type Address,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ethereumAddress,
  idAddress,
  type MessageResult,
} from '@troupe/hypervisor'
import { CborWriter, decodeValue } from '@troupe/ipld'
import { evmRuntime } from '@troupe/runtime-evm'
import { writeAbi } from '../evm/abi.ts'
import { distantWorld } from '../world.ts'
import { SENDERS } from './contract-play.ts'
import type { Messages, Play, PlayedMessage } from './play.ts'
import type { Random } from './random.ts'

const EAM = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
const INVOKE = 3_844_450_837n
const PUSH4 = 0x63
const MASK = 0xffn << 152n

/** A contract of which only the code is known. */
interface FoundContract {
  readonly initcode: Uint8Array
  /** Constants of four bytes in it: the selectors of its functions are among them. */
  readonly selectors: readonly Uint8Array[]
}

/** Deploys what it is given, and calls any function with anything. */
class FoundMessages implements Messages {
  readonly #contracts: readonly FoundContract[]
  readonly #random: Random
  readonly #made: { readonly address: Uint8Array; readonly contract: FoundContract }[] = []
  #next = 0
  #last: FoundContract | undefined

  constructor(contracts: readonly FoundContract[], random: Random) {
    this.#contracts = contracts
    this.#random = random
  }

  next(): PlayedMessage {
    const random = this.#random
    const from = idAddress(random.pick(SENDERS))
    const isNew = this.#next < this.#contracts.length
    if (isNew || random.chance(3)) {
      this.#last = isNew ? this.#contracts[this.#next++] : random.pick(this.#contracts)
      const args = random.chance(50) ? new Uint8Array() : this.#words()
      const code = Uint8Array.from([...(this.#last?.initcode ?? []), ...args])
      return { from, to: EAM, method: BigInt(EamMethod.CREATE_EXTERNAL), params: bytes(code) }
    }
    const { address, contract } = random.pick(this.#made)
    const selector = contract.selectors.length === 0 ? random.bytes(4) : random.pick(contract.selectors)
    const data = random.chance(4)
      ? random.bytes(random.below(70))
      : Uint8Array.from([...selector, ...this.#words()])
    const to: Address = ethereumAddress(address)
    const value = random.chance(75) ? 0n : BigInt(random.below(10_000))
    return { from, to, method: INVOKE, value, params: bytes(data) }
  }

  learn({ to }: PlayedMessage, { receipt }: MessageResult): void {
    if (to.id !== EAM.id || receipt.exitCode !== 0 || this.#last === undefined) return
    const { ethereumAddress: address } = decodeValue(createReturnCodec, receipt.returnData)
    this.#made.push({ address, contract: this.#last })
  }

  /** Arguments of any kind: numbers, addresses, places of others, and lengths. */
  #words(): Uint8Array {
    const random = this.#random
    const words = Array.from({ length: random.below(7) }, () =>
      random.weighted<() => bigint>([
        [30, () => BigInt(random.below(6))],
        [15, () => BigInt(32 * random.below(6))],
        [20, () => MASK + random.pick([0n, 10n, 99n, 100n, 101n, 103n])],
        [20, () => this.#madeAddress()],
        [10, () => BigInt(random.below(100_000))],
        [5, () => (1n << 256n) - 1n],
      ])(),
    )
    return writeAbi(words)
  }

  #madeAddress(): bigint {
    if (this.#made.length === 0) return 0n
    return this.#random.pick(this.#made).address.reduce((word, byte) => (word << 8n) | BigInt(byte), 0n)
  }
}

function bytes(data: Uint8Array): Uint8Array {
  return new CborWriter(data.length + 9).bytes(data).finish()
}

function readContract(path: string): FoundContract {
  const initcode = Uint8Array.from(Buffer.from(readFileSync(path, 'utf8').trim().replace(/^0x/u, ''), 'hex'))
  const selectors: Uint8Array[] = []
  for (let at = 0; at < initcode.length - 4; at++)
    if (initcode[at] === PUSH4) selectors.push(initcode.subarray(at + 1, at + 5))
  return { initcode, selectors }
}

/** The contracts of a folder: files of hexadecimal digits, with names that end in `.hex`. */
export function foundContractsPlay(directory: string): Play {
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.hex'))
    .sort()
  const contracts = names.map((name) => readContract(join(directory, name)))
  if (contracts.length === 0) throw new TypeError(`${directory} has no files *.hex`)
  return {
    actor: 'evm-contracts',
    runtime: () => evmRuntime(),
    leap: 60,
    breaks: false,
    world: distantWorld,
    start: (_view, random) => new FoundMessages(contracts, random),
  }
}
