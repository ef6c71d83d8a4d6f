import type { CryptoProvider } from '@troupe/crypto'
import { type ActorState, CallTree, type Message, type SignedMessage } from '@troupe/hypervisor'
import { type Cid, cidOf, RAW } from '@troupe/ipld'
import type { Account } from '../accounts/account.ts'
import { signAsAccount } from '../accounts/find-account.ts'
import { BLOCK_GAS_LIMIT } from '../chain/base-fee.ts'
import type { Chain } from '../chain/chain.ts'
import type { ActorEdit } from '../chain/edits.ts'
import { TroupeError } from '../errors.ts'
import { formatHash, readTransactionText } from '../ethereum/hex.ts'
import { parseTransaction } from '../ethereum/parse-transaction.ts'
import { transactionHash } from '../ethereum/transaction.ts'
import { toSignedMessage } from '../ethereum/transaction-message.ts'
import { sequenceGapOf } from '../pool/message-limits.ts'
import { MessagePool } from '../pool/message-pool.ts'
import { diffStates } from '../state/diff.ts'
import { writeStateCar } from '../state/state-car.ts'
import type { StateChange } from '../state/state-change.ts'
import type { GivenSourceMap } from '../trace/given-source-map.ts'
import { createNames, type Names } from '../trace/names.ts'
import { type AddressLike, toAddress } from './address-like.ts'
import { eventsOf, outcomeOf } from './block-outcomes.ts'
import { BlockPlan } from './block-plan.ts'
import { type BlockName, type BlockRecord, findBlock } from './block-record.ts'
import { ChainShortcuts } from './chain-shortcuts.ts'
import { checkCid } from './check-options.ts'
import { installedCode, installRequest } from './deploy.ts'
import { estimateGas } from './estimate-gas.ts'
import { EventFeed } from './event-feed.ts'
import { findTipset } from './find-tipset.ts'
import { forkChain } from './fork-chain.ts'
import type { ChainEvent, Head } from './head.ts'
import { actorAt, type Identity, identify } from './identity.ts'
import { Listeners } from './listeners.ts'
import { Mining, type MiningMode } from './mining.ts'
import { ActorError, isSuccess, type MessageOutcome, type Outcome, toOutcome } from './outcome.ts'
import { produceBlock } from './produce-block.ts'
import { replayedOutcome } from './replayed-outcome.ts'
import { writeRepro } from './repro.ts'
import {
  asTransaction,
  type CallRequest,
  type EditRequest,
  type MessageRequest,
  type MethodSpellings,
  requestKey,
  toCall,
  toMessage,
} from './request.ts'
import type { SendOptions } from './send-options.ts'
import { type Steps, step } from './steps.ts'
import { checkEpochs, Time } from './time.ts'
import { cidOfName, findTransaction, type MessageName, type TransactionRecord } from './transaction-record.ts'
import type { TroupeParts } from './troupe-parts.ts'
import { Waiters } from './waiters.ts'

/**
 * A whole local chain in one object: accounts, messages, blocks, time, snapshots and forks. Made by `createTroupe`; nothing is global, so there can be many
 * at once.
 */
export class Troupe extends ChainShortcuts {
  readonly crypto: CryptoProvider
  /** Funded accounts, the same ones every time. */
  readonly accounts: readonly Account[]
  /** Moves epoch, timestamp, beacon and cron, all together. */
  readonly time: Time
  /** Blocks, states and their history. */
  readonly chain: Chain
  /** Messages that wait for a block. */
  readonly pool: MessagePool
  readonly #parts: TroupeParts
  readonly #mining: Mining
  readonly #events = new EventFeed<ChainEvent>()
  readonly #traces = new WeakMap<Message, CallTree>()
  readonly #waiters = new Waiters()
  readonly #listeners = new Listeners()
  /** Where the next block is to be, where that is not right after the last. */
  readonly #plan: BlockPlan
  readonly #closing = new AbortController()
  readonly #spellings: MethodSpellings = new Map()

