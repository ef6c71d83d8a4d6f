/** How much a bundle may be. All are inclusive. */
export interface BundleLimits {
  /** Bytes of a file as handed in. */
  readonly fileBytes: number
  /** Bytes of a release archive after decompression. */
  readonly archiveBytes: number
  /** CARs in a release archive. */
  readonly archiveCars: number
  /** Actors in a manifest. */
  readonly actors: number
}

/** The largest releases so far, as packed, unpacked and counted: 2.4 MB, 53 MB, 7 CARs, 16 actors. */
export const BUNDLE_LIMITS: BundleLimits = {
  fileBytes: 128 * 1024 * 1024,
  archiveBytes: 256 * 1024 * 1024,
  archiveCars: 64,
  actors: 256,
}
