/**
 * @module What the script of the SDK is bundled from. Its default export is what the script evaluates to.
 *
 * The order of the imports matters: they are evaluated one after the other.
 */
import './install-text-coders.ts'
import '../handled-promise.ts'
import harden from '@endo/harden'
import type { ActorImage } from '../host/image.ts'
import { actorConsole } from './actor-console.ts'
import { SdkImage } from './actor-image.ts'
import { CompartmentScope, type HardenedRealm } from './compartment-scope.ts'
import { IMAGE_MODULES } from './modules.ts'
import { Utf8Decoder, Utf8Encoder } from './text-coders.ts'

/** What packages for hardened JavaScript expect besides, is pure, and comes of the libraries here. */
const { assert, HandledPromise } = globalThis as unknown as Readonly<Record<string, unknown>>
const endowments = harden({
  ...{ assert, console: actorConsole, HandledPromise },
  ...{ TextEncoder: Utf8Encoder, TextDecoder: Utf8Decoder },
})

const image: ActorImage = harden(
  new SdkImage(() => new CompartmentScope(globalThis as unknown as HardenedRealm, endowments, IMAGE_MODULES)),
)
export default image
