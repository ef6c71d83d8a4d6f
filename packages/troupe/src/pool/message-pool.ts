import { equalBytes } from '@noble/curves/utils.js'
import {
  type ActorId,
  type ActorState,
  type Address,
  Executor,
  formatAddress,
  type HypervisorError,
  type Machine,
  type Message,
  type RequiredFidelity,
  senderOf,
  type TokenAmount,
} from '@troupe/hypervisor'
import { type Cid, cidEquals, cidOf, DAG_CBOR } from '@troupe/ipld'
import { BLOCK_GAS_LIMIT, effectivePremium } from '../chain/base-fee.ts'
import {
  type BlockMessage,
  delegatedData,
  encodeBlockMessage,
  type HashedMessage,
  listOfMessage,
} from '../chain/block-message.ts'
import type { Chain } from '../chain/chain.ts'
import type { RefusedMessages } from '../chain/refused-messages.ts'
import type { Tipset } from '../chain/tipset.ts'
import { TroupeError } from '../errors.ts'
import { messageHash } from '../ethereum/message-hash.ts'
import { checkRequiredFidelity } from '../vm/check-options.ts'
import { checkLength, checkMessage } from './check-message.ts'
import { checkSignature, type KnownTransaction } from './check-signature.ts'
import { POOL_LIMITS, type PoolLimits } from './message-limits.ts'

/** A message that waits for a block. */
export type PendingMessage = HashedMessage

/**
 * Why a message is in no block yet: a `sequence` number before its own is missing, its fee cap or that of one before it is below the `baseFee`, its sender lacks the `balance`, or nothing but
 * a `block` that has room for it.
 */
export interface WaitReason {
  readonly waitsFor: 'sequence' | 'baseFee' | 'balance' | 'block'
  /** The same for people. */
  readonly message: string
}

/** A message that no block can have, because its result is not as good as it has to be. */
export interface RefusedMessage {
  readonly cid: Cid
  /** How Ethereum's tools call it, 32 bytes. */
  readonly hash: Uint8Array
  readonly reason: HypervisorError
}

/** How a message is added. */
interface AddOptions {
  readonly requireFidelity?: RequiredFidelity | undefined
  readonly transaction?: KnownTransaction
  readonly unsigned?: boolean
}

/** Refused messages that are remembered. */
const REFUSALS_KEPT = 1000

/** The messages of one sender, by sequence number. */
type Queue = Map<bigint, PendingMessage>

/**
 * Messages that wait for a block. What it takes can be paid for and has its sender's next free sequence number, or one shortly after; what it gives to a block
 * can be executed in that order.
 */
export class MessagePool {
  readonly #chain: Chain
  #limits: PoolLimits
  readonly #onDrop: (cid: Cid, why: string) => void
  /** In the order in which senders came. */
  readonly #queues = new Map<ActorId, Queue>()
  readonly #listeners = new Set<(pending: PendingMessage) => void>()
  readonly #refusalListeners = new Set<(refused: RefusedMessage) => void>()
  #size = 0
  /** Those that no block can have, the last ones last. */
  #refusals: RefusedMessage[] = []
  /** The state after the head, kept until there is another. */
  #view: { readonly head: Tipset; readonly machine: Machine } | undefined

  /** @param onDrop is told of every message that leaves without a block, and why */
  constructor(
    chain: Chain,
    limits: PoolLimits = POOL_LIMITS,
    onDrop: (cid: Cid, why: string) => void = () => {},
  ) {
    this.#chain = chain
    this.#limits = limits
    this.#onDrop = onDrop
  }

  /** What it keeps at most, and asks of messages. What waits already stays. */
  get limits(): PoolLimits {
    return this.#limits
  }

  set limits(limits: PoolLimits) {
    this.#limits = limits
  }

