import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  type ActorState,
  type Address,
  describeRules,
  HypervisorError,
  type RuleDescription,
  type RuleSet,
  rulesOfDescription,
  type SignedMessage,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { type Account, deriveAccounts } from '../accounts/account.ts'
import { TroupeError } from '../errors.ts'
import type { StateChange } from '../state/state-change.ts'
import type { GivenSourceMap } from '../trace/given-source-map.ts'
import { type AddressLike, toAddress } from '../vm/address-like.ts'
import type { BlockName, BlockRecord } from '../vm/block-record.ts'
import { ChainShortcuts } from '../vm/chain-shortcuts.ts'
import type { TroupeOptions } from '../vm/create-troupe.ts'
import type { ChainEvent, Head } from '../vm/head.ts'
import type { Identity } from '../vm/identity.ts'
import type { LocalChain } from '../vm/local-chain.ts'
import { networks } from '../vm/network.ts'
import type { MessageOutcome, Outcome } from '../vm/outcome.ts'
import type { CallRequest, EditRequest, MessageRequest } from '../vm/request.ts'
import type { SendOptions } from '../vm/send-options.ts'
import { Time } from '../vm/time.ts'
import type { MessageName, TransactionRecord } from '../vm/transaction-record.ts'
import { ChainThread } from './chain-thread.ts'
import { type Descriptor, isDescriptor } from './descriptor.ts'
import { pack } from './packing.ts'
import type { MethodName, ThreadSetup } from './protocol.ts'

/** A chain in a worker, from outside. */
export class ThreadedTroupe extends ChainShortcuts implements LocalChain {
  readonly crypto: CryptoProvider
  readonly accounts: readonly Account[]
  readonly time: Time
  readonly #thread: ChainThread
  readonly #chain: number

  /** @internal */
  constructor(thread: ChainThread, chain: number, crypto: CryptoProvider, accounts: readonly Account[]) {
    super()
    this.#thread = thread
    this.#chain = chain
    this.crypto = crypto
    this.accounts = accounts
    this.time = new Time({
      head: () => this.head,
      epochSeconds: thread.epochSeconds,
      advance: (epochs) => this.mine({ epochs }),
    })
  }

  get head(): Head {
    return this.#thread.headOf(this.#chain)
  }

  get root(): Cid {
    return this.head.root
  }

  send(request: MessageRequest, options?: SendOptions): Promise<MessageOutcome> {
    return this.#call('send', [this.#plain(request)], options)
  }

  trySend(request: MessageRequest, options?: SendOptions): Promise<MessageOutcome> {
    return this.#call('trySend', [this.#plain(request)], options)
  }

  submit(signed: SignedMessage): Promise<Cid> {
    return this.#call('submit', [signed])
  }

  submitTransaction(raw: Uint8Array | string): Promise<string> {
    return this.#call('submitTransaction', [raw])
  }

  transaction(name: MessageName): Promise<TransactionRecord | undefined> {
    return this.#call('transaction', [name])
  }

  block(name?: BlockName): Promise<BlockRecord | undefined> {
    return this.#call('block', name === undefined ? [] : [name])
  }

  waitFor(name: MessageName, options?: Pick<SendOptions, 'signal'>): Promise<MessageOutcome> {
    return this.#call('waitFor', [name], options)
  }

  view(request: CallRequest): Promise<Outcome> {
    return this.#call('view', [this.#plain(request)])
  }

  tryView(request: CallRequest): Promise<Outcome> {
    return this.#call('tryView', [this.#plain(request)])
  }

  estimateGas(request: MessageRequest, options?: Pick<SendOptions, 'impersonate'>): Promise<bigint> {
    return this.#call('estimateGas', [this.#plain(request)], options)
  }

