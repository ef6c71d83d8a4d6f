import {
  type ActorId,
  type Address,
  ETHEREUM_ADDRESS_LENGTH,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  ExitCode,
  METHOD_SEND,
  type TokenAmount,
} from '@troupe/hypervisor'
import { type Cid, cidEquals, DAG_CBOR, decodeValue, encodeValue, RAW } from '@troupe/ipld'
import {
  type ActorContext,
  ActorError,
  DomainSeparationTag,
  expectSuccess,
  fail,
  failureOfSend,
  isDataError,
  type Send,
  type SendResult,
  type SentBlock,
} from '@troupe/runtime-native'
import { contractAddressOfBytes, contractAddressOfId } from './contract-address.ts'
import { type EvmState, evmStateCodec, isSameLifespan, type Lifespan } from './evm-state.ts'
import { CONTRACT_WORK } from './fvm-gas.ts'
import { StorageMap } from './storage-map.ts'
import { wordOfBytes } from './word-bytes.ts'

/** Most bytes that a contract's code may have. */
const MAX_CODE_SIZE = 24 * 1024
/** First byte that code may not have (EIP-3541). */
const RESERVED_FIRST_BYTE = 0xef
const KECCAK_256 = 0x1b
const PREV_RANDAO = new TextEncoder().encode('prevrandao')

/** The code of a contract, by both its names. */
interface Bytecode {
  readonly cid: Cid
  /** Keccak-256. */
  readonly hash: Uint8Array
}

/**
 * A contract while it is invoked: its state, which is written before it calls anyone and when it is done, and read anew when a call may have changed it.
 *
 * Source: builtin-actors v18 actors/evm/src/interpreter/system.rs.
 */
export class Contract {
  readonly context: ActorContext
  /** Whether nothing may be changed. */
  readonly isReadOnly: boolean
  readonly slots: StorageMap
  readonly transientSlots: StorageMap
  readonly #lifespan: Lifespan
  #bytecode: Bytecode | undefined
  #nonce = 1n
  #tombstone: Lifespan | undefined
  /** The state as it is in the tree; `undefined` where it has changed since. */
  #saved: Cid | undefined
  #randomness: bigint | undefined

  private constructor(context: ActorContext, isReadOnly: boolean, saved?: { root: Cid; state: EvmState }) {
    this.context = context
    this.isReadOnly = isReadOnly
    this.#lifespan = currentLifespan(context)
    this.transientSlots = new StorageMap(context, saved && this.#transientRoot(saved.state))
    this.slots = new StorageMap(context, saved?.state.contractState)
    if (saved !== undefined) this.#take(saved.root, saved.state)
  }

  /** A contract that is made. @throws {ActorError} USR_ILLEGAL_STATE where there is one */
  static create(context: ActorContext): Contract {
    const { readOnly } = context.message
    if (!cidEquals(context.state.root(), context.syscalls.kernel.calls.machine.emptyTuple))
      fail(ExitCode.USR_ILLEGAL_STATE, 'there is a contract already')
    return new Contract(context, readOnly)
  }

  /** A contract that is made where one has destroyed itself. @throws {ActorError} USR_FORBIDDEN where it is alive; as {@link load} */
  static resurrect(context: ActorContext): Contract {
    const { readOnly } = context.message
    if (!isDead(context, readState(context, context.state.root())))
      fail(ExitCode.USR_FORBIDDEN, 'only a contract that is dead can live again')
    return new Contract(context, readOnly)
  }

  /**
   * The contract that there is; one without code, which cannot be changed, where it is dead.
   * @throws {ActorError} USR_SERIALIZATION for a state that is none; USR_ILLEGAL_STATE for storage that is none
   */
  static load(context: ActorContext): Contract {
    const root = context.state.root()
    const state = readState(context, root)
    if (isDead(context, state)) return new Contract(context, true)
    return new Contract(context, context.message.readOnly, { root, state })
  }

  /** CID of the code; `undefined` where there is none yet, or none any more. */
  get bytecode(): Cid | undefined {
    return this.#bytecode?.cid
  }

  /** How many contracts this one has tried to make, and one. */
  get nonce(): bigint {
    return this.#nonce
  }

  /** Sets the code. @throws {ActorError} USR_ILLEGAL_ARGUMENT where it is too long, or begins with 0xef */
  setBytecode(bytes: Uint8Array): Bytecode {
    this.#saved = undefined
    if (bytes.length > MAX_CODE_SIZE)
      fail(ExitCode.USR_ILLEGAL_ARGUMENT, `code of ${bytes.length} bytes, more than ${MAX_CODE_SIZE}`)
    if (bytes[0] === RESERVED_FIRST_BYTE) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'code that begins with 0xef')
    const hash = this.context.crypto.hash(KECCAK_256, bytes)
    this.#bytecode = { cid: this.context.state.blocks.add(RAW, bytes), hash }
    return this.#bytecode
  }

  /** Writes a slot of storage. @throws {ActorError} USR_ILLEGAL_STATE */
  store(key: bigint, word: bigint): void {
    if (this.slots.set(key, word)) this.#saved = undefined
  }

