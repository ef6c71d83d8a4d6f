import type { CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  type DebugOutput,
  type ExecuteOptions,
  Executor,
  type Machine,
  type Message,
  type MessageResult,
  type ProofVerifier,
  type RequiredFidelity,
  type Runtime,
  type SourceLookup,
  type StateTree,
  type StepListener,
  type TokenAmount,
  type TraceListener,
} from '@troupe/hypervisor'
import { CborStore, CborWriter, type Cid, cidEquals, cidKey, DAG_CBOR, NodeCache } from '@troupe/ipld'
import type { ChainStore } from '@troupe/ipld/store'
import { TroupeError } from '../errors.ts'
import { cidOfHash, messageHash } from '../ethereum/message-hash.ts'
import { type Ancestry, ancestorNumber, findAncestor, numberOf } from './ancestors.ts'
import { INITIAL_BASE_FEE, nextBaseFee } from './base-fee.ts'
import { type BlockHeader, decodeBlockHeader, encodeBlockHeader } from './block-header.ts'
import {
  type BlockMessage,
  type EncodedMessage,
  type HashedMessage,
  inEncodedOrder,
} from './block-message.ts'
import {
  type BlockMessages,
  chained,
  loadBlockMessages,
  storeBlockMessages,
  storeEncodedMessages,
  storeReceipts,
  toBlockMessages,
  toEntries,
} from './block-messages.ts'
import { type BlockOfChain, type ReplayedBlock, replayBlock, writeBlockWitness } from './block-witness.ts'
import { ChainExterns, type ChainHistory, localTicket } from './chain-externs.ts'
import { ChainIndex, type Edited, type Executed, type MessagePlace } from './chain-index.ts'
import type { ChainRules } from './chain-rules.ts'
import { type ActorEdit, applyEdits, checkCount, loadEdits, putEditBlocks, storeEdits } from './edits.ts'
import { executeTipset, type TipsetObserver } from './execute-tipset.ts'
import { holding, NO_OUTPUT } from './held-debug-output.ts'
import { checkBlock, localFields } from './new-block.ts'
import { type MachineParts, openMachine } from './open-machine.ts'
import { FIRST_QUEUED_SEQUENCE, type QueuedResult, queuedCount } from './queue-run.ts'
import { loadQueued, type QueuedMessage, storeQueued } from './queued-messages.ts'
import type { Tipset } from './tipset.ts'
import { tipsetKeyCid } from './tipset-key.ts'

/** Tipsets whose headers are kept decoded. */
const TIPSETS_KEPT = 4096

/** What is shown of a replay. */
export interface ReplayOptions {
  /** Is shown the state before each message and after it. */
  readonly observe?: TipsetObserver
  /** Looks up where places of code were written, for the traces. */
  readonly locate?: SourceLookup
  /** Called before each message; gives who is told of the steps of its code. */
  readonly steps?: (index: number) => StepListener | undefined
}

/** What is to be otherwise for a call that is in no block. */
export interface BlockContext {
  readonly epoch?: bigint | undefined
  /** Seconds since 1970. Default: the time of the epoch. */
  readonly timestamp?: bigint | undefined
  /** attoFIL for one gas. */
  readonly baseFee?: TokenAmount | undefined
}

/** What a chain is made of. Nothing is looked up anywhere else. */
export interface ChainOptions {
  readonly rules: ChainRules
  readonly store: ChainStore
  readonly crypto: CryptoProvider
  readonly runtimes: readonly Runtime[]
  /** What randomness is made from. */
  readonly seed: Uint8Array
  /** Who produces the blocks. */
  readonly miner: Address
  readonly proofs?: ProofVerifier | undefined
  /** How good the results of new blocks, and of calls that are in no block, have to be. Blocks that are there are executed again as they were. */
  readonly requireFidelity?: RequiredFidelity | undefined
  readonly debug?: DebugOutput | undefined
}

/** How a block is produced. */
export interface ProduceOptions {
  /** Epochs from the head's to the new block's; those between have none. Default: 1. */
  readonly epochs?: bigint
  /** Called before each message, queued ones included; gives the listener for its trace. */
  readonly trace?: ((message: Message) => TraceListener | undefined) | undefined
}

