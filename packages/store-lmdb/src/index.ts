export { LmdbStoreError, type LmdbStoreErrorCode, type LmdbStoreErrorOptions } from './errors.ts'
export { type LmdbOptions, lmdb } from './lmdb.ts'
export type { LmdbStore } from './lmdb-store.ts'
export { type LmdbStoreOptions, openLmdbStore } from './open.ts'