  constructor(parts: TroupeParts) {
    super()
    this.#parts = parts
    this.crypto = parts.options.crypto
    this.accounts = parts.accounts
    this.chain = parts.chain
    this.pool = new MessagePool(parts.chain, parts.limits, (cid, why) => this.#waiters.drop(cid, why))
    this.pool.onRefusal(({ cid, reason }) => this.#waiters.reject(cid, reason))
    this.time = new Time({
      head: () => this.head,
      epochSeconds: this.chain.rules.epochSeconds,
      advance: (epochs) => this.mine({ epochs }),
    })
    this.#plan = new BlockPlan({
      height: () => this.chain.head.header.height,
      rules: this.chain.rules,
      now: parts.isWallClock ? parts.now : undefined,
    })
    this.#mining = new Mining(parts.mining, () => this.#perform(this.#producing()))
  }

  /** The state after the last block: a snapshot, to be returned to with {@link checkout}. */
  get root(): Cid {
    return this.chain.head.stateRoot
  }

  /** The last block. */
  get head(): Head {
    const { baseFee, head } = this.chain
    const { height: epoch, timestamp } = head.header
    const position = head.edited?.position ?? head.cid
    return { epoch, timestamp, block: head.cid, root: head.stateRoot, position, baseFee }
  }

  /**
   * How actors, their methods and addresses are called where people read them: for `renderTrace`. Methods of actors that users install are called as they were here, where that was by name.
   */
  get names(): Names {
    const names = createNames(this.chain.machineAfter().manifest, this.crypto, 'testnet')
    return {
      ...names,
      methodName: (actor, method) => names.methodName(actor, method) ?? this.#spellings.get(method),
    }
  }

  /** @internal See {@link install}. */
  async installBytes(code: Uint8Array, options: Pick<MessageRequest, 'from'> & SendOptions): Promise<Cid> {
    const cid = cidOf(this.crypto, RAW, code)
    if (await this.#read(() => this.chain.machineAfter().mayRun(cid))) return cid
    const { value } = await this.send(installRequest(code, options), options)
    return installedCode(value)
  }

  /** @internal See {@link addSourceMap}. */
  async keepSourceMap(code: Cid, map: GivenSourceMap): Promise<void> {
    this.#parts.sourceMaps.take(code, map)
  }

  /**
   * Sends a message, waits for its block, and gives what the actor returned.
   * @throws {ActorError} where the exit code is not 0
   * @throws {HypervisorError} message/fidelity where the result is not as good as it has to be; the chain is as before
   * @throws {TroupeError} message/…, pool/… where no block can have the message; pool/waiting where blocks are made message by message and this one did not come into its own, for
   * a fee cap below the base fee, say: it stays in the pool; pool/dropped where it left the pool without a block
   */
  async send(request: MessageRequest, options?: SendOptions): Promise<MessageOutcome> {
    return this.#successful(await this.trySend(request, options))
  }

  /** Sends a message, waits for its block, and gives what became of it, be it a failure. @throws {TroupeError} as {@link send} */
  async trySend(request: MessageRequest, { signal, ...options }: SendOptions = {}): Promise<MessageOutcome> {
    signal?.throwIfAborted()
    const take = (): Cid => this.#take(request, options)
    const { outcome } = await this.#perform(
      this.#sending(take, signal, () => requestKey(request)),
      signal,
    )
    return outcome
  }

  /**
   * Puts a message into the pool as {@link trySend} does, and gives its name without waiting for a block.
   * @throws {TroupeError} message/…, pool/…
   */
  async post(request: MessageRequest, options: Omit<SendOptions, 'signal'> = {}): Promise<Cid> {
    this.#checkOpen()
    return this.#perform(this.#posting(() => this.#take(request, options)))
  }

  /**
   * Puts a message of one's own into the pool, and gives its name. It has to be signed.
   * @throws {TroupeError} message/…, pool/…
   */
  async submit(signed: SignedMessage): Promise<Cid> {
    this.#checkOpen()
    return this.#perform(this.#posting(() => this.pool.add(signed)))
  }

  /**
   * Puts a signed Ethereum transaction into the pool, and gives its hash, `0x` and 64 digits.
   * @param raw its bytes, or `0x` and those as hexadecimal digits
   * @throws {TroupeError} transaction/…, rlp/…, message/…, pool/…
   */
  async submitTransaction(raw: Uint8Array | string): Promise<string> {
    this.#checkOpen()
    const transaction = parseTransaction(typeof raw === 'string' ? readTransactionText(raw) : raw)
    const signed = toSignedMessage(this.crypto, transaction, this.chain.rules.chainId)
    const known = {
      kind: transaction.transaction.kind,
      signer: signed.message.from,
      hash: transactionHash(this.crypto, transaction),
    }
    await this.#perform(this.#posting(() => this.pool.add(signed, { transaction: known })))
    return formatHash(known.hash)
  }

