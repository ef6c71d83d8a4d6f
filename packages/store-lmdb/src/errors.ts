import { CodedError } from '@troupe/crypto'

/** Every code that this package throws of its own; what all stores throw are `store/...` codes of `@troupe/ipld`. */
export type LmdbStoreErrorCode =
  /** There is no store in the directory, and it is only to be read. */
  | 'store-lmdb/absent'
  /** An option that makes no sense. */
  | 'store-lmdb/bad-option'
  /** The files are those of a store, but damaged. */
  | 'store-lmdb/corrupt'
  /** The disk or the operating system fails for another reason than a lack of room. */
  | 'store-lmdb/io'
  /** Another process, or this one, writes to the store. */
  | 'store-lmdb/locked'
  /** What is in the directory is something else. */
  | 'store-lmdb/not-a-store'
  /** A newer version of this package made the store. */
  | 'store-lmdb/unsupported-version'
  /** The store has another name. */
  | 'store-lmdb/wrong-name'

/** What an error of this package says besides. */
export interface LmdbStoreErrorOptions extends ErrorOptions {
  /** The process that holds the store. */
  readonly pid?: number | undefined
}

/** What this package throws for directories that cannot be opened as a store, and for failures of the disk. */
export class LmdbStoreError extends CodedError<LmdbStoreErrorCode> {
  /** With `store-lmdb/locked`, the number of the process that writes to the store. */
  readonly pid: number | undefined

  constructor(code: LmdbStoreErrorCode, message: string, options?: LmdbStoreErrorOptions) {
    super(code, message, options)
    this.pid = options?.pid
  }
}
