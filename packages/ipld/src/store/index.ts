export type { ChainStore, Ref, RefChange, RefRange, StoreBatch, StoreStatistics } from './chain-store.ts'
export {
  type CollectOptions,
  type CollectProgress,
  type CollectReport,
  collect,
  type Sweep,
  type SweptBatch,
} from './collect.ts'
export {
  checkBatch,
  checkNamespace,
  checkRef,
  checkStoredBlock,
  MAX_NAMESPACE_LENGTH,
  MAX_REF_KEY_BYTES,
  MAX_REF_VALUE_BYTES,
  MAX_STORED_BLOCK_BYTES,
} from './limits.ts'
export { MemoryStore } from './memory-store.ts'