  /** Writes a slot of transient storage. @throws {ActorError} USR_ILLEGAL_STATE */
  storeTransient(key: bigint, word: bigint): void {
    if (this.transientSlots.set(key, word)) this.#saved = undefined
  }

  /** One more contract is made. */
  incrementNonce(): void {
    this.#saved = undefined
    this.#nonce++
  }

  /** Lets the contract end with the message. */
  markDestroyed(): void {
    this.#saved = undefined
    this.#tombstone = currentLifespan(this.context)
  }

  /** Transfers value without writing the state before, or reading it after. @throws {ActorError} where it fails */
  transfer(to: Address, value: TokenAmount): void {
    this.context.sendOrFail({ to, method: METHOD_SEND, value })
  }

  /** Calls another actor, or this one, and says how that ended. @throws {ActorError} where the state cannot be written or read */
  attempt(send: Send): SendResult {
    this.flush()
    const result = this.context.send(send)
    if (result.exitCode === ExitCode.OK) this.#reload()
    return result
  }

  /** Makes a call that has to succeed. @throws {ActorError} with what the callee gave; as {@link attempt} */
  send(send: Send): SentBlock | undefined {
    const result = this.attempt(send)
    if (result.error !== undefined)
      fail(ExitCode.USR_UNSPECIFIED, `a call could not be made: error ${result.error}`)
    if (result.exitCode === ExitCode.OK) return expectSuccess(result)
    throw failureOfSend(result.exitCode, `a call ended with exit code ${result.exitCode}`, result.data)
  }

  /** Writes the state, where it has changed. @throws {ActorError} USR_FORBIDDEN in a read-only call; USR_ILLEGAL_STATE */
  flush(): void {
    if (this.#saved !== undefined) return
    if (this.isReadOnly) fail(ExitCode.USR_FORBIDDEN, 'the call is read-only')
    const { cid: bytecode, hash: bytecodeHash } = this.#bytecode ?? this.setBytecode(new Uint8Array())
    const transientData = this.transientSlots.isEmpty
      ? undefined
      : { state: this.transientSlots.flush(), lifespan: this.#lifespan }
    this.context.gas.work(CONTRACT_WORK.writeState)
    const root = this.context.state.blocks.add(
      DAG_CBOR,
      encodeValue(evmStateCodec, {
        ...{ bytecode, bytecodeHash, contractState: this.slots.flush(), transientData },
        ...{ nonce: this.#nonce, tombstone: this.#tombstone },
      }),
    )
    this.context.state.setRoot(root)
    this.#saved = root
  }

  /** The contract's name for an actor. @throws {ActorError} USR_ILLEGAL_STATE for an f410 address that is none of Ethereum's */
  nameOf(id: ActorId): bigint {
    const address = this.context.actors.delegatedAddress(id)
    if (address?.namespace !== ETHEREUM_ADDRESS_MANAGER_ACTOR_ID) return contractAddressOfId(id)
    if (address.payload.length !== ETHEREUM_ADDRESS_LENGTH)
      fail(ExitCode.USR_ILLEGAL_STATE, `an Ethereum address of ${address.payload.length} bytes`)
    return contractAddressOfBytes(address.payload)
  }

  /** The randomness of the epoch, drawn once. @throws {ActorError} */
  prevRandao(): bigint {
    if (this.#randomness === undefined) {
      const { network, randomness } = this.context
      const drawn = randomness.fromBeacon(DomainSeparationTag.EVM_PREV_RANDAO, network.epoch, PREV_RANDAO)
      this.#randomness = wordOfBytes(drawn)
    }
    return this.#randomness
  }

  #reload(): void {
    if (this.isReadOnly) return
    const root = this.context.state.root()
    if (this.#saved !== undefined && cidEquals(this.#saved, root)) return
    const state = readState(this.context, root)
    const transient = this.#transientRoot(state)
    if (transient === undefined) this.transientSlots.clear()
    else this.transientSlots.load(transient)
    this.slots.load(state.contractState)
    this.#take(root, state)
  }

  #take(root: Cid, { bytecode: cid, bytecodeHash: hash, nonce, tombstone }: EvmState): void {
    this.#saved = root
    this.#bytecode = { cid, hash }
    this.#nonce = nonce
    this.#tombstone = tombstone
  }

  /** The transient storage of a state, where it is of this message. */
  #transientRoot({ transientData }: EvmState): Cid | undefined {
    if (transientData === undefined) return undefined
    return isSameLifespan(transientData.lifespan, this.#lifespan) ? transientData.state : undefined
  }
}

/** Whether a contract has destroyed itself in a message before this one. */
export function isDead(context: ActorContext, { tombstone }: EvmState): boolean {
  return tombstone !== undefined && !isSameLifespan(tombstone, currentLifespan(context))
}

function currentLifespan({ message }: ActorContext): Lifespan {
  return { origin: message.origin, nonce: message.nonce }
}

function readState(context: ActorContext, root: Cid): EvmState {
  context.gas.work(CONTRACT_WORK.readState)
  try {
    return decodeValue(evmStateCodec, context.state.blocks.get(root))
  } catch (error) {
    if (error instanceof ActorError || isDataError(error))
      throw new ActorError(ExitCode.USR_SERIALIZATION, `the state cannot be read: ${error.message}`)
    throw error
  }
}
