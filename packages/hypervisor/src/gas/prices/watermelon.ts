import { type FourthGenerationPrices, fourthGenerationPriceList } from './fourth-generation.ts'
import { HYGGE_PRICES } from './hygge.ts'
import type { PriceList } from './price-list.ts'

/** What {@link WATERMELON} is made of. */
export const WATERMELON_PRICES: FourthGenerationPrices = {
  ...HYGGE_PRICES,
  name: 'watermelon',
  linkTracked: 300,
  linkChecked: 300,
  scanItem: 35,
  scanLink: 400,
  // Nineteen jumps over twenty epochs each, the operation itself, and asking the node; then the epochs.
  lookback: { flat: 5800 * 19 + 15_000 + 21_000, scale: 75 },
  blsPairing: 8_299_302,
  blsHashingPerByte: 7,
  eventEntries: { flat: 2000, scale: 1400 },
  utf8Validation: { flat: 500, scale: 16 },
}

/**
 * The prices of network versions 21 to 24.
 *
 * Source: ref-fvm master fvm/src/gas/price_list.rs (`WATERMELON_PRICES`).
 */
export const WATERMELON: PriceList = fourthGenerationPriceList(WATERMELON_PRICES)
