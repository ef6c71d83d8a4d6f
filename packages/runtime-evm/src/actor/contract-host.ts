import { Abort, ExitCode, SyscallError } from '@troupe/hypervisor'
import { RAW } from '@troupe/ipld'
import { ActorError, type ActorEventEntry, fail } from '@troupe/runtime-native'
import type { Frame } from '../interpreter/frame.ts'
import type { CallOutcome, CallRequest, CreateOutcome, CreateRequest, Host } from '../interpreter/host.ts'
import { fromWord } from '../interpreter/word.ts'
import type { Contract } from './contract.ts'
import { addressOfContract, reservedPrecompile } from './contract-address.ts'
import {
  type CodeCaller,
  callActor,
  callDelegate,
  createContract,
  gasOfCall,
  gasOfCreation,
} from './contract-calls.ts'
import type { ContractGas } from './contract-gas.ts'
import { EvmExitCode } from './exit-codes.ts'
import { type ForeignKind, foreignCode, foreignCodeHash, foreignKind } from './foreign-code.ts'
import type { PrecompileSet, ReservedAddress } from './precompile-calls.ts'
import { bytesOfWord, wordOfBytes } from './word-bytes.ts'

/** What GASLIMIT gives: the gas of a block. */
const BLOCK_GAS_LIMIT = 10_000_000_000n
const MAX_EPOCH = 2n ** 63n - 1n
/** How many epochs back BLOCKHASH goes. */
const BLOCK_HASHES = 256n
const INDEXED_ALL = 3n
const TOPIC_KEYS = ['t1', 't2', 't3', 't4']
const DATA_KEY = 'd'
const KECCAK_256 = 0x1b
const WORD = 32
const EMPTY = new Uint8Array()

/**
 * The world as a contract's code sees it. Everything that is asked of it is made of syscalls, in the same order as the official actor's.
 *
 * Source: builtin-actors v18 actors/evm/src/interpreter/instructions/.
 */
export class ContractHost implements Host {
  protected readonly contract: Contract
  protected readonly gas: ContractGas
  readonly #caller: CodeCaller
  readonly #precompiles: PrecompileSet

  constructor(contract: Contract, gas: ContractGas, caller: CodeCaller, precompiles: PrecompileSet) {
    this.contract = contract
    this.gas = gas
    this.#caller = caller
    this.#precompiles = precompiles
  }

  /** Whether somebody wants to see the steps of code. */
  get wantsSteps(): boolean {
    return this.contract.context.syscalls.kernel.calls.steps !== undefined
  }

  /** Tells a step of code to whoever wants to see it. */
  tellStep(frame: Frame<ContractHost>, opcode: number, name: string): void {
    const { kernel } = this.contract.context.syscalls
    kernel.calls.steps?.({
      ...{
        actor: kernel.context.receiver,
        run: frame,
        offset: frame.pc,
        opcode,
        name,
        gasLeft: frame.gas.left * this.gas.unit,
      },
      stack: () => frame.stack.slice(0, frame.height).map(fromWord),
      memory: () => frame.memory.read(0, frame.memory.length),
      returnData: () => frame.returnData,
    })
  }

  balance(address: bigint): bigint {
    return this.ask(({ context }) => {
      const id = context.actors.resolve(addressOfContract(address))
      return (id === undefined ? undefined : context.actors.balance(id)) ?? 0n
    })
  }

  selfBalance(): bigint {
    return this.ask(({ context }) => context.balance())
  }

  codeSize(address: bigint): number {
    return this.code(address).length
  }

