import type { CryptoProvider } from '@troupe/crypto'
import type { LmdbStore } from './lmdb-store.ts'
import { type LmdbStoreOptions, openLmdbStore } from './open.ts'

/** What {@link lmdb} is told. */
export type LmdbOptions = LmdbStoreOptions & { readonly directory: string }

/** The store in a directory, named by where its code is: for a chain that lives in a worker, to which no open store can be handed. */
export function lmdb(
  directory: string,
  options: LmdbStoreOptions = {},
): { readonly module: string; readonly options: LmdbOptions } {
  return { module: import.meta.url, options: { ...options, directory } }
}

/** What the descriptor's module is asked for. @throws as {@link openLmdbStore} */
export function create({ directory, ...options }: LmdbOptions, crypto: CryptoProvider): Promise<LmdbStore> {
  return openLmdbStore(directory, crypto, options)
}
