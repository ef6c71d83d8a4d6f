/**
 * Actors in JavaScript and TypeScript as one script each.
 *
 * @module
 */
export {
  type ActorBundle,
  type BundleOptions,
  bundleActor,
  IMAGE_MODULES,
  MAX_SCRIPT_LENGTH,
} from './bundle-actor.ts'
export { BundleError, type BundleProblem, type BundleProblemCode, describeProblem } from './bundle-error.ts'
export { bundleImage } from './bundle-image.ts'