  /** @internal */
  installBytes(code: Uint8Array, options: Pick<MessageRequest, 'from'> & SendOptions): Promise<Cid> {
    const { signal, ...rest } = options
    const more = { ...this.#plain(rest), ...(signal === undefined ? {} : { signal }) }
    return this.#call('installBytes', [code], more)
  }

  /** @internal */
  keepSourceMap(code: Cid, map: GivenSourceMap): Promise<void> {
    return this.#call('keepSourceMap', [code, map])
  }

  mine(options: { readonly epochs?: bigint } = {}): Promise<Head> {
    return this.#call('mine', [options])
  }

  checkout(to: Cid | bigint): Promise<Head> {
    return this.#call('checkout', [to])
  }

  edit(
    edits: readonly EditRequest[],
    { blocks }: { readonly blocks?: Iterable<readonly [Cid, Uint8Array]> } = {},
  ): Promise<Head> {
    const changes = edits.map((edit) => ({ ...edit, address: this.#address(edit.address) }))
    return this.#call('edit', blocks === undefined ? [changes] : [changes, { blocks: [...blocks] }])
  }

  async fork(from?: Cid | bigint): Promise<ThreadedTroupe> {
    const chain = await this.#thread.fork(this.#chain, from)
    return new ThreadedTroupe(this.#thread, chain, this.crypto, this.accounts)
  }

  getActor(address: AddressLike): Promise<ActorState | undefined> {
    return this.#call('getActor', [this.#address(address)])
  }

  resolve(address: AddressLike): Promise<Identity | undefined> {
    return this.#call('resolve', [this.#address(address)])
  }

  diff(before: Cid, after?: Cid): Promise<StateChange[]> {
    return this.#call('diff', after === undefined ? [before] : [before, after])
  }

  exportCar(root?: Cid): Promise<Uint8Array> {
    return this.#call('exportCar', root === undefined ? [] : [root])
  }

  exportWitness(block?: Cid): Promise<Uint8Array> {
    return this.#call('exportWitness', block === undefined ? [] : [block])
  }

  events({ signal }: { readonly signal?: AbortSignal } = {}): AsyncIterableIterator<ChainEvent> {
    return this.#thread.eventsOf(this.#chain).read(signal)
  }

  close(): Promise<void> {
    return this.#thread.close(this.#chain)
  }

  #call<T>(method: MethodName, values: readonly unknown[], options?: SendOptions): Promise<T> {
    return this.#thread.call(this.#chain, method, values, options) as Promise<T>
  }

  #address(like: AddressLike): Address {
    return toAddress(this.crypto, like, 'address')
  }

  /** A request without accounts and actors, which are objects with methods. */
  #plain<R extends { readonly from?: AddressLike | undefined; readonly to?: AddressLike }>(request: R): R {
    const { from, to } = request
    return {
      ...request,
      ...(from === undefined ? {} : { from: toAddress(this.crypto, from, 'from') }),
      ...(to === undefined ? {} : { to: toAddress(this.crypto, to, 'to') }),
    }
  }
}

/**
 * Makes a chain in a worker with a large stack.
 * @throws {TroupeError} thread/not-clonable for an option that cannot be handed to a worker
 */
export async function startThread(options: TroupeOptions): Promise<ThreadedTroupe> {
  const crypto = await loadCrypto()
  const setup = setupOf(options, crypto)
  const accounts = deriveAccounts(crypto, options.accounts)
  const { epochSeconds } = options.network ?? networks.local
  const thread = await ChainThread.start(setup, epochSeconds, options.debug)
  return new ThreadedTroupe(thread, 0, crypto, accounts)
}

function setupOf(options: TroupeOptions, cryptoProvider: CryptoProvider): Omit<ThreadSetup, 'logs'> {
  const { actors, crypto, debug: _, network, proofs, runtimes = [], state, store, ...rest } = options
  if (proofs !== undefined) notClonable('proofs')
  return {
    network:
      network === undefined
        ? undefined
        : { rules: described(network.rules, cryptoProvider), fields: pack({ ...network, rules: undefined }) },
    runtimes: runtimes.map((runtime) => descriptorOf('runtimes', runtime)),
    store: store === undefined ? undefined : descriptorOf('store', store),
    crypto: crypto === undefined ? undefined : descriptorOf('crypto', crypto),
    options: pack({
      ...rest,
      ...(state === undefined
        ? {}
        : { state: { ...state, ...(state.blocks === undefined ? {} : { blocks: [...state.blocks] }) } }),
      ...(actors === undefined || actors === 'native' ? {} : notClonable('actors')),
    }),
  }
}

function descriptorOf(name: string, part: object): Descriptor {
  return isDescriptor(part) ? part : notClonable(name)
}

/** Rules have functions in them: the thread makes its own, from their description. */
function described(rules: RuleSet, crypto: CryptoProvider): RuleDescription {
  const description = describeRules(rules, crypto)
  try {
    rulesOfDescription(description, crypto)
    return description
  } catch (cause) {
    if (!(cause instanceof HypervisorError)) throw cause
    return notClonable('network', cause)
  }
}

function notClonable(name: string, cause?: unknown): never {
  throw new TroupeError(
    'thread/not-clonable',
    `${name}: this cannot be handed to a worker; give it as a descriptor, as wasm() of @troupe/runtime-wasm and lmdb() of @troupe/store-lmdb do`,
    { cause },
  )
}
