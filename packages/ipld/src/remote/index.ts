export { type AccessPatternLimits, AccessPatterns } from './access-patterns.ts'
export { BlockCache, type CacheStatistics } from './block-cache.ts'
export {
  type AsyncBlockstore,
  type FetchOptions,
  RemoteBlockstore,
  type RemoteBlockstoreOptions,
} from './remote-blockstore.ts'
export { RemoteChainStore } from './remote-chain-store.ts'
export { type RestartOptions, type RestartResult, withRestart } from './with-restart.ts'
