import {
  createGenesis,
  ED25519_ACTORS,
  KNOWN_ACTORS,
  MESSAGE_QUEUE_ACTORS,
  NATIVE_ACTORS,
  userInitActor,
} from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  checkFidelity,
  type DebugOutput,
  idAddress,
  isBelow,
  Manifest,
  type ProofVerifier,
  type RequiredFidelity,
  type RuleSet,
  type Runtime,
  type TokenAmount,
} from '@troupe/hypervisor'
import { CborStore, type Cid, DAG_CBOR, putAll } from '@troupe/ipld'
import { RemoteChainStore } from '@troupe/ipld/remote'
import { MemoryStore } from '@troupe/ipld/store'
import {
  type NativeActor,
  type NativeRuntime,
  nativeRuntime,
  type StoredManifest,
  storeNativeManifest,
} from '@troupe/runtime-native'
import { type Account, type AccountsOptions, deriveAccounts } from '../accounts/account.ts'
import { Chain, type ChainOptions } from '../chain/chain.ts'
import { HeldDebugOutput } from '../chain/held-debug-output.ts'
import { POOL_LIMITS, type PoolLimits, sequenceGapOf } from '../pool/message-limits.ts'
import { patternsOf } from '../store/async-store.ts'
import {
  type CryptoSource,
  loadProvider,
  loadRuntime,
  loadStore,
  type RuntimeSource,
  type StoreSource,
} from '../thread/descriptor.ts'
import { SourceMaps } from '../trace/source-maps.ts'
import type { ActorsBundle } from './bundle.ts'
import { checkOptions } from './check-options.ts'
import type { LocalChain } from './local-chain.ts'
import type { MiningMode } from './mining.ts'
import { type Network, networks } from './network.ts'
import { immediately, RestartingWorker, step } from './steps.ts'
import { Troupe } from './troupe.ts'

/** A state to begin with. */
export interface InitialState {
  /** Root of the state tree. */
  readonly root: Cid
  /** Its blocks, as far as the store does not have them. */
  readonly blocks?: Iterable<readonly [Cid, Uint8Array]>
  /** The epoch that it was at. Default: 0. */
  readonly epoch?: bigint
}

/** What a chain is made with. Everything has a default. */
export interface TroupeOptions {
  /** Default: `networks.local`, and with a bundle's actors the newest version of Filecoin's. */
  readonly network?: Network
  /**
   * What runs actors besides the system's own, in the order in which they are asked for the program of a code. A new network with native actors has the built-in actors too
   * that they bring: contracts of the EVM, with the runtime for those. What they were told to want of the network's rules, such as Ethereum's gas, they have.
   */
  readonly runtimes?: readonly RuntimeSource[]
  /**
   * Where blocks are kept. A store that has a chain already is opened where that stands. One that answers later (interface-blockstore 7, as of IPFS libraries), or `{ remote, local }`
   * with such a one, is read through: work that lacks a block begins again once it was fetched. Default: memory.
   */
  readonly store?: StoreSource
  /** What to begin with, in a store that has no chain. Default: a new network with the system's actors and funded accounts. */
  readonly state?: InitialState
  /**
   * The system's actors of a new network. Default: `native`, those of `@troupe/actors`, whose gas is calibrated. A bundle's are run by the runtime for Wasm, which has
   * to be among the runtimes.
   */
  readonly actors?: 'native' | ActorsBundle
  readonly accounts?: AccountsOptions & {
    /** attoFIL that each is given in a new network, as f1 and as f4. Default: 10,000 FIL. */
    readonly balance?: TokenAmount
  }
  /** Default: `instant`. */
  readonly mining?: MiningMode
  /** `wall` puts blocks at the epoch of the host's clock; results are then no longer the same every time. Default: `fixed`, one epoch a block. */
  readonly clock?: 'fixed' | 'wall'
  /** What randomness is made from. Default: 32 zeros. */
  readonly seed?: Uint8Array
  /** Who produces the blocks. Default: f099, which burns its rewards. */
  readonly miner?: Address
  readonly crypto?: CryptoSource
  readonly proofs?: ProofVerifier
  /**
   * How good the results of messages and calls have to be. What could never give such a result is refused here, by name: with `exact` that is whatever runs actors by a model of their gas, the
   * native actors of new networks and contracts of `evmRuntime` among them. A message whose result is not as good in the end is refused without effect. Default: results say how good they are.
   */
  readonly requireFidelity?: RequiredFidelity
  /** Where actors' logs go. With it, actor debugging is on. */
  readonly debug?: DebugOutput
  /** A directory where each message that `send` fails for leaves its block with all that it read, for `troupe replay`. Default: none. */
  readonly reproDirectory?: string
}

