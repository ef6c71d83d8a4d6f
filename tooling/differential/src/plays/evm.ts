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
import { Assembler, deployCode } from '../evm/assembler.ts'
import {
  PROGRAM_INPUT,
  randomKey,
  randomProgram,
  randomWord,
  type Surroundings,
} from '../evm/random-program.ts'
import { distant, distantWorld } from '../world.ts'
import type { Play, PlayedMessage } from './play.ts'
import type { Random } from './random.ts'

const EAM = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
const CREATE = BigInt(EamMethod.CREATE_EXTERNAL)
const INVOKE = 3_844_450_837n
const SENDERS = [100n, 101n, 103n]
/** Actors that there are, by masked id; precompiles; and nobody. */
const OTHERS: readonly bigint[] = [
  ...[0, 1, 10, 99, 100, 101, 102, 1_000_200, 9_999].map((id) => (0xffn << 152n) + BigInt(id)),
  ...[4, 5, 10, 0x100].map(BigInt),
  BigInt(`0x${'e1'.repeat(20)}`),
  BigInt(`0x${'77'.repeat(20)}`),
]
const CONTRACTS_KEPT = 12

/** A contract that writes what it is told to: pairs of keys and words. */
const WRITER_CODE: Uint8Array = new Assembler()
  .push(0)
  .label('next')
  .op('CALLDATASIZE', 'DUP2', 'LT', 'ISZERO')
  .pushLabel('end')
  .op('JUMPI')
  .op('DUP1')
  .push(32)
  .op('ADD', 'CALLDATALOAD', 'DUP2', 'CALLDATALOAD', 'SSTORE')
  .push(64)
  .op('ADD')
  .pushLabel('next')
  .op('JUMP')
  .label('end')
  .op('STOP')
  .finish()

/** Random messages to random contracts. */
class EvmMessages {
  readonly #random: Random
  readonly #contracts: bigint[] = []
  #writer: bigint | undefined

  constructor(random: Random) {
    this.#random = random
  }

