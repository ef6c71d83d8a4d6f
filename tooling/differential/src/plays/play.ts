import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorId,
  type Address,
  INIT_ACTOR_ID,
  type MessageResult,
  type Runtime,
} from '@troupe/hypervisor'
import { CborStore } from '@troupe/ipld'
import type { NativeActor } from '@troupe/runtime-native'
import type { StagedMessage } from '../message.ts'
import type { Side } from '../side.ts'
import type { World } from '../world.ts'
import type { Random } from './random.ts'

/** A message of a play. It has a value of nothing, unless it says otherwise. */
export type PlayedMessage = Pick<StagedMessage, 'from' | 'to' | 'method'> &
  Partial<Pick<StagedMessage, 'value' | 'label'>> & {
    /** Parameters: none, bytes, or what depends on the codes of a side. */
    readonly params?: Uint8Array | StagedMessage['params']
  }

/** Where the messages of a play come from. What has been learnt decides on the next. */
export interface Messages {
  next(): PlayedMessage
  /** Called after each message with what became of it. */
  learn?(message: PlayedMessage, result: MessageResult): void
}

/** Messages to an actor that depend on its state: without looking at it, hardly one of them would be valid. */
export interface Play {
  /** A name of the manifest. */
  readonly actor: string
  /** The actor under test, where it is a native one. */
  readonly native?: NativeActor
  /** A runtime that brings it, otherwise. */
  readonly runtime?: () => Runtime
  /** Native actors that both sides have. */
  readonly others?: readonly NativeActor[]
  /** Whether some parameters are broken on the way. Default: `true`. */
  readonly breaks?: boolean
  /** Most epochs that pass at once. */
  readonly leap: number
  world(crypto: CryptoProvider): Pick<World, 'accounts' | 'actors'>
  start(view: View, random: Random): Messages
}

/** What is seen of a side between messages. */
export class View {
  readonly #side: Side

  constructor(side: Side) {
    this.#side = side
  }

  get crypto(): CryptoProvider {
    return this.#side.machine.crypto
  }

  get epoch(): bigint {
    return this.#side.machine.context.epoch
  }

  /** What the state stands in. */
  get store(): CborStore {
    return new CborStore(this.#side.machine.blocks, this.crypto)
  }

  /** The state block of an actor, where it exists. */
  stateOf(id: ActorId): Uint8Array | undefined {
    const actor = this.#side.machine.state.getActor(id)
    return actor && this.store.getBlock(actor.head)
  }
}

/** Whether a message made an actor by the init actor. */
export function isExec(to: Address, { receipt }: MessageResult): boolean {
  return to.id === INIT_ACTOR_ID && receipt.exitCode === 0 && receipt.returnData.length > 0
}