/** A message of a new block, with what became of it. */
export interface ExecutedMessage {
  readonly message: Message
  /** The name of the message: of the signed one, where it is signed by itself. */
  readonly cid: Cid
  /** How Ethereum's tools call it; see `messageHash`. */
  readonly hash: Uint8Array
  readonly result: MessageResult
}

/** A new block, with what its execution gave. */
export interface ProducedBlock {
  readonly tipset: Tipset
  /** In the order of execution. */
  readonly messages: readonly ExecutedMessage[]
  /** What actors had left to the end of it, in the order of execution. */
  readonly queued: readonly QueuedResult[]
}

/**
 * A chain of blocks on a store: what was executed, and in which order. Synchronous, and without a clock: a block is produced when somebody asks for one.
 *
 * Each tipset has one block. A block and all that it changes, the names included, reach the store in one commit: a chain that is opened again stands at
 * the last block that was produced whole.
 */
export class Chain {
  readonly rules: ChainRules
  readonly #options: ChainOptions
  /** Its decoded nodes are shared by all machines of this chain. */
  readonly #blocks: CborStore
  readonly #index: ChainIndex
  readonly #externs: ChainExterns
  /** Tipsets that were asked for of late: the way to an earlier one leads through the same ones again and again. */
  readonly #tipsets = new NodeCache(TIPSETS_KEPT)
  readonly #ancestry: Ancestry = {
    parent: ({ header }) => (header.parents[0] === undefined ? undefined : this.tipset(header.parents[0])),
    ancestor: ({ ancestor }) => (ancestor === undefined ? undefined : this.tipset(ancestor)),
  }
  #head: Tipset
  /** Found out from all messages of the head, once. */
  #nextBaseFee: { readonly head: Tipset; readonly baseFee: TokenAmount } | undefined

  private constructor(options: ChainOptions, head: Cid) {
    const { crypto, rules, seed, store } = options
    this.rules = rules
    this.#options = options
    this.#blocks = new CborStore(store, crypto)
    this.#index = new ChainIndex(store)
    this.#externs = new ChainExterns(crypto, seed, { tipsetCid: (epoch) => this.tipsetAtOrBelow(epoch)?.key })
    this.#head = this.tipset(head)
  }

  /**
   * Begins a chain on a state, and makes that last: a first block without messages, at height 0 or where the state comes from.
   * @param root what the blocks of the state are in the store for
   */
  static create(options: ChainOptions, root: Cid, height = 0n): Chain {
    const { crypto, miner, rules, seed, store } = options
    const blocks = new CborStore(store, crypto)
    const receiptsRoot = storeReceipts(blocks, rules.rules, [])
    const header: BlockHeader = {
      ...localFields(options, height),
      miner,
      ticket: localTicket(crypto, seed, height),
      parents: [],
      parentWeight: 0n,
      parentStateRoot: root,
      parentMessageReceipts: receiptsRoot,
      messages: storeBlockMessages(blocks, toBlockMessages([])),
      parentBaseFee: INITIAL_BASE_FEE,
    }
    const cid = blocks.putBlock(DAG_CBOR, encodeBlockHeader(header))
    store.commit({
      refs: [
        ...ChainIndex.setExecuted(cid, tipsetKeyCid(crypto, [cid]), {
          ...{ stateRoot: root, receiptsRoot },
          ...{ ancestor: undefined, isDebugged: false },
        }),
        ChainIndex.setHead(cid),
      ],
    })
    return new Chain(options, cid)
  }

  /** The chain that a store has, or `undefined` where it has none. */
  static open(options: ChainOptions): Chain | undefined {
    const head = new ChainIndex(options.store).head()
    return head === undefined ? undefined : new Chain(options, head)
  }

  /** The last tipset. */
  get head(): Tipset {
    return this.#head
  }

  /** Blocks and objects of the chain and of its states. */
  get blocks(): CborStore {
    return this.#blocks
  }

  /** attoFIL for one gas, in the next block. */
  get baseFee(): TokenAmount {
    if (this.#nextBaseFee?.head !== this.#head)
      this.#nextBaseFee = { head: this.#head, baseFee: this.#baseFeeAfter(this.#head) }
    return this.#nextBaseFee.baseFee
  }

  /**
   * Produces the next block from messages, executes it, and makes it the head.
   *
   * Messages without a signature, and those with BLS signatures, are executed before the others, as in any Filecoin block.
   * @throws {RefusedMessages} where results of messages are not as good as they have to be
   * @throws {HypervisorError} message/fidelity where that is so of what the system itself does
   * @throws {TroupeError} block/gas-limit, block/repeated-message, chain/epochs; chain/no-queue, chain/system-failed, as `executeTipset`
   * @throws whatever the host fails with; the chain is then as it was
   */
  produce(
    messages: readonly (BlockMessage | EncodedMessage | HashedMessage)[],
    { epochs = 1n, trace }: ProduceOptions = {},
  ): ProducedBlock {
    if (epochs < 1n)
      throw new TroupeError('chain/epochs', `the next block is at least one epoch away, not ${epochs}`)
    const { crypto, miner, seed, store } = this.#options
    const parent = this.#head
    const epoch = parent.header.height + epochs
    const encoded = inEncodedOrder(crypto, messages)
    checkBlock(encoded)
    const hashes = encoded.map((entry) => this.#hashOf(entry))
    const baseFee = this.baseFee
    const { queued, root, results } = this.#holding(encoded, (debug) =>
      executeTipset({
        open: (state, at) => this.#open(state, at, baseFee, undefined, debug),
        root: parent.stateRoot,
        parentEpoch: parent.header.height,
        ...{ epoch, messages: encoded.map(chained), miner, trace },
      }),
    )

    for (const { eventBlocks } of results)
      for (const [name, bytes] of eventBlocks) this.#blocks.blocks.put(name, bytes)
    const receiptsRoot = storeReceipts(
      this.#blocks,
      this.rules.rules,
      results.map(({ receipt }) => receipt),
    )
    const header: BlockHeader = {
      ...localFields(this.#options, epoch),
      miner,
      ticket: localTicket(crypto, seed, epoch),
      parents: [parent.cid],
      parentWeight: parent.header.parentWeight + 1n,
      parentStateRoot: parent.edited?.base ?? parent.stateRoot,
      parentMessageReceipts: parent.receiptsRoot,
      messages: storeEncodedMessages(this.#blocks, encoded, parent.edited?.edits),
      parentBaseFee: baseFee,
    }
    const cid = this.#blocks.putBlock(DAG_CBOR, encodeBlockHeader(header))
    const key = tipsetKeyCid(crypto, [cid])
    const executed: Executed = {
      ...{ stateRoot: root, receiptsRoot, isDebugged: this.#options.debug !== undefined },
      ancestor: this.#ancestorOf(header.parentWeight),
    }
    store.commit({
      refs: [
        ...ChainIndex.setExecuted(cid, key, executed),
        ...encoded.flatMap(({ cid: name }, index) => {
          const place = ChainIndex.setMessage(name, { block: cid, index })
          const hash = hashes[index] as Uint8Array
          // Other hashes are the digest of the CID.
          return hash === name.multihash.digest ? [place] : [place, ChainIndex.setTransaction(hash, name)]
        }),
        ...(queued.length === 0
          ? []
          : [ChainIndex.setQueued(cid, storeQueued(this.#blocks, this.rules.rules, queued))]),
        ...queued.map((entry, index) =>
          ChainIndex.setMessage(entry.cid, { block: cid, index: encoded.length + index }),
        ),
        ChainIndex.setHead(cid),
      ],
    })
    this.#head = { cid, key, header, ...executed }
    // What is in hand need not be read again.
    const all = encoded.map(({ message }) => message)
    this.#nextBaseFee = { head: this.#head, baseFee: nextBaseFee(this.rules.baseFeeRule, baseFee, all) }
    const produced = encoded.map(({ cid: name, message }, index) => ({
      ...{ message, cid: name, hash: hashes[index] as Uint8Array },
      result: results[index] as MessageResult,
    }))
    return { tipset: this.#head, messages: produced, queued }
  }

  /**
   * Executes a message on the state of a tipset, at the epoch after it, and forgets what it changed. Unless told otherwise it is an implicit message:
   * anyone may be its sender, and nobody pays.
   * @param logs whether what actors log is passed on: they find that they are being debugged, or not, in any case
   */
  simulate(
    message: Message,
    options: Partial<ExecuteOptions> = {},
    tipset: Tipset = this.#head,
    { logs = true }: { readonly logs?: boolean } = {},
  ): MessageResult {
    const machine = this.machineAfter(tipset, {}, logs)
    return new Executor(machine).execute(message, { kind: 'implicit', length: 0, ...options })
  }

  /**
   * A machine on the state after a tipset, at the epoch of the next. What it is made to change stays its own until it is flushed.
   * @param context what is to be otherwise than it will be for the next tipset
   */
  machineAfter(tipset: Tipset = this.#head, context: BlockContext = {}, logs = true): Machine {
    const baseFee = context.baseFee ?? (tipset === this.#head ? this.baseFee : this.#baseFeeAfter(tipset))
    const epoch = context.epoch ?? tipset.header.height + 1n
    const { debug } = this.#options
    return this.#open(tipset.stateRoot, epoch, baseFee, context.timestamp, logs ? debug : debug && NO_OUTPUT)
  }

  /**
   * A machine on any state, at an epoch of which the chain need not know. What it flushes goes to the store that it is given, and not to the chain's.
   * @param store has the state, and takes what is flushed
   * @param history what came before. Default: the chain
   */
  machineOn(
    root: Cid,
    { baseFee, epoch, timestamp }: { readonly [N in keyof BlockContext]-?: NonNullable<BlockContext[N]> },
    store: CborStore,
    history?: ChainHistory,
  ): Machine {
    const parts = this.#machineParts()
    const { crypto, seed } = this.#options
    const externs = history === undefined ? parts.externs : new ChainExterns(crypto, seed, history)
    return openMachine(store, { ...parts, externs }, root, epoch, baseFee, timestamp)
  }

  /** The state after a tipset. */
  stateAfter(tipset: Tipset = this.#head): StateTree {
    return this.machineAfter(tipset).state
  }

  /**
   * The tipset of a block that was executed here, or of a head that was edited.
   * @throws {TroupeError} chain/no-tipset
   */
  tipset(cid: Cid): Tipset {
    const cacheKey = cidKey(cid)
    const known = this.#tipsets.get(cacheKey)
    if (known !== undefined) return known as Tipset
    const edited = this.#index.edited(cid)
    if (edited !== undefined) return withEdits(this.tipset(edited.block), cid, edited)
    const executed = this.#index.executed(cid)
    if (executed === undefined) throw new TroupeError('chain/no-tipset', `no block ${cid} was executed here`)
    const header = decodeBlockHeader(this.#blocks.getBlock(cid))
    const tipset: Tipset = { cid, key: tipsetKeyCid(this.#options.crypto, [cid]), header, ...executed }
    this.#tipsets.set(cacheKey, tipset)
    return tipset
  }

  /** Whether there is a tipset of a CID; see {@link tipset}. */
  hasTipset(cid: Cid): boolean {
    return this.#index.executed(cid) !== undefined || this.#index.edited(cid) !== undefined
  }

  /** The tipset at an epoch, or the last one before it; `undefined` before the first. */
  tipsetAtOrBelow(epoch: bigint): Tipset | undefined {
    return findAncestor(this.#head, ({ header }) => header.height <= epoch, this.#ancestry)
  }

  /** The tipset of a key: what Ethereum's tools name a block by. `undefined` where none was executed here. */
  tipsetOfKey(key: Cid): Tipset | undefined {
    const block = this.#index.blockOfKey(key)
    return block === undefined ? undefined : this.tipset(block)
  }

  /** The last tipset after which the state had a root; `undefined` where there is none. */
  tipsetOfRoot(root: Cid): Tipset | undefined {
    const block = this.#index.blockOfRoot(root)
    return block === undefined ? undefined : this.tipset(block)
  }

  /** The messages of a tipset. */
  messagesOf(tipset: Tipset): BlockMessages {
    return loadBlockMessages(this.#blocks, tipset.header.messages)
  }

  /** What became of the messages that actors had left to the end of a tipset, in the order of execution, which is after all of {@link messagesOf}. */
  queuedOf({ cid }: Tipset): readonly QueuedMessage[] {
    const root = this.rules.rules.messageQueue === undefined ? undefined : this.#index.queued(cid)
    return root === undefined ? [] : loadQueued(this.#blocks, this.rules.rules, root)
  }

  /** The queued message at a place; `undefined` where there is one of the block itself, or none. */
  queuedAt({ block, index }: MessagePlace): QueuedMessage | undefined {
    const tipset = this.tipset(block)
    const queued = this.queuedOf(tipset)
    if (queued.length === 0) return undefined
    return queued[index - toEntries(this.messagesOf(tipset)).length]
  }

  /**
   * A tipset with all that its execution reads, as a CAR: whoever has it can execute the tipset again and finds the same state root, without this chain.
   * @throws {TroupeError} chain/no-tipset for a first tipset, which executes nothing; witness/wrong-result where it gives another result now
   * @throws {IpldError} witness/absent-read, witness/too-large
   */
  witness(tipset: Tipset = this.#head): Uint8Array {
    return writeBlockWitness(this.#blockOf(tipset), this.#setting())
  }

  /**
   * Executes a tipset once more, and gives what became of each message; nothing changes.
   * @throws {TroupeError} chain/no-tipset, witness/wrong-result, as {@link witness}
   */
  replay(tipset: Tipset, options: ReplayOptions = {}): ReplayedBlock {
    return replayBlock(this.#blockOf(tipset), { ...this.#setting(), ...options })
  }

  /** Where a message stands that was executed here, on whatever branch. */
  findMessage(cid: Cid): MessagePlace | undefined {
    return this.#index.message(cid)
  }

  /**
   * Where a message stands on the way to the head; `undefined` where it does not. It may have been executed since on another branch, which is where {@link findMessage}
   * finds it then: sequence numbers say which block of this branch has it, if any.
   */
  findOnBranch(cid: Cid): MessagePlace | undefined {
    const place = this.#index.message(cid)
    if (place === undefined || this.isOnBranch(this.tipset(place.block))) return place
    const { message } = this.messageAt(place)
    const tipset = this.#tipsetOf(message, this.queuedAt(place) !== undefined)
    if (tipset === undefined) return undefined
    const own = inEncodedOrder(this.#options.crypto, toEntries(this.messagesOf(tipset)))
    const index = [...own, ...this.queuedOf(tipset)].findIndex((entry) => cidEquals(entry.cid, cid))
    return index < 0 ? undefined : { block: tipset.cid, index }
  }

  /** The message of a hash, of those that were executed here on whatever branch; see `messageHash`. @param hash 32 bytes */
  messageOfHash(hash: Uint8Array): Cid | undefined {
    const cid = this.#index.messageOfTransaction(hash)
    if (cid !== undefined) return cid
    const other = cidOfHash(hash)
    return this.#index.message(other) === undefined ? undefined : other
  }

  /** The message at a place, as its block carries it. */
  messageAt({ block, index }: MessagePlace): BlockMessage {
    const tipset = this.tipset(block)
    const own = toEntries(this.messagesOf(tipset))
    const entry = own[index] ?? this.queuedAt({ block, index })
    if (entry === undefined)
      throw new TroupeError('block/malformed', `the block ${block} has no message ${index}`)
    return entry
  }

  /** Whether a tipset is the head, or one that the head came after. */
  isOnBranch(tipset: Tipset): boolean {
    const other = this.tipsetAtOrBelow(tipset.header.height)
    return other !== undefined && cidEquals(other.cid, tipset.cid)
  }

  /**
   * Changes the state of the head as nobody on the network could: the next block is executed on what it is then, and carries the edits. The head's block stays what it is; what
   * the chain is at is another thing now, and can be returned to by its root.
   * @param blocks what new states consist of, as far as the store does not have it
   * @throws {TroupeError} edit/… with the name of the field that is wrong, edit/too-many; nothing has changed then
   */
  edit(edits: readonly ActorEdit[], blocks: Iterable<readonly [Cid, Uint8Array]> = []): Tipset {
    const head = this.#head
    const { base = head.stateRoot, edits: list } = head.edited ?? {}
    const all = [...(list === undefined ? [] : loadEdits(this.#blocks, list)), ...edits]
    checkCount(all.length)
    const machine = this.machineAfter(head)
    putEditBlocks(machine, edits, blocks)
    const stateRoot = applyEdits(machine, edits)
    if (cidEquals(stateRoot, head.stateRoot)) return head
    const edited: Edited = { block: head.cid, base, stateRoot, edits: storeEdits(this.#blocks, all) }
    const name = new CborWriter().array(2).cid(head.cid).cid(edited.edits).finish()
    const position = this.#blocks.putBlock(DAG_CBOR, name)
    const refs = [...ChainIndex.setEdited(position, edited), ChainIndex.setHead(position)]
    this.#options.store.commit({ refs })
    this.#head = withEdits(head, position, edited)
    return this.#head
  }

  /**
   * Makes a tipset the head, an earlier one or one of another branch. What came after it stays in the store, and can be returned to.
   *
   * On disk it is so with the next block, or once the store is closed: a commit of its own would take as long as one of 500 transfers, and a chain that is opened after a crash
   * stands at its last block either way.
   */
  checkout(tipset: Tipset): void {
    const { store } = this.#options
    const refs = [ChainIndex.setHead(tipset.edited?.position ?? tipset.cid)]
    if (store.putRefs === undefined) store.commit({ refs })
    else store.putRefs(refs)
    this.#head = tipset
  }

  /** The tipset on the way to the head that has the message of a sender with this one's sequence number, if any has. */
  #tipsetOf({ from, sequence }: Message, isQueued: boolean): Tipset | undefined {
    const isBefore = (tipset: Tipset): boolean =>
      isQueued
        ? FIRST_QUEUED_SEQUENCE + queuedCount(this.machineAfter(tipset)) <= sequence
        : sequenceOf(this.stateAfter(tipset), from) <= sequence
    const before = findAncestor(this.#head, isBefore, this.#ancestry)
    if (before === undefined || before === this.#head) return undefined
    const number = numberOf(before) + 1n
    return findAncestor(this.#head, (other) => numberOf(other) <= number, this.#ancestry)
  }

  #hashOf(entry: EncodedMessage | HashedMessage): Uint8Array {
    return 'hash' in entry
      ? entry.hash
      : messageHash(this.#options.crypto, entry, entry.cid, this.rules.chainId)
  }

  #baseFeeAfter(tipset: Tipset): TokenAmount {
    const { bls, impersonated, secp256k1 } = this.messagesOf(tipset)
    const messages = [...bls, ...secp256k1.map(({ message }) => message), ...impersonated]
    return nextBaseFee(this.rules.baseFeeRule, tipset.header.parentBaseFee, messages)
  }

  #blockOf(given: Tipset): BlockOfChain {
    // Edits that wait belong to the block after it.
    const tipset = given.edited === undefined ? given : this.tipset(given.cid)
    const parent = this.#ancestry.parent(tipset)
    if (parent === undefined)
      throw new TroupeError('chain/no-tipset', 'the first tipset of a chain executes nothing')
    return { parent, tipset, rules: this.rules, seed: this.#options.seed }
  }

  #setting(): Parameters<typeof replayBlock>[1] {
    const { proofs, runtimes, store } = this.#options
    const history = { tipsetCid: (epoch: bigint) => this.tipsetAtOrBelow(epoch)?.key }
    return { blocks: store, crypto: this.#blocks.crypto, history, proofs, runtimes }
  }

  /** The block that the one of a number, on the head, names as its ancestor. */
  #ancestorOf(number: bigint): Cid | undefined {
    const wanted = ancestorNumber(number)
    return findAncestor(this.#head, (tipset) => numberOf(tipset) <= wanted, this.#ancestry)?.cid
  }

  #open(
    root: Cid,
    epoch: bigint,
    baseFee: TokenAmount,
    timestamp: bigint | undefined,
    debug: DebugOutput | undefined,
  ): Machine {
    return openMachine(this.#blocks, { ...this.#machineParts(), debug }, root, epoch, baseFee, timestamp)
  }

  /** Executes messages; where some may be refused, what the others log is passed on once. */
  #holding<T>(messages: readonly EncodedMessage[], work: (debug: DebugOutput | undefined) => T): T {
    const { debug, requireFidelity } = this.#options
    const mayRefuse = messages.some((entry) => (entry.requireFidelity ?? requireFidelity) !== undefined)
    return mayRefuse ? holding(debug, work) : work(debug)
  }

  #machineParts(): MachineParts {
    const { debug, proofs, requireFidelity, runtimes } = this.#options
    return { rules: this.rules, externs: this.#externs, runtimes, proofs, debug, requireFidelity }
  }
}

/** The sequence number of an actor's next message; 0 where there is no actor. */
function sequenceOf(state: StateTree, address: Address): bigint {
  const id = state.lookupId(address)
  return (id === undefined ? undefined : state.getActor(id)?.sequence) ?? 0n
}

/** A tipset whose state was edited. */
function withEdits(tipset: Tipset, position: Cid, { base, edits, stateRoot }: Edited): Tipset {
  return { ...tipset, stateRoot, edited: { position, base, edits } }
}
