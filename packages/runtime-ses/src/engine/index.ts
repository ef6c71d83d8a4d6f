/** @module The engine without actors: for whoever tests it or measures it. */

export { FirstImage, type FirstImageOptions } from '../image/first-image.ts'
export type { Image, ImageRoots } from '../image/image.ts'
export { become, type EngineSource, Engines } from './engines.ts'
export { JsEngine, type MemoryRange } from './js-engine.ts'
export { JsException } from './js-exception.ts'
export type { JsValue } from './js-value.ts'
