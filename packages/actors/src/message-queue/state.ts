/** @module State of the message queue: messages in the order in which they came, and futures. There is nothing like it in Filecoin. */
import {
  type ActorId,
  type Address,
  addressCodec,
  type ExitCode,
  type MethodNumber,
  type TokenAmount,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import { type CborStore, type Cid, DAG_CBOR, encodeValue, RAW, type ValueCodec } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import {
  ActorMap,
  type ActorMapOptions,
  boolCodec,
  cidCodec,
  MAP_BIT_WIDTH,
  optionalCodec,
  type StateAccess,
  tupleCodec,
  u32Codec,
  u64Codec,
} from '@troupe/runtime-native'
import { encodeVarint } from '../varint.ts'

/** The queue (f012). */
export const MESSAGE_QUEUE_ACTOR_ID: ActorId = 12n

/** A queue's state: a tuple of these fields, in this order. */
export interface MessageQueueState {
  /** Number of the message that is next. */
  first: bigint
  /** Number of the message that comes next: no message waits where it is `first`. */
  next: bigint
  /** HAMT (bit width 5) from numbers, as varints, to {@link QueuedMessage}s. */
  messages: Cid
  /** HAMT (bit width 5) from the numbers of messages whose result is kept, as varints, to {@link Future}s. */
  futures: Cid
}

/** A message that waits: a tuple of these fields, in this order. */
export interface QueuedMessage {
  readonly from: ActorId
  readonly to: Address
  readonly method: MethodNumber
  /** A raw block of the parameters, or, where it delivers a result, of what comes with that; `undefined` for nothing. */
  readonly parameters: Cid | undefined
  /** What it delivers, where it does. */
  readonly delivery: Delivery | undefined
  /** attoFIL, which the queue holds meanwhile. */
  readonly value: TokenAmount
  /** Gas. */
  readonly gasLimit: bigint
}

/** The result of a message: a tuple of these fields, in this order. */
export interface FutureResult {
  readonly exitCode: ExitCode
  /** A raw block of what was returned; `undefined` for nothing, and for too much. */
  readonly returned: Cid | undefined
  /** Whether more was returned than the rules let the queue keep. */
  readonly isTooLong: boolean
}

/** The result that a message of the queue's own delivers: a tuple of these fields, in this order. */
export interface Delivery {
  /** Number of the future. */
  readonly future: bigint
  readonly result: FutureResult
}

/** What is to happen with a result: a tuple of these fields, in this order. */
export interface Continuation {
  readonly method: MethodNumber
  /** A raw block of whatever the owner wants to have back; `undefined` for nothing. */
  readonly context: Cid | undefined
  /** Gas. */
  readonly gasLimit: bigint
}

/** The result of a message that is not there yet, or waits to be asked for: a tuple of these fields, in this order. */
export interface Future {
  /** Who sent the message. */
  readonly owner: ActorId
  readonly result: FutureResult | undefined
  readonly continuation: Continuation | undefined
}

/** The state's codec. */
export const messageQueueStateCodec: ValueCodec<MessageQueueState> = tupleCodec({
  first: u64Codec,
  next: u64Codec,
  messages: cidCodec,
  futures: cidCodec,
})

const resultCodec: ValueCodec<FutureResult> = tupleCodec({
  exitCode: u32Codec,
  returned: optionalCodec(cidCodec),
  isTooLong: boolCodec,
})

/** Codec of waiting messages. */
export const queuedMessageCodec: ValueCodec<QueuedMessage> = tupleCodec({
  from: u64Codec,
  to: addressCodec,
  method: u64Codec,
  parameters: optionalCodec(cidCodec),
  delivery: optionalCodec(tupleCodec({ future: u64Codec, result: resultCodec })),
  value: tokenAmountCodec,
  gasLimit: u64Codec,
})

/** Codec of futures. */
export const futureCodec: ValueCodec<Future> = tupleCodec({
  owner: u64Codec,
  result: optionalCodec(resultCodec),
  continuation: optionalCodec(
    tupleCodec({ method: u64Codec, context: optionalCodec(cidCodec), gasLimit: u64Codec }),
  ),
})

/** Stores the state of a queue in which nothing waits. */
export function storeEmptyQueue(store: CborStore): Cid {
  const empty = Hamt.create(store, { bitWidth: MAP_BIT_WIDTH, value: futureCodec }).flush()
  const state: MessageQueueState = { first: 0n, next: 0n, messages: empty, futures: empty }
  return store.putBlock(DAG_CBOR, encodeValue(messageQueueStateCodec, state))
}

/** Entries of a queue's state by number. Whatever is wrong with them fails with USR_ILLEGAL_STATE. */
export class NumberedMap<V> {
  readonly #map: ActorMap<V>

  private constructor(map: ActorMap<V>) {
    this.#map = map
  }

  /** Without entries. */
  static create<V>(state: StateAccess, options: ActorMapOptions<V>): NumberedMap<V> {
    return new NumberedMap(ActorMap.create(state, options))
  }

  /** Those of a state. @throws {ActorError} */
  static load<V>(state: StateAccess, root: Cid, options: ActorMapOptions<V>): NumberedMap<V> {
    return new NumberedMap(ActorMap.load(state, root, options))
  }

  /** @throws {ActorError} */
  get(number: bigint): V | undefined {
    return this.#map.get(encodeVarint(number))
  }

  /** @throws {ActorError} */
  set(number: bigint, value: V): void {
    this.#map.set(encodeVarint(number), value)
  }

  /** Takes an entry out, and gives it. @throws {ActorError} */
  take(number: bigint): V | undefined {
    return this.#map.take(encodeVarint(number))
  }

  /** Writes what has changed, and gives the root. @throws {ActorError} */
  flush(): Cid {
    return this.#map.flush()
  }
}

/** What messages are kept as. */
export const MESSAGES: ActorMapOptions<QueuedMessage> = {
  name: 'queued messages',
  value: queuedMessageCodec,
}
/** What futures are kept as. */
export const FUTURES: ActorMapOptions<Future> = { name: 'futures', value: futureCodec }

/** Keeps bytes as a raw block of their own: entries of a map share its nodes, and are to be small. @throws {ActorError} */
export function storeData(state: StateAccess, data: Uint8Array): Cid | undefined {
  return data.length === 0 ? undefined : state.blocks.add(RAW, data)
}

/** The bytes that were stored. @throws {ActorError} */
export function loadData(state: StateAccess, cid: Cid | undefined): Uint8Array {
  return cid === undefined ? new Uint8Array() : state.blocks.get(cid)
}
