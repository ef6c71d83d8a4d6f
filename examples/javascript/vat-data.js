// What stands for @agoric/vat-data in actors: all of it is Agoric's own, on the vat that an actor has in its state.
import { makeExoUtils } from '@agoric/vat-data/src/exo-utils.js'
import { makeStoreUtils } from '@agoric/vat-data/src/vat-data-bindings.js'
import { VatData } from '@troupe/sdk-js/vat-data'

export {
  M,
  makeScalarMapStore,
  makeScalarSetStore,
  makeScalarWeakMapStore,
  makeScalarWeakSetStore,
} from '@agoric/store'
export { partialAssign, pickFacet, provide } from '@agoric/vat-data/src/vat-data-bindings.js'

export const {
  canBeDurable,
  defineDurableKind,
  defineDurableKindMulti,
  defineKind,
  defineKindMulti,
  makeKindHandle,
  makeScalarBigMapStore,
  makeScalarBigSetStore,
  makeScalarBigWeakMapStore,
  makeScalarBigWeakSetStore,
  providePromiseWatcher,
  watchPromise,
} = VatData
export const {
  defineDurableExoClass,
  defineDurableExoClassKit,
  defineVirtualExoClass,
  defineVirtualExoClassKit,
  prepareExo,
  prepareExoClass,
  prepareExoClassKit,
  prepareSingleton,
} = makeExoUtils(VatData)
export const {
  provideDurableMapStore,
  provideDurableSetStore,
  provideDurableWeakMapStore,
  provideDurableWeakSetStore,
} = makeStoreUtils(VatData)
