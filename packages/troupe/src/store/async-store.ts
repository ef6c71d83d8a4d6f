import type { CryptoProvider } from '@troupe/crypto'
import {
  type AccessPatterns,
  type AsyncBlockstore,
  RemoteBlockstore,
  type RemoteBlockstoreOptions,
  RemoteChainStore,
} from '@troupe/ipld/remote'
import { type ChainStore, MemoryStore } from '@troupe/ipld/store'

/** A store that answers later, for a chain: what is read comes from there, and what is written goes to a store that answers at once. */
export interface AsyncStore extends RemoteBlockstoreOptions {
  /** Blocks (interface-blockstore 7), of a state of Filecoin or of another chain. Nothing is written to it but by {@link RemoteChainStore.upload}. */
  readonly remote: AsyncBlockstore
  /** Where the chain keeps its head, what else it finds by name, and its own blocks. A chain that it has is opened where that stands. Default: memory. */
  readonly local?: ChainStore
  /** What messages read, by receiver and method: fetched ahead. To be shared by chains on one store. Default: the chain's own. */
  readonly patterns?: AccessPatterns
}

/** Whether a store answers later: it is such a one, or has one as `remote`. */
export function isAsyncStore(store: object): store is AsyncStore | AsyncBlockstore {
  return !('getRef' in store) && ('remote' in store || 'getMany' in store)
}

/** The store of a chain over a store that answers later. */
export function openAsyncStore(
  store: AsyncStore | AsyncBlockstore,
  crypto: CryptoProvider,
): RemoteChainStore {
  const { local = new MemoryStore(), remote, ...options } = 'remote' in store ? store : { remote: store }
  return new RemoteChainStore(new RemoteBlockstore(remote, crypto, options), local)
}

/** The patterns that a store comes with. */
export function patternsOf(store: object): AccessPatterns | undefined {
  return 'patterns' in store ? (store as AsyncStore).patterns : undefined
}