  /** A message that waits, or that stands on the way to the head; `undefined` for any other. @throws {TroupeError} message/name */
  async transaction(name: MessageName): Promise<TransactionRecord | undefined> {
    this.#checkOpen()
    return this.#read(() => {
      const cid = cidOfName(this.chain, this.pool, name)
      return cid === undefined ? undefined : findTransaction(this.chain, this.pool, cid)
    })
  }

  /** A block on the way to the head, with its messages and what became of them; `undefined` for any other. @throws {TroupeError} block/name */
  async block(name: BlockName = this.chain.head.cid): Promise<BlockRecord | undefined> {
    this.#checkOpen()
    return this.#read(() => findBlock(this.chain, name))
  }

  /**
   * Waits for the block of a message that is in the pool. Where a block has it already, that one is executed once more, to tell what became of it.
   * @throws {TroupeError} message/name for a text that names none; pool/unknown where there is no such message; pool/waiting, pool/dropped as {@link send}
   */
  async waitFor(name: MessageName, { signal }: Pick<SendOptions, 'signal'> = {}): Promise<MessageOutcome> {
    this.#checkOpen()
    const { outcome } = await this.#perform(this.#waitingFor(name, signal), signal)
    return outcome
  }

  /**
   * Calls an actor without a message: nothing changes, nobody pays.
   * @throws {ActorError} where the exit code is not 0
   */
  async view(request: CallRequest): Promise<Outcome> {
    return this.#successful(await this.tryView(request))
  }

  /** Calls an actor without a message, and gives what became of it, be it a failure. */
  async tryView(request: CallRequest): Promise<Outcome> {
    this.#checkOpen()
    const limited = { gasLimit: BLOCK_GAS_LIMIT, ...request }
    const call = toCall(this.crypto, limited, this.accounts[0], this.#spellings)
    return this.#read(() => {
      const trace = new CallTree(this.#parts.sourceMaps.locate)
      return toOutcome(call, this.chain.simulate(call, { trace: trace.listener }), trace)
    }, requestKey(request))
  }

  /**
   * The gas limit that a message should have: what it uses now, and a quarter more. Where it fails, that is the gas until it fails. For a sender
   * whose own code judges signatures it has room for all that this may cost.
   * @throws {TroupeError} message/from
   */
  async estimateGas(
    request: MessageRequest,
    { impersonate = false }: Pick<SendOptions, 'impersonate'> = {},
  ): Promise<bigint> {
    return this.#read(
      () =>
        estimateGas(this.chain, toMessage(this.crypto, request, this.#defaults(impersonate)), impersonate),
      requestKey(request),
    )
  }

  /**
   * The message that a request becomes, complete but for its signature. Where an Ethereum account is going to sign it, and the request names no method, it is a call of a
   * contract, which a transfer is to Ethereum too.
   * @throws {TroupeError} message/…, address/malformed
   * @throws {IpldError} blockstore/unavailable where the store answers later, and the block is not here
   */
  prepare(
    request: MessageRequest,
    { impersonate = false, signed = false }: Pick<SendOptions, 'impersonate' | 'signed'> = {},
  ): Message {
    this.#checkOpen()
    const message = toMessage(
      this.crypto,
      signed ? asTransaction(this.crypto, this.accounts, request) : request,
      this.#defaults(impersonate),
    )
    if (request.gasLimit !== undefined) return message
    return { ...message, gasLimit: estimateGas(this.chain, message, impersonate) }
  }

  /**
   * Signs a message of one of the accounts: of its f410 address as an EIP-1559 transaction, of its f1 address as Filecoin does.
   * @throws {TroupeError} message/from where the sender is none of them; message/… for another field by which the message is no transaction
   */
  sign(message: Message): SignedMessage {
    return signAsAccount(this.crypto, this.accounts, message, this.chain.rules.chainId)
  }

  /**
   * Produces a block of what waits in the pool.
   * @param options.epochs how many epochs later; cron runs at each. Default: 1, or what was planned ({@link nextEpoch})
   */
  async mine({ epochs }: { readonly epochs?: bigint } = {}): Promise<Head> {
    this.#checkOpen()
    if (epochs !== undefined) checkEpochs(epochs)
    return this.#perform(this.#makingBlock(epochs))
  }

  /**
   * Returns to a state, to a block, or to the last block at an epoch: any that this chain has been in. Messages that wait are forgotten. A store on disk keeps the head that
   * it has there until the next block, or until the chain is closed.
   * @param to the root of a state, of which the last block is meant; the CID of a block, or the position of a head that was edited; or an epoch
   * @throws {TroupeError} chain/no-tipset
   */
  async checkout(to: Cid | bigint): Promise<Head> {
    this.#checkOpen()
    return this.#perform(this.#checkingOut(to))
  }

  /**
   * Changes the state as nobody on the network could: what actors have, how far they count, their code and state; actors where there are none. No block is made. The next block
   * is executed on what it is then and carries the edits, so that whoever executes it again does the same.
   * @param options.blocks what new states consist of, as far as the store does not have it
   * @throws {TroupeError} edit/… with the name of the field that is wrong, edit/too-many; nothing has changed then
   */
  async edit(
    edits: readonly EditRequest[],
    { blocks = [] }: { readonly blocks?: Iterable<readonly [Cid, Uint8Array]> } = {},
  ): Promise<Head> {
    this.#checkOpen()
    const changes = edits.map((edit) => ({
      ...edit,
      address: toAddress(this.crypto, edit.address, 'address'),
    }))
    return this.#perform(this.#editing(changes, [...blocks]))
  }

  /**
   * Another chain in memory that begins as this one is, or was. Both share what they have in common, and neither sees what the other does from now on. It reads
   * from this chain's store, which has to stay open. Blocks that this one produces at intervals, the fork produces when asked.
   * @throws {TroupeError} chain/no-tipset
   */
  async fork(from?: Cid | bigint): Promise<Troupe> {
    this.#checkOpen()
    const { mining } = this
    return new Troupe({
      ...this.#parts,
      ...(await this.#read(() =>
        forkChain(this.#parts.options, from === undefined ? this.chain.head : findTipset(this.chain, from)),
      )),
      mining: typeof mining === 'string' ? mining : 'manual',
    })
  }

  /** The record of an actor; `undefined` where there is none. */
  async getActor(address: AddressLike): Promise<ActorState | undefined> {
    const wanted = toAddress(this.crypto, address, 'address')
    return this.#read(() => actorAt(this.chain, wanted))
  }

  /** The identity card of an address: all names of the actor, and what it is. `undefined` where there is no actor. */
  async resolve(address: AddressLike): Promise<Identity | undefined> {
    const wanted = toAddress(this.crypto, address, 'address')
    return this.#read(() => identify(this.chain, wanted))
  }

  /**
   * A state as a CAR, with the code of actors that the chain has: to keep, or to begin another chain with.
   * @throws {IpldError} blockstore/absent where the store does not have the root
   */
  async exportCar(root: Cid = this.root): Promise<Uint8Array> {
    return this.#perform(
      step(
        () => writeStateCar(this.#parts.options.store, root),
        () => ({ reachable: [root], isWhole: true }),
      ),
    )
  }

  /**
   * A block with all that it read, as a CAR; see {@link Chain.witness}.
   * @param block its CID. Default: the last one
   */
  async exportWitness(block?: Cid): Promise<Uint8Array> {
    if (block !== undefined) checkCid('block', block)
    // Code of native actors is nowhere; whether what the block gives is the same without it is tested.
    return this.#perform(
      step(
        () => this.chain.witness(block === undefined ? this.chain.head : this.chain.tipset(block)),
        () => ({ isWhole: true }),
      ),
    )
  }

  /**
   * Reads what is behind this object ({@link chain}, {@link pool}) by a function that changes nothing: on a store that answers later it is called again until no block is missing.
   * @throws whatever the function throws
   */
  async read<T>(run: () => T): Promise<T> {
    this.#checkOpen()
    return this.#read(run)
  }

  /**
   * Calls a function with every new head, right when it is one. Gives what ends that.
   * @param options.edits whether also when the state of the head was edited. Default: `false`
   */
  onBlock(listener: (head: Head) => void, { edits = false }: { readonly edits?: boolean } = {}): () => void {
    return this.#listeners.onHead(listener, edits)
  }

  /** Calls a function with what became of each message of every new block, right when there is one. Gives what ends that. */
  onMessage(listener: (outcome: MessageOutcome) => void): () => void {
    return this.#listeners.onOutcome(listener)
  }

  /**
   * In what two states differ, decoded: for `console.table`, or `renderDiff`. At most 10,000 changes; `diffStates` gives more of them.
   * @throws {IpldError} blockstore/absent where the store does not have a root
   */
  async diff(before: Cid, after: Cid = this.root): Promise<StateChange[]> {
    checkCid('before', before)
    checkCid('after', after)
    const { crypto } = this
    return this.#read(() => [
      ...diffStates(this.#parts.options.store, before, after, { crypto, network: 'testnet' }),
    ])
  }

  /** Events of actors from now on, as blocks have them. */
  events({ signal }: { readonly signal?: AbortSignal } = {}): AsyncIterableIterator<ChainEvent> {
    return this.#events.read(signal)
  }

  /** Stops producing blocks, ends all that wait, and closes the store. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    const reason = new TroupeError('troupe/closed', 'the chain was closed')
    this.#closing.abort(reason)
    this.#mining.stop()
    this.#events.close()
    this.#waiters.rejectAll(reason)
    await this.#parts.options.store.close()
  }

  /** When blocks are produced. */
  get mining(): MiningMode {
    return this.#mining.mode
  }

  /** Produces blocks otherwise from now on. What waits in the pool stays there until the next one. @throws {TroupeError} mining/interval */
  set mining(mode: MiningMode) {
    this.#checkOpen()
    this.#mining.mode = mode
    this.pool.limits = { ...this.pool.limits, sequenceGap: sequenceGapOf(mode) }
  }

  /** The epoch of the next block, whoever asks for it: the one after the last, where nothing else was planned. With the wall's clock it may be later. */
  get nextEpoch(): bigint {
    return this.#plan.nextEpoch
  }

  /**
   * Plans the epoch of the next block, whoever asks for it; where someone asks for a block so many epochs later, it is there. Until the block is there, nothing happens.
   * @throws {TroupeError} chain/epochs for an epoch that has been, or is more than {@link MAX_EPOCHS} away
   */
  set nextEpoch(epoch: bigint) {
    this.#plan.nextEpoch = epoch
  }

  /** Puts a message into the pool. */
  #take(request: MessageRequest, options: Omit<SendOptions, 'signal'>): Cid {
    const { impersonate = false, requireFidelity, signed = false } = options
    if (impersonate && signed)
      throw new TroupeError('message/signature', 'signed: nobody signs a message that is impersonated')
    const message = this.prepare(request, { impersonate, signed })
    const entry = signed ? this.sign(message) : { message, isImpersonated: impersonate }
    return this.pool.add(entry, { unsigned: true, requireFidelity })
  }

  /** Produces a block, and tells everyone who waits for something in it. @param isForMessages whether there need be none where no message is left for it */
  *#producing(epochs?: bigint, isForMessages = false): Steps<void> {
    const block = yield* produceBlock({
      ...{ chain: this.chain, pool: this.pool, isForMessages },
      epochs: () => this.#plan.epochsUntil(epochs),
      trace: (message) => {
        const tree = new CallTree(this.#parts.sourceMaps.locate)
        this.#traces.set(message, tree)
        return tree.listener
      },
    })
    if (block === undefined) return
    this.#plan.forget()
    const settled = yield* step(() => this.pool.settle())
    this.#listeners.tellHead(() => this.head)
    for (const event of eventsOf(block)) this.#events.push(event)
    for (const [index, { cid }] of block.messages.entries()) {
      const outcome = (): MessageOutcome => outcomeOf(block, index, this.#traces)
      this.#waiters.resolve(cid, outcome)
      this.#listeners.tellOutcome(outcome)
    }
    if (this.#waiters.size === 0) return
    for (const { cid } of settled) this.#waiters.drop(cid, 'another message has taken its sequence number')
  }

  /** Does some work; it is done when this returns, unless the store answers later. */
  #perform<T>(work: Steps<T>, signal?: AbortSignal): T | Promise<T> {
    return this.#parts.worker.perform(work, this.#closing.signal, signal)
  }

  /** Work of one step. */
  #read<T>(run: () => T, key?: string): T | Promise<T> {
    return this.#perform(key === undefined ? step(run) : step(run, () => ({ key })))
  }

  async #successful<O extends Outcome>(outcome: O): Promise<O> {
    if (isSuccess(outcome)) return outcome
    const repro = await writeRepro(this.#parts.reproDirectory, outcome, (block) => this.exportWitness(block))
    throw new ActorError(outcome, this.format(outcome.to), await this.#read(() => this.names), repro)
  }

  *#makingBlock(epochs: bigint | undefined): Steps<Head> {
    yield* this.#producing(epochs)
    return this.head
  }

  *#checkingOut(to: Cid | bigint): Steps<Head> {
    yield* step(() => this.chain.checkout(findTipset(this.chain, to)))
    this.#plan.forget()
    this.pool.clear()
    this.#listeners.tellHead(() => this.head)
    return this.head
  }

  *#editing(edits: readonly ActorEdit[], blocks: readonly (readonly [Cid, Uint8Array])[]): Steps<Head> {
    yield* step(() => this.chain.edit(edits, blocks))
    const settled = yield* step(() => this.pool.settle())
    for (const { cid } of settled)
      this.#waiters.drop(cid, 'its sequence number is used, since the state was edited')
    this.#listeners.tellHead(() => this.head, true)
    return this.head
  }

  *#sending(
    take: () => Cid,
    signal: AbortSignal | undefined,
    key: () => string,
  ): Steps<{ outcome: Promise<MessageOutcome> }> {
    const cid = yield* step(take, () => ({ key: key() }))
    return yield* this.#including(cid, signal)
  }

  *#posting(take: () => Cid): Steps<Cid> {
    const cid = yield* step(take)
    if (this.#mining.isInstant) yield* this.#producing(undefined, true)
    this.pool.checkRefused(cid)
    return cid
  }

  *#waitingFor(
    name: MessageName,
    signal: AbortSignal | undefined,
  ): Steps<{ outcome: MessageOutcome | Promise<MessageOutcome> }> {
    const cid = yield* step(() => cidOfName(this.chain, this.pool, name))
    const outcome = yield* step(() =>
      cid === undefined ? undefined : replayedOutcome(this.chain, cid, this.#parts.sourceMaps.locate),
    )
    if (outcome !== undefined) return { outcome }
    const isWaiting = yield* step(() => cid !== undefined && this.pool.reasonToWait(cid) !== undefined)
    if (cid !== undefined) this.pool.checkRefused(cid)
    if (cid === undefined || !isWaiting)
      throw new TroupeError('pool/unknown', `neither a block nor the pool has a message ${name}`)
    return yield* this.#including(cid, signal)
  }

  /** Waits for a message's block, and makes that where every message makes one. What is to be waited for is not part of the work. */
  *#including(cid: Cid, signal: AbortSignal | undefined): Steps<{ outcome: Promise<MessageOutcome> }> {
    this.#checkOpen()
    const { fail, outcome } = this.#waiters.wait(cid, signal)
    if (!this.#mining.isInstant) return { outcome }
    try {
      yield* this.#producing(undefined, true)
      if (this.#waiters.has(cid)) {
        const why = yield* step(() => this.pool.reasonToWait(cid)?.message ?? 'nobody knows why')
        const waiting = new TroupeError('pool/waiting', `the message ${cid} stays in the pool: ${why}`)
        this.#waiters.reject(cid, waiting)
      }
    } catch (error) {
      // Whoever asked is told by the work itself.
      outcome.catch(() => undefined)
      fail(error)
      throw error
    }
    return { outcome }
  }

  #defaults(impersonate: boolean): Parameters<typeof toMessage>[2] {
    return {
      from: this.accounts[0],
      sequence: (from) => this.pool.nextSequence(from, { impersonate }),
      baseFee: this.chain.baseFee,
      spellings: this.#spellings,
    }
  }

  #checkOpen(): void {
    this.#closing.signal.throwIfAborted()
  }
}
