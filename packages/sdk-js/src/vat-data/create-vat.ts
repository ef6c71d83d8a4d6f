import { type Declared, type DurableMap, harden, SdkError } from '@troupe/sdk-js'
import { type Kinds, makeKinds } from './kinds.ts'
import { Slots } from './slots.ts'
import { makeStores, type Store, type Stores } from './stores.ts'

/** What vats of Agoric's find as their global `VatData`. */
export interface VatData extends Kinds, Stores {
  /** Whether a value can be in a collection that lasts. */
  canBeDurable(value: unknown): boolean
  /** @throws {SdkError} vat/unsupported */
  providePromiseWatcher(): never
  /** @throws {SdkError} vat/unsupported */
  watchPromise(): never
}

/** A vat within an actor. */
export interface Vat {
  /** What the actor has to declare in its state, under whatever name. */
  readonly state: Declared<DurableMap>
  /** A map that lasts, from which everything else can be found. */
  readonly baggage: Store
  readonly VatData: VatData
}

/** Makes a vat. One actor may have several, each with a field of its own. */
export function createVat(): Vat {
  const slots = new Slots()
  const stores = makeStores(slots)
  const refuse = (): never => {
    throw new SdkError('vat/unsupported', 'no promise outlasts a message: use futures, and `when`')
  }
  const VatData: VatData = harden({
    ...makeKinds(slots),
    ...stores,
    canBeDurable: (value: unknown) => slots.isDurable(value),
    providePromiseWatcher: refuse,
    watchPromise: refuse,
  })
  const baggage = stores.makeScalarBigMapStore('baggage', { durable: true })
  return harden({ state: slots.records.state, baggage, VatData })
}
