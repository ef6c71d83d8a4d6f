import type { PriceList } from './price-list.ts'
import { type SecondGenerationPrices, secondGenerationPriceList } from './second-generation.ts'
import { SKYR_PRICES } from './skyr.ts'
import { ZERO_COST_OPS } from './wasm-prices.ts'

/** The next list, with syscalls, questions to the node, memory and code for free. */
const OH_SNAP_PRICES: SecondGenerationPrices = {
  ...SKYR_PRICES,
  name: 'oh-snap',
  memcpyMilligas: 0,
  memoryRetention: 0,
  syscall: 0,
  extern: 0,
  wasm: { zeroCostOps: ZERO_COST_OPS, base: 0, linear: undefined },
}

/**
 * The prices of network version 15.
 *
 * Source: ref-fvm release/v2 fvm/src/gas/price_list.rs (`OH_SNAP_PRICES`).
 */
export const OH_SNAP: PriceList = secondGenerationPriceList(OH_SNAP_PRICES)
