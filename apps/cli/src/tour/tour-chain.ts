import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorState,
  type Address,
  ATTO_PER_FIL,
  type Machine,
  type Message,
  type Receipt,
  type Runtime,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { openLmdbStore } from '@troupe/store-lmdb'
import {
  createTroupe,
  loadReceipts,
  type MessageOutcome,
  type MessageRequest,
  type Network,
  networks,
  type Troupe,
} from 'troupe'

/** The network of the tour. */
export const NETWORK: Network = { ...networks.local, networkName: 'tour' }
const FUNDS = 1_000n * ATTO_PER_FIL
const ACCOUNTS = 2

/** A message that was executed. */
export interface Executed {
  readonly message: Message
  readonly outcome: MessageOutcome
  readonly receipt: Receipt
  readonly rootBefore: Cid
  readonly rootAfter: Cid
}

/** The chain of the tour: on disk, with two funded accounts, and a block for each message. */
export class TourChain {
  readonly vm: Troupe

  private constructor(vm: Troupe) {
    this.vm = vm
  }

  /** Makes the chain in a directory, or opens the one that is there. */
  static async open(
    directory: string,
    crypto: CryptoProvider,
    runtimes: readonly Runtime[],
  ): Promise<TourChain> {
    const store = await openLmdbStore(directory, crypto, { name: 'tour' })
    const accounts = { count: ACCOUNTS, balance: FUNDS }
    return new TourChain(await createTroupe({ network: NETWORK, store, crypto, runtimes, accounts }))
  }

  /** A machine on the present state, to look at it. */
  get machine(): Machine {
    return this.vm.chain.machineAfter()
  }

  /** Sends a message, and waits for its block. */
  async execute(request: MessageRequest): Promise<Executed> {
    const { vm } = this
    const rootBefore = vm.root
    const outcome = await vm.trySend(request)
    const { head, blocks, rules } = vm.chain
    const [message] = vm.chain.messagesOf(head).bls
    const [receipt] = loadReceipts(blocks, rules.rules, head.receiptsRoot)
    if (message === undefined || receipt === undefined)
      throw new RangeError('the block of the tour has no message')
    return { message, outcome, receipt, rootBefore, rootAfter: vm.root }
  }

  /** The record of the actor at an address. */
  actorAt(address: Address): ActorState {
    const { state } = this.machine
    const id = state.lookupId(address)
    const actor = id === undefined ? undefined : state.getActor(id)
    if (actor === undefined) throw new RangeError('there is no such actor on the chain of the tour')
    return actor
  }

  /** The block that is the state of the actor at an address. */
  stateAt(address: Address): Uint8Array {
    return this.vm.chain.blocks.getBlock(this.actorAt(address).head)
  }
}
