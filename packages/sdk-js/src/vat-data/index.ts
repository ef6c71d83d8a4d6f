/**
 * A stand-in for what vats of Agoric's have: `VatData` and baggage, on the state of an actor.
 *
 * It is not in the image, but bundled into the actors that import it.
 *
 * @module
 */
import { createVat, type Vat } from './create-vat.ts'

export { createVat, type Vat } from './create-vat.ts'
export type { KindOptions, Kinds } from './kinds.ts'
export type { StoreOptions, Stores } from './stores.ts'

const vat: Vat = createVat()

/** What an actor that has one vat declares in its state. */
export const vatState: Vat['state'] = vat.state
/** The baggage of that vat. */
export const baggage: Vat['baggage'] = vat.baggage
/** What the packages of Agoric's look for. */
export const VatData: Vat['VatData'] = vat.VatData