const SEED_LENGTH = 32
const LATEST_VERSION = 28
const BURNT_FUNDS = 99n
const DEFAULT_BALANCE: TokenAmount = 10_000n * 10n ** 18n

/**
 * Makes a local chain, or opens the one that a store has.
 *
 * With `thread: 'worker'` its machine lives in a thread with a large stack, where the deepest calls fit and a signal can stop a message that runs and runs; what is handed
 * over must then be descriptors. Otherwise, `inline`, it lives in this thread.
 * @throws {HypervisorError} machine/fidelity for what can never give results as good as they have to be
 * @throws {TroupeError} option/malformed, account/…, mining/interval, thread/…
 * @throws {IpldError} where the store cannot be written, or a state is not whole
 */
export function createTroupe(options: TroupeOptions & { readonly thread: 'worker' }): Promise<LocalChain>
export function createTroupe(options?: TroupeOptions & { readonly thread?: 'inline' }): Promise<Troupe>
export async function createTroupe({
  thread,
  ...options
}: TroupeOptions & { readonly thread?: 'inline' | 'worker' } = {}): Promise<LocalChain> {
  if (thread !== 'worker') return createInline(options)
  const { startThread } = await import('../thread/threaded-troupe.ts')
  return startThread(options)
}

async function createInline(options: TroupeOptions): Promise<Troupe> {
  checkOptions(options)
  const crypto = options.crypto === undefined ? await loadCrypto() : await loadProvider(options.crypto)
  const store = options.store === undefined ? new MemoryStore() : await loadStore(options.store, crypto)
  const isRemote = store instanceof RemoteChainStore
  const debug = isRemote && options.debug !== undefined ? new HeldDebugOutput(options.debug) : options.debug
  const worker = isRemote
    ? new RestartingWorker(
        store,
        patternsOf(options.store ?? {}),
        debug instanceof HeldDebugOutput ? debug : undefined,
      )
    : immediately
  const native = nativeRuntime({ crypto, actors: KNOWN_ACTORS })
  const given = await Promise.all((options.runtimes ?? []).map(loadRuntime))
  const { requireFidelity } = options
  // Where nothing may be run by it, whatever is has to be found out at once.
  const runtimes = isBelow(native.fidelity.level, requireFidelity) ? given : [native, ...given]
  const chainOptions: ChainOptions = {
    rules: networkFor(options.network ?? defaultNetwork(options), runtimes),
    store,
    crypto,
    runtimes,
    seed: options.seed ?? new Uint8Array(SEED_LENGTH),
    miner: options.miner ?? idAddress(BURNT_FUNDS),
    proofs: options.proofs,
    requireFidelity,
    debug,
  }
  checkFidelity({ requireFidelity, rules: chainOptions.rules.rules, runtimes })
  const accounts = deriveAccounts(crypto, options.accounts)
  return new Troupe({
    chain: await worker.perform(
      step(() => {
        const chain = Chain.open(chainOptions) ?? begin(chainOptions, options, accounts, native)
        checkManifest(chain, native, chainOptions)
        return chain
      }),
    ),
    options: chainOptions,
    worker,
    reproDirectory: options.reproDirectory,
    sourceMaps: new SourceMaps(),
    accounts,
    mining: options.mining ?? 'instant',
    limits: poolLimits(chainOptions.rules.rules, options.mining ?? 'instant'),
    now: Date.now,
    isWallClock: options.clock === 'wall',
  })
}

/** Official actors are for the network that they were released for: they do not install code. */
function defaultNetwork({ actors = 'native' }: TroupeOptions): Network {
  return actors === 'native' ? networks.local : networks.filecoin(LATEST_VERSION)
}

/** A network with the rules that its runtimes were told to want. */
function networkFor(network: Network, runtimes: readonly Runtime[]): Network {
  const rules = runtimes.reduce((made, runtime) => runtime.rulesOf?.(made) ?? made, network.rules)
  return rules === network.rules ? network : { ...network, rules }
}

