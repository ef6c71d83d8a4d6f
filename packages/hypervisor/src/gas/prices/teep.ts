import { NON_INTERACTIVE_SEALS } from './aggregate-seals.ts'
import { fourthGenerationPriceList } from './fourth-generation.ts'
import type { PriceList } from './price-list.ts'
import { WATERMELON_PRICES } from './watermelon.ts'

/**
 * The prices of network versions 25 to 28.
 *
 * Source: ref-fvm master fvm/src/gas/price_list.rs (`TEEP_PRICES`).
 */
export const TEEP: PriceList = fourthGenerationPriceList({
  ...WATERMELON_PRICES,
  name: 'teep',
  verifySeal: 42_000_000,
  aggregateSeals: NON_INTERACTIVE_SEALS,
})
