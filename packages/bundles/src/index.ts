export { type ArchivedCar, isArchive, readArchive } from './archive.ts'
export {
  type Bundle,
  type BundledActor,
  decodeManifest,
  decodeManifestData,
  type ManifestActor,
  readBundle,
} from './bundle.ts'
export { type AddedBundle, type AddOptions, BundleCache, openBundleCache } from './cache.ts'
export { defaultCacheDirectory } from './default-directory.ts'
export { BundleError, type BundleErrorCode, type BundleErrorOptions } from './errors.ts'
export type { CachedActor, CachedBundle } from './index-entry.ts'
export { BUNDLE_LIMITS, type BundleLimits } from './limits.ts'
