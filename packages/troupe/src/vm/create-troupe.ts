import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  type Address,
  type DebugOutput,
  idAddress,
  type ProofVerifier,
  type Runtime,
} from '@troupe/hypervisor'
import { type Cid, putAll } from '@troupe/ipld'
import { type ChainStore, MemoryStore } from '@troupe/ipld/store'
import { type AccountsOptions, deriveAccounts } from '../accounts/account.ts'
import { Chain, type ChainOptions } from '../chain/chain.ts'
import { TroupeError } from '../errors.ts'
import type { MiningMode } from './mining.ts'
import { type Network, networks } from './network.ts'
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
  /** Default: `networks.local`. */
  readonly network?: Network
  /** What runs actors besides the system's own, in the order in which they are asked for the program of a code. */
  readonly runtimes?: readonly Runtime[]
  /** Where blocks are kept. A store that has a chain already is opened where that stands. Default: memory. */
  readonly store?: ChainStore
  /** What to begin with, in a store that has no chain. */
  readonly state?: InitialState
  readonly accounts?: AccountsOptions
  /** Default: `instant`. */
  readonly mining?: MiningMode
  /** `wall` puts blocks at the epoch of the host's clock; results are then no longer the same every time. Default: `fixed`, one epoch a block. */
  readonly clock?: 'fixed' | 'wall'
  /** What randomness is made from. Default: 32 zeros. */
  readonly seed?: Uint8Array
  /** Who produces the blocks. Default: f099, which burns its rewards. */
  readonly miner?: Address
  readonly crypto?: CryptoProvider
  readonly proofs?: ProofVerifier
  /** Where actors' logs go. With it, actor debugging is on. */
  readonly debug?: DebugOutput
}

const SEED_LENGTH = 32
const BURNT_FUNDS = 99n

/**
 * Makes a local chain, or opens the one that a store has.
 * @throws {TroupeError} account/…, mining/interval, state/no-state
 */
export async function createTroupe(options: TroupeOptions = {}): Promise<Troupe> {
  const crypto = options.crypto ?? (await loadCrypto())
  const chainOptions: ChainOptions = {
    rules: options.network ?? networks.local,
    store: options.store ?? new MemoryStore(),
    crypto,
    runtimes: options.runtimes ?? [],
    seed: options.seed ?? new Uint8Array(SEED_LENGTH),
    miner: options.miner ?? idAddress(BURNT_FUNDS),
    proofs: options.proofs,
    debug: options.debug,
  }
  const accounts = deriveAccounts(crypto, options.accounts)
  return new Troupe({
    chain: Chain.open(chainOptions) ?? begin(chainOptions, options.state),
    options: chainOptions,
    accounts,
    mining: options.mining ?? 'instant',
    now: Date.now,
    isWallClock: options.clock === 'wall',
  })
}

function begin(options: ChainOptions, state: InitialState | undefined): Chain {
  if (state === undefined) throw new TroupeError('state/no-state', 'there is no state to begin with')
  if (state.blocks !== undefined) putAll(options.store, state.blocks)
  return Chain.create(options, state.root, state.epoch)
}
