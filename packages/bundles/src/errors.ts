import { CodedError } from '@troupe/crypto'

/** Every code that this package throws. */
export type BundleErrorCode =
  // What was handed in
  /** Neither a release archive nor a CAR, or one that holds no bundle. */
  | 'bundles/not-a-bundle'
  /** An archive or CAR that is broken: it ends early, or a block is not what its CID says. */
  | 'bundles/malformed'
  /** A manifest of another version than 1. */
  | 'bundles/unsupported-manifest-version'
  /** The CAR lacks a block that its manifest names. */
  | 'bundles/incomplete'
  /** Over one of the limits. */
  | 'bundles/too-large'
  // The cache
  /** A file of the cache is not what was put there. */
  | 'bundles/corrupt'
  /** The cache does not have it. */
  | 'bundles/unknown'
  /** The cache takes whole bundles, not single blocks. */
  | 'bundles/read-only'

/** Where it happened. */
export interface BundleErrorOptions extends ErrorOptions {
  /** The file of the cache that is damaged. */
  readonly path?: string
}

/** What this package throws for bundles and cache files that are not what they should be. */
export class BundleError extends CodedError<BundleErrorCode> {
  /** With `bundles/corrupt`, the damaged file. Removing it is safe; adding its bundle again restores it. */
  readonly path: string | undefined

  constructor(code: BundleErrorCode, message: string, options?: BundleErrorOptions) {
    super(code, message, options)
    this.path = options?.path
  }
}