  next(): PlayedMessage {
    const random = this.#random
    if (this.#writer === undefined) return this.#create(deployCode(WRITER_CODE))
    if (this.#contracts.length < 3) return this.#create(deployCode(this.#program()))
    return random.weighted<() => PlayedMessage>([
      [18, () => this.#create(this.#initcode())],
      [20, () => this.#write()],
      [50, () => this.#invoke()],
      [4, () => this.#frc42()],
      [8, () => this.#anyMethod()],
    ])()
  }

  learn({ to, method }: PlayedMessage, { receipt }: MessageResult): void {
    if (to.id !== EAM.id || method !== BigInt(EamMethod.CREATE_EXTERNAL) || receipt.exitCode !== 0) return
    const address = createdAddress(receipt.returnData)
    if (this.#writer === undefined) this.#writer = address
    else this.#contracts.push(address)
  }

  #around(): Surroundings {
    const contracts = this.#contracts.slice(-CONTRACTS_KEPT)
    return { contracts, others: OTHERS, initcode: () => this.#small() }
  }

  #program(): Uint8Array {
    return randomProgram(this.#random, this.#around())
  }

  /** A constructor that is short enough to stand in another program. */
  #small(): Uint8Array {
    const random = this.#random
    return random.pick<() => Uint8Array>([
      () => deployCode(Uint8Array.of(0x36, 0x5f, 0x55, 0x47, 0x60, 1, 0x55)),
      () => deployCode(new Assembler().push(randomWord(random), randomKey(random)).op('SSTORE').finish()),
      () => new Assembler().push(random.below(9), 0).op('SSTORE').push(40, 0).op('REVERT').finish(),
      () => new Assembler().op('ORIGIN', 'SELFDESTRUCT').finish(),
      () => deployCode(new Assembler().op('CALLER', 'SELFDESTRUCT').finish()),
      () => new Uint8Array(),
      () => deployCode(Uint8Array.of(0xef, 0)),
      () => new Assembler().push(24_577, 0).op('RETURN').finish(),
    ])()
  }

  #initcode(): Uint8Array {
    const random = this.#random
    if (random.chance(70)) return deployCode(this.#program())
    if (random.chance(50)) return this.#small()
    return random.chance(50) ? this.#program() : random.bytes(random.below(60))
  }

  #create(initcode: Uint8Array): PlayedMessage {
    const value = this.#random.chance(50) ? 0n : BigInt(this.#random.below(5000))
    return {
      ...this.#from(),
      to: EAM,
      method: BigInt(EamMethod.CREATE_EXTERNAL),
      value,
      params: bytes(initcode),
    }
  }

  #write(): PlayedMessage {
    const random = this.#random
    const words = Array.from({ length: 1 + random.below(24) }, () => [randomKey(random), randomWord(random)])
    const params = bytes(writeAbi(words.flat()))
    return { ...this.#from(), to: ethereum(this.#writer ?? 0n), method: INVOKE, params }
  }

  #invoke(): PlayedMessage {
    const random = this.#random
    const value = random.chance(70) ? 0n : BigInt(random.below(3000))
    const size = PROGRAM_INPUT * (1 + random.below(3)) + random.below(8)
    const input = random.chance(5)
      ? new Uint8Array()
      : random.bytes(random.chance(10) ? random.below(32) : size)
    const params = input.length === 0 ? input : bytes(input)
    return { ...this.#from(), to: this.#contract(), method: INVOKE, value, params }
  }

  /** A method that no contract has: its code is asked. */
  #frc42(): PlayedMessage {
    const random = this.#random
    const answer = writeAbi(
      [
        random.pick([0n, 0n, 0n, 5n, 16n, 40n, 1n << 40n]),
        random.pick([0n, 0x51n, 0x51n, 0x55n]),
        random.pick([96n, 96n, 64n, 500n]),
        BigInt(random.below(40)),
      ],
      random.bytes(random.below(50)),
    )
    const code = new Assembler()
    for (let at = 0; at < answer.length; at += 32)
      code
        .push(
          answer.subarray(at, at + 32).reduce((word, byte) => (word << 8n) | BigInt(byte), 0n),
          at,
        )
        .op('MSTORE')
    code.push(random.chance(10) ? 0 : answer.length, 0).op('RETURN')
    return this.#create(deployCode(code.finish()))
  }

  #anyMethod(): PlayedMessage {
    const random = this.#random
    const key = new CborWriter()
      .array(1)
      .bytes(writeAbi([randomKey(random)]))
      .finish()
    const [method, params] = random.pick<readonly [bigint, Uint8Array]>([
      [0n, new Uint8Array()],
      [1n, new CborWriter().array(2).bytes(random.bytes(20)).bytes(random.bytes(9)).finish()],
      [2n, new CborWriter().array(2).bytes(random.bytes(20)).bytes(random.bytes(9)).finish()],
      [3n, new Uint8Array()],
      [4n, new Uint8Array()],
      [4n, Uint8Array.of(0x80)],
      [5n, key],
      [5n, key],
      [6n, Uint8Array.of(0x80)],
      [BigInt(random.below(1024)), random.bytes(random.below(30))],
      [BigInt(1024 + random.below(1e9)), new Uint8Array()],
      [BigInt(1024 + random.below(1e9)), random.bytes(random.below(70))],
      [INVOKE, random.bytes(random.below(10))],
    ])
    const from = random.chance(40) ? { from: idAddress(0n) } : this.#from()
    const to = random.chance(20)
      ? idAddress(distant(random.pick([201n, 206n, 207n, 208n])))
      : this.#contract()
    return { ...from, to, method, params, value: random.chance(80) ? 0n : 7n }
  }

  #contract(): Address {
    return ethereum(this.#random.pick(this.#contracts.slice(-CONTRACTS_KEPT)))
  }

  #from(): { from: Address } {
    return { from: idAddress(this.#random.pick(SENDERS)) }
  }
}

function ethereum(address: bigint): Address {
  return ethereumAddress(
    Uint8Array.from({ length: 20 }, (_, i) => Number((address >> BigInt(8 * (19 - i))) & 0xffn)),
  )
}

function createdAddress(returnData: Uint8Array): bigint {
  const { ethereumAddress: address } = decodeValue(createReturnCodec, returnData)
  return address.reduce((word, byte) => (word << 8n) | BigInt(byte), 0n)
}

function bytes(data: Uint8Array): Uint8Array {
  return new CborWriter(data.length + 9).bytes(data).finish()
}

/** Sequences of words that are set, changed and deleted, in contracts that have others already. */
class StorageMessages {
  readonly #random: Random
  readonly #writers: bigint[] = []

  constructor(random: Random) {
    this.#random = random
  }

  next(): PlayedMessage {
    const random = this.#random
    // New contracts begin with nothing, and old ones grow.
    if (this.#writers.length === 0 || random.chance(3))
      return { from: idAddress(100n), to: EAM, method: CREATE, params: bytes(deployCode(WRITER_CODE)) }
    const words = Array.from({ length: 1 + random.below(20) }, () => [randomKey(random), randomWord(random)])
    const writer = random.pick(this.#writers.slice(-8))
    return {
      from: idAddress(100n),
      to: ethereum(writer),
      method: INVOKE,
      params: bytes(writeAbi(words.flat())),
    }
  }

  learn({ to }: PlayedMessage, { receipt }: MessageResult): void {
    if (to.id === EAM.id && receipt.exitCode === 0) this.#writers.push(createdAddress(receipt.returnData))
  }
}

/** Storage of contracts. */
export const evmStoragePlay: Play = {
  actor: 'evm-storage',
  runtime: () => evmRuntime(),
  leap: 60,
  breaks: false,
  world: distantWorld,
  start: (_view, random) => new StorageMessages(random),
}

/** Contracts of the EVM, of random code. */
export const evmPlay: Play = {
  actor: 'evm',
  runtime: () => evmRuntime(),
  leap: 60,
  world: distantWorld,
  start: (_view, random) => new EvmMessages(random),
}