/** The native actors of a rule set. */
function systemActors({ userActors }: RuleSet): readonly NativeActor[] {
  if (userActors === undefined) return NATIVE_ACTORS
  return NATIVE_ACTORS.map((actor) => (actor.name === userInitActor.name ? userInitActor : actor))
}

/** Native actors that additions to the rules need. Whoever has namespaces of others begins with a state of their own. */
function addedActors({ abstractAccounts, messageQueue }: RuleSet): readonly NativeActor[] {
  const namespaces = [...(abstractAccounts?.namespaces.values() ?? [])]
  const ofNamespaces = ED25519_ACTORS.filter(({ name }) =>
    namespaces.some(({ account, manager }) => name === account || name === manager),
  )
  return [...ofNamespaces, ...(messageQueue === undefined ? [] : MESSAGE_QUEUE_ACTORS)]
}

/**
 * Code comes in a message: where users install it, a message may be as long as code. Where each message makes its block, one that is ahead of its sender's would wait for
 * nothing that happens by itself.
 */
function poolLimits({ userActors }: RuleSet, mining: MiningMode): PoolLimits {
  return {
    ...POOL_LIMITS,
    messageBytes: POOL_LIMITS.messageBytes + (userActors?.maximumCodeSize ?? 0),
    sequenceGap: sequenceGapOf(mining),
  }
}

/** @throws {HypervisorError} machine/fidelity where built-in actors are run by a model of their gas, and that is not good enough */
function checkManifest(
  chain: Chain,
  native: NativeRuntime,
  { requireFidelity, rules: { rules } }: ChainOptions,
): void {
  if (!isBelow(native.fidelity.level, requireFidelity)) return
  const none = (): Uint8Array => new Uint8Array()
  const isNative = ([, code]: readonly [string, Cid]): boolean => native.load(code, none, rules) !== undefined
  if (chain.machineAfter().manifest.actors.some(isNative))
    checkFidelity({ requireFidelity, rules, runtimes: [native] })
}

function begin(
  chain: ChainOptions,
  options: TroupeOptions,
  accounts: readonly Account[],
  native: NativeRuntime,
): Chain {
  const { actors = 'native', state } = options
  if (state === undefined && actors === 'native')
    checkFidelity({ ...chain, rules: chain.rules.rules, runtimes: [native] })
  if (state === undefined) return Chain.create(chain, newNetwork(chain, options, accounts))
  if (state.blocks !== undefined) putAll(chain.store, state.blocks)
  return Chain.create(chain, state.root, state.epoch)
}

/** The first state of a new network: f1 accounts from f0100 on, and after them the same keys' f4 accounts. */
function newNetwork(
  { crypto, rules, runtimes, store }: ChainOptions,
  { accounts: { balance = DEFAULT_BALANCE } = {}, actors = 'native' }: TroupeOptions,
  accounts: readonly Account[],
): Cid {
  const blocks = new CborStore(store, crypto)
  const isNative = actors === 'native'
  return createGenesis(blocks, {
    rules: rules.rules,
    installsCode: isNative && rules.rules.userActors !== undefined,
    networkName: rules.networkName,
    manifest: isNative
      ? storeNativeManifest(
          blocks,
          systemActors(rules.rules),
          storeBuiltinActors(blocks, runtimes),
          addedActors(rules.rules),
        )
      : storeBundle(blocks, actors, rules.rules),
    accounts: [
      ...accounts.map(({ address }) => ({ address, balance })),
      ...accounts.map(({ delegated: address }) => ({ address, balance })),
    ],
  })
}

/** Codes of the built-in actors that runtimes bring. */
function storeBuiltinActors(store: CborStore, runtimes: readonly Runtime[]): Record<string, Cid> {
  const blocks = runtimes.flatMap(({ builtinActors = {} }) => Object.entries(builtinActors))
  return Object.fromEntries(blocks.map(([name, block]) => [name, store.putBlock(DAG_CBOR, block)]))
}

function storeBundle(store: CborStore, bundle: ActorsBundle, { requiredActors }: RuleSet): StoredManifest {
  const { blocks, codes, manifestData: data, root } = bundle
  for (const cid of [root, data, ...codes]) store.blocks.put(cid, blocks(cid))
  return { root, data, manifest: Manifest.load(store, data, requiredActors) }
}