  /** Calls a function with every message that is taken, before a block has it. Gives what ends that. */
  onArrival(listener: (pending: PendingMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls a function with every message that no block can have, when it has left the pool. Gives what ends that. */
  onRefusal(listener: (refused: RefusedMessage) => void): () => void {
    this.#refusalListeners.add(listener)
    return () => this.#refusalListeners.delete(listener)
  }

  /** How many messages wait. */
  get size(): number {
    return this.#size
  }

  /** All that wait: sender after sender, in the order of their sequence numbers. */
  get pending(): PendingMessage[] {
    return [...this.#queues.values()].flatMap(inSequence)
  }

  /** Those of one sender, in the order of their sequence numbers. */
  pendingOf(from: Address): PendingMessage[] {
    const id = this.#current().machine.state.lookupId(from)
    const queue = id === undefined ? undefined : this.#queues.get(id)
    return queue === undefined ? [] : inSequence(queue)
  }

  /** A message that waits, by its hash or its CID. */
  find(name: Cid | Uint8Array): PendingMessage | undefined {
    for (const queue of this.#queues.values())
      for (const pending of queue.values())
        if (name instanceof Uint8Array ? equalBytes(pending.hash, name) : cidEquals(pending.cid, name))
          return pending
    return undefined
  }

  /**
   * The sequence number that the next message of a sender should have, with those counted that wait.
   * @param options.impersonate whether that may be any actor, and not an account only
   * @throws {TroupeError} message/from
   */
  nextSequence(from: Address, { impersonate = false }: { readonly impersonate?: boolean } = {}): bigint {
    const { id, actor } = this.#sender(from, impersonate)
    return nextFree(this.#queues.get(id), actor.sequence)
  }

  /**
   * Takes a message, after all tests that need no block.
   *
   * An impersonated message is one of the program that owns the chain, and of any actor that there is; with a fee cap of 0 it is free. One whose sender is an account is
   * an ordinary message without a signature.
   * @param options.transaction the transaction that it was made from, where whoever calls has made it
   * @param options.unsigned whether a message without a signature is taken, as from the program that owns the chain
   * @param options.requireFidelity how good its result has to be, where that is more than the chain asks for
   * @returns the name of the message
   * @throws {TroupeError} option/malformed, message/… for the field that is wrong, pool/full, pool/underpriced, pool/sequence-gap
   */
  add(offered: BlockMessage, { requireFidelity, transaction, unsigned = false }: AddOptions = {}): Cid {
    checkRequiredFidelity(requireFidelity)
    const entry = this.#ordinary(offered)
    const { message, signature } = entry
    const { crypto } = this.#chain.blocks
    const { rules } = this.#chain.rules
    checkMessage(entry, rules)
    const bytes = encodeBlockMessage(entry)
    checkLength(message, bytes.length, rules, this.#limits.messageBytes)
    const isImpersonated = entry.isImpersonated === true
    const { id, actor, isAbstract } = this.#sender(message.from, isImpersonated)
    if (message.sequence < actor.sequence)
      throw new TroupeError(
        'message/sequence',
        `sequence of the message is ${message.sequence}, and ${this.#name(message.from)} is at ${actor.sequence} already`,
      )
    if (signature === undefined && (isAbstract || !unsigned))
      throw new TroupeError('message/signature', 'the message has no signature')
    if (signature !== undefined && !isAbstract)
      checkSignature({ message, signature }, actor, {
        ...{ blocks: this.#chain.blocks, rules: this.#chain.rules },
        ...{ manifest: this.#current().machine.manifest, known: transaction },
      })

    const cid = cidOf(crypto, DAG_CBOR, bytes)
    const hash = transaction?.hash ?? messageHash(crypto, entry, cid, this.#chain.rules.chainId)
    const pending: PendingMessage = { ...entry, bytes, cid, hash, requireFidelity }
    const queue = this.#queues.get(id) ?? new Map<bigint, PendingMessage>()
    this.#checkPlace(queue, actor, pending)
    this.#checkFunds(queue, actor, message)
    // Last, because nothing costs more.
    const refusal = isAbstract ? this.#refusalOfSender(pending) : undefined
    if (refusal !== undefined)
      throw new TroupeError(
        'message/signature',
        `${this.#name(message.from)} refuses the message: ${refusal}`,
      )
    const replaced = queue.get(message.sequence)
    if (replaced === undefined) this.#size++
    queue.set(message.sequence, pending)
    this.#queues.set(id, queue)
    this.#refusals = this.#refusals.filter((refusal) => !cidEquals(refusal.cid, pending.cid))
    if (replaced !== undefined) this.#onDrop(replaced.cid, `the message ${pending.cid} has taken its place`)
    for (const listener of this.#listeners) listener(pending)
    return pending.cid
  }

  /**
   * What the next block should carry: the best paid first, each sender's messages in their order, no more gas than a block has, and none that does not
   * pay the base fee. The messages stay here until {@link settle}, but for those that their sender's own code does not take for its own any more: they are
   * forgotten.
   */
  select(): PendingMessage[] {
    const { baseFee } = this.#chain
    const offers = [...this.#queues].flatMap(([id, queue]) =>
      offersOf(id, this.#executable(queue, this.#actor(id), baseFee), baseFee),
    )
    // The sort is stable: of equal offers, the sender who came first and then the lower sequence number are first.
    offers.sort((a, b) => (a.premium > b.premium ? -1 : a.premium < b.premium ? 1 : 0))
    const full = new Set<readonly PendingMessage[]>()
    const selected: PendingMessage[] = []
    let gas = 0n
    for (const { id, pending, sender } of offers) {
      if (full.has(sender)) continue
      if (gas + pending.message.gasLimit > BLOCK_GAS_LIMIT) {
        // The sender's later messages wait with this one; those of others may still fit.
        full.add(sender)
        continue
      }
      if (this.#isRefused(id, pending)) {
        full.add(sender)
        this.#forget(id, pending)
        continue
      }
      gas += pending.message.gasLimit
      selected.push(pending)
    }
    return selected
  }

  /** Forgets what can no longer be executed, after the head has changed: what was executed, and what others have taken the sequence number of. */
  settle(): PendingMessage[] {
    const settled: PendingMessage[] = []
    // Nothing changes before all senders are known.
    const senders = [...this.#queues].map(([id, queue]) => ({
      id,
      queue,
      sequence: this.#actor(id).sequence,
    }))
    for (const { id, queue, sequence } of senders) {
      for (const [waiting, pending] of queue)
        if (waiting < sequence) {
          queue.delete(waiting)
          settled.push(pending)
          this.#size--
        }
      if (queue.size === 0) this.#queues.delete(id)
    }
    return settled
  }

  /** Forgets a message. `false` where it does not wait. */
  drop(cid: Cid): boolean {
    for (const [id, queue] of this.#queues)
      for (const [sequence, pending] of queue)
        if (cidEquals(pending.cid, cid)) {
          this.#remove(id, queue, sequence)
          this.#onDrop(cid, 'it was dropped')
          return true
        }
    return false
  }

  /** Forgets messages that no block can have, and gives those that waited. Why that is so is kept for a while; see {@link refusalOf}. */
  refuse(reasons: RefusedMessages['reasons']): RefusedMessage[] {
    const refused: RefusedMessage[] = []
    for (const [id, queue] of this.#queues)
      for (const { cid, hash, message } of inSequence(queue)) {
        const reason = reasons.get(message)
        if (reason === undefined) continue
        refused.push({ cid, hash, reason })
        this.#remove(id, queue, message.sequence)
      }
    this.#refusals = [...this.#refusals, ...refused].slice(-REFUSALS_KEPT)
    for (const listener of this.#refusalListeners) refused.forEach(listener)
    return refused
  }

  /** A message that no block could have, by its hash or its CID; `undefined` for others, and once a thousand more were refused, or it was handed in again. */
  refusalOf(name: Cid | Uint8Array): RefusedMessage | undefined {
    return this.#refusals.findLast(({ cid, hash }) =>
      name instanceof Uint8Array ? equalBytes(hash, name) : cidEquals(cid, name),
    )
  }

  /** Forgets all messages. */
  clear(): void {
    const all = this.pending
    this.#queues.clear()
    this.#size = 0
    for (const { cid } of all) this.#onDrop(cid, 'the chain was set to another state')
  }

  /** What a message waits for that is in the pool; `undefined` where it is not. */
  reasonToWait(cid: Cid): WaitReason | undefined {
    for (const [id, queue] of this.#queues)
      for (const pending of queue.values())
        if (cidEquals(pending.cid, cid)) return this.#obstacle(queue, this.#actor(id), pending.message)
    return undefined
  }

  /** @throws {HypervisorError} message/fidelity where a message was refused; see {@link refusalOf} */
  checkRefused(name: Cid | Uint8Array): void {
    const refused = this.refusalOf(name)
    if (refused !== undefined) throw refused.reason
  }

  #remove(id: ActorId, queue: Queue, sequence: bigint): void {
    queue.delete(sequence)
    if (queue.size === 0) this.#queues.delete(id)
    this.#size--
  }

  /** The first thing that keeps a message of a queue from being executed. */
  #obstacle(queue: Queue, { balance, sequence }: ActorState, message: Message): WaitReason {
    const { baseFee } = this.#chain
    const from = this.#name(message.from)
    let funds = balance
    for (let next = sequence; next <= message.sequence; next++) {
      const pending = queue.get(next)
      if (pending === undefined)
        return {
          waitsFor: 'sequence',
          message: `its sequence number is ${message.sequence}, and there is no message of ${from} with ${next} yet`,
        }
      const which = next === message.sequence ? 'its' : `before it is the message ${pending.cid}, whose`
      if (!paysBaseFee(pending, baseFee))
        return {
          waitsFor: 'baseFee',
          message: `${which} gasFeeCap is ${pending.message.gasFeeCap} attoFIL, and the base fee ${baseFee}`,
        }
      funds -= costOf(pending.message)
      if (funds < 0n)
        return {
          waitsFor: 'balance',
          message: `${from} has ${balance} attoFIL, and its messages up to sequence ${next} may cost ${balance - funds}`,
        }
    }
    return { waitsFor: 'block', message: 'the next block that has room will have it' }
  }

  /** The messages of a queue that a block can execute one after the other. */
  #executable(queue: Queue, { sequence, balance }: ActorState, baseFee: TokenAmount): PendingMessage[] {
    const messages: PendingMessage[] = []
    let funds = balance
    for (let next = sequence; ; next++) {
      const pending = queue.get(next)
      if (pending === undefined || !paysBaseFee(pending, baseFee)) return messages
      // A block executes its lists one after the other: what is of an earlier list than a message before it waits for the next block.
      const before = messages.at(-1)
      if (before !== undefined && listOfMessage(before) > listOfMessage(pending)) return messages
      funds -= costOf(pending.message)
      if (funds < 0n) return messages
      messages.push(pending)
    }
  }

  #checkPlace(queue: Queue, { sequence }: ActorState, { message, cid }: PendingMessage): void {
    const other = queue.get(message.sequence)
    if (other !== undefined) {
      if (cidEquals(other.cid, cid))
        throw new TroupeError('pool/known', `the message ${cid} is waiting already`)
      const least = (other.message.gasPremium * this.#limits.replacementPercent) / 100n + 1n
      if (message.gasPremium < least)
        throw new TroupeError(
          'pool/underpriced',
          `to replace the message ${other.cid}, gasPremium must be at least ${least} attoFIL, not ${message.gasPremium}`,
        )
      return
    }
    const next = nextFree(queue, sequence)
    if (message.sequence > next + this.#limits.sequenceGap)
      throw new TroupeError(
        'pool/sequence-gap',
        `sequence of the message is ${message.sequence}, and the next one of ${this.#name(message.from)} is ${next}${
          this.#limits.sequenceGap === 0n
            ? ': blocks are made message by message here, so that none waits for those between'
            : `: at most ${this.#limits.sequenceGap} may be missing between`
        }. A wallet that has used its account elsewhere must forget that; in MetaMask: Settings, Advanced, Clear activity tab data`,
      )
    if (queue.size >= this.#limits.messagesOfSender || this.#size >= this.#limits.messages)
      throw new TroupeError(
        'pool/full',
        `${this.#size} messages wait, ${queue.size} of them from this sender; ${this.#limits.messages} and ${this.#limits.messagesOfSender} are the most`,
      )
  }

  /** Whether the sender can pay for all messages up to this one. */
  #checkFunds(queue: Queue, { balance }: ActorState, message: Message): void {
    let cost = costOf(message)
    for (const { message: waiting } of queue.values())
      if (waiting.sequence < message.sequence) cost += costOf(waiting)
    if (cost <= balance) return
    throw new TroupeError(
      'message/balance',
      `${this.#name(message.from)} has ${balance} attoFIL, and its messages up to sequence ${message.sequence} may cost ${cost}`,
    )
  }

  /** Asks the sender's own code; what that refuses, a block would carry in vain. */
  #refusalOfSender(entry: PendingMessage): string | undefined {
    const options = { length: entry.bytes.length, signature: delegatedData(entry) }
    return new Executor(this.#current().machine).authenticate(entry.message, options)
  }

  /** Whether a message that waits is of a sender whose code has changed its mind. */
  #isRefused(id: ActorId, entry: PendingMessage): boolean {
    if (entry.isImpersonated === true) return false
    const { machine } = this.#current()
    return (
      senderOf(machine, this.#actor(id))?.isAbstract === true && this.#refusalOfSender(entry) !== undefined
    )
  }

  #forget(id: ActorId, { cid, message }: PendingMessage): void {
    if (this.#queues.get(id)?.delete(message.sequence) !== true) return
    this.#size--
    this.#onDrop(cid, 'its sender does not take it for its own any more')
  }

  /** A message that needs no impersonation, without the wish for it. */
  #ordinary(entry: BlockMessage): BlockMessage {
    if (entry.isImpersonated !== true) return entry
    const { machine } = this.#current()
    const id = machine.state.lookupId(entry.message.from)
    const actor = id === undefined ? undefined : machine.state.getActor(id)
    const isAccount = actor !== undefined && senderOf(machine, actor)?.isAbstract === false
    return isAccount ? { message: entry.message } : entry
  }

  #sender(
    from: Address,
    impersonate: boolean,
  ): {
    readonly id: ActorId
    readonly actor: ActorState
    /** Whether its code has to accept the message. */
    readonly isAbstract: boolean
  } {
    const { machine } = this.#current()
    const id = machine.state.lookupId(from)
    const actor = id === undefined ? undefined : machine.state.getActor(id)
    if (id === undefined || actor === undefined)
      throw new TroupeError(
        'message/from',
        `from of the message is ${this.#name(from)}, which does not exist`,
      )
    if (impersonate) return { id, actor, isAbstract: false }
    const sender = senderOf(machine, actor)
    if (sender === undefined)
      throw new TroupeError(
        'message/from',
        `from of the message is ${this.#name(from)}, which is not an account; whoever owns the chain can impersonate it`,
      )
    return { id, actor, isAbstract: sender.isAbstract }
  }

  #actor(id: ActorId): ActorState {
    const actor = this.#current().machine.state.getActor(id)
    if (actor === undefined) throw new TroupeError('message/from', `the sender f0${id} is gone`)
    return actor
  }

  #current(): { readonly head: Tipset; readonly machine: Machine } {
    const { head } = this.#chain
    if (this.#view?.head !== head) this.#view = { head, machine: this.#chain.machineAfter() }
    return this.#view
  }

  #name(address: Address): string {
    return formatAddress(address, this.#chain.blocks.crypto)
  }
}

/** What a message may take from its sender: its value, and the fee cap for all of its gas. */
function costOf({ value, gasFeeCap, gasLimit }: Message): TokenAmount {
  return value + gasFeeCap * gasLimit
}

/** Whether a block takes a message for what it pays: none below the base fee, but an impersonated one that is free. */
function paysBaseFee(
  { isImpersonated, message: { gasFeeCap } }: BlockMessage,
  baseFee: TokenAmount,
): boolean {
  return gasFeeCap >= baseFee || (isImpersonated === true && gasFeeCap === 0n)
}

function inSequence(queue: Queue): PendingMessage[] {
  return [...queue.values()].sort((a, b) => (a.message.sequence < b.message.sequence ? -1 : 1))
}

function nextFree(queue: Queue | undefined, sequence: bigint): bigint {
  let next = sequence
  while (queue?.has(next) === true) next++
  return next
}

/** What a message offers to the producer of a block. */
interface Offer {
  readonly id: ActorId
  readonly pending: PendingMessage
  /** attoFIL for one gas: the least of this message and of those that have to come before it. */
  readonly premium: TokenAmount
  /** All messages of the sender. */
  readonly sender: readonly PendingMessage[]
}

function offersOf(id: ActorId, sender: readonly PendingMessage[], baseFee: TokenAmount): Offer[] {
  let premium: TokenAmount | undefined
  return sender.map((pending) => {
    const own = effectivePremium(pending.message, baseFee)
    premium = premium === undefined || own < premium ? own : premium
    return { id, pending, premium, sender }
  })
}
