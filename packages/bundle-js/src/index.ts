/**
 * Actors in JavaScript and TypeScript as one script each.
 *
 * @module
 */
export {
  type ActorBundle,
  type BundleOptions,
  bundleActor,
  MAX_SCRIPT_LENGTH,
} from './bundle-actor.ts'
export { BundleError, type BundleProblem, type BundleProblemCode, describeProblem } from './bundle-error.ts'
export { bundleImage } from './bundle-image.ts'
export { IMAGE_EXPORTS, IMAGE_MODULES } from './image-modules.ts'