  code(address: bigint): Uint8Array {
    return this.ask((contract) => foreignCode(contract, this.#foreignKind(address)))
  }

  codeHash(address: bigint): bigint {
    return this.ask((contract) => foreignCodeHash(contract, this.#foreignKind(address)))
  }

  keccak256(data: Uint8Array): Uint8Array {
    return this.ask(({ context }) => context.crypto.hash(KECCAK_256, data))
  }

  load(key: bigint): bigint {
    return this.ask(({ slots }) => slots.get(key))
  }

  store(key: bigint, value: bigint): void {
    this.ask((contract) => contract.store(key, value))
  }

  loadTransient(key: bigint): bigint {
    return this.ask(({ transientSlots }) => transientSlots.get(key))
  }

  storeTransient(key: bigint, value: bigint): void {
    this.ask((contract) => contract.storeTransient(key, value))
  }

  log(topics: readonly bigint[], data: Uint8Array): void {
    const entries = topics.map((topic, index) => entry(TOPIC_KEYS[index] as string, bytesOfWord(topic)))
    if (data.length > 0) entries.push(entry(DATA_KEY, data))
    this.ask(({ context }) => context.emit(entries))
  }

  call(request: CallRequest): CallOutcome {
    return this.ask((contract) => {
      const reserved = reservedPrecompile(request.address)
      if (reserved !== undefined) return this.#callPrecompile(reserved, request)
      const calleeGas = (): bigint => this.gasOfCall(request)
      if (request.kind === 'call' || request.kind === 'staticcall')
        return callActor(contract, request, calleeGas)
      const found = this.#foreignKind(request.address)
      return callDelegate(contract, found, request.input, this.callerOf(request), calleeGas)
    })
  }

  create(request: CreateRequest): CreateOutcome {
    return this.ask((contract) => createContract(contract, request, () => gasOfCreation(contract)))
  }

  selfDestruct(beneficiary: bigint): void {
    this.ask((contract) => {
      const value = contract.context.balance()
      try {
        contract.transfer(addressOfContract(beneficiary), value)
      } catch (error) {
        if (!(error instanceof ActorError)) throw error
        fail(EvmExitCode.SELF_DESTRUCT_FAILED, `the beneficiary cannot be paid: ${error.message}`)
      }
      contract.markDestroyed()
    })
  }

  gasLeft(): bigint {
    return this.ask(({ context }) => context.gasAvailable())
  }

  origin(): bigint {
    return this.ask((contract) => nameOrPanic(contract, contract.context.message.origin))
  }

  gasPrice(): bigint {
    return this.ask(({ context: { message, network } }) => network.baseFee + message.gasPremium)
  }

  blockHash(number: bigint): bigint {
    // What is no epoch at all, the actor does not compare with the current one.
    if (number > MAX_EPOCH) return 0n
    return this.ask(({ context: { network } }) => {
      if (number >= network.epoch || number < network.epoch - BLOCK_HASHES) return 0n
      try {
        const { digest } = network.tipsetCid(number).multihash
        return wordOfBytes(digest.length < WORD ? padded(digest) : digest)
      } catch (error) {
        if (error instanceof ActorError || error instanceof SyscallError) return 0n
        throw error
      }
    })
  }

  /** Nobody: a tipset has several producers. */
  coinbase(): bigint {
    return 0n
  }

  timestamp(): bigint {
    return this.ask(({ context: { network } }) => network.timestamp)
  }

  blockNumber(): bigint {
    return this.ask(({ context: { network } }) => network.epoch)
  }

  prevRandao(): bigint {
    return this.ask((contract) => contract.prevRandao())
  }

  blockGasLimit(): bigint {
    return BLOCK_GAS_LIMIT
  }

  chainId(): bigint {
    return this.ask(({ context: { network } }) => network.chainId)
  }

  baseFee(): bigint {
    return this.ask(({ context: { network } }) => network.baseFee)
  }

  /** No instruction asks for it. */
  blobBaseFee(): bigint {
    return 0n
  }

  /** No instruction asks for it. */
  blobHash(): bigint {
    return 0n
  }

  /** Takes memory out of what all instances of a message share. @throws {Abort} where there is not as much, as the official actor traps */
  takeMemory(bytes: number): void {
    if (!this.contract.context.syscalls.kernel.memory.grow(bytes))
      throw new Abort(ExitCode.SYS_ILLEGAL_INSTRUCTION, 'there is not as much memory')
  }

  /** Gas for a callee. */
  protected gasOfCall(request: CallRequest): bigint {
    return gasOfCall(this.contract, request)
  }

  /** Whom code of another sees as its caller that runs in the contract's own name, and what value. */
  protected callerOf(_request: CallRequest): CodeCaller {
    return this.#caller
  }

  #callPrecompile(reserved: ReservedAddress, request: CallRequest): CallOutcome {
    const output = this.#precompiles.call(this.contract, reserved, request)
    if (output === undefined) return { isSuccess: false, output: EMPTY }
    // What has been done is not taken back where the value cannot be moved; only a delegated call does anything, and moves none.
    if (request.value !== 0n && request.kind === 'call') {
      try {
        this.contract.transfer(addressOfContract(request.address), request.value)
      } catch (error) {
        if (error instanceof ActorError) return { isSuccess: false, output: EMPTY }
        throw error
      }
    }
    return { isSuccess: true, output }
  }

  #foreignKind(address: bigint): ForeignKind {
    return foreignKind(this.contract.context, address, (reserved) => this.#precompiles.has(reserved))
  }

  /** Charges for the code until now, asks, and lets the code go on with the gas that is left. */
  protected ask<T>(question: (contract: Contract) => T): T {
    this.gas.settle()
    const answer = question(this.contract)
    this.gas.resume()
    return answer
  }
}

/** The name of an actor, which has to have one. @throws {Abort} */
export function nameOrPanic(contract: Contract, id: bigint): bigint {
  try {
    return contract.nameOf(id)
  } catch (error) {
    if (error instanceof ActorError) return contract.context.panic(error.message)
    throw error
  }
}

function entry(key: string, value: Uint8Array): ActorEventEntry {
  return { flags: INDEXED_ALL, key, codec: RAW, value }
}

/** A digest that is shorter than a word, as a number. */
function padded(digest: Uint8Array): Uint8Array {
  const word = new Uint8Array(WORD)
  word.set(digest, WORD - digest.length)
  return word
}
