/** @module Prices of precompiles as data, and what a call costs by them. */
import { type ModexpPricing, modexpGas } from './modexp-gas.ts'

/** How the price of a precompile follows from its input. */
export type PrecompilePrice =
  /** Always the same. */
  | { readonly kind: 'flat'; readonly base: number }
  /** By word of 32 bytes, the last one counted whole. */
  | { readonly kind: 'words'; readonly base: number; readonly perWord: number }
  /** By item, of which only whole ones count. */
  | {
      readonly kind: 'items'
      readonly base: number
      readonly perItem: number
      readonly itemLength: number
    }
  /** By item, of which only whole ones count; many are cheaper. */
  | {
      readonly kind: 'discounted-items'
      readonly perItem: number
      readonly itemLength: number
      /** What an item costs in thousandths where there are 1, 2, ... of them; the last one counts for more too. */
      readonly discounts: readonly number[]
    }
  /** By round of BLAKE2b, as the first four bytes of an input of the right length say. */
  | { readonly kind: 'rounds'; readonly perRound: number; readonly inputLength: number }
  /** By the size of the operands. */
  | { readonly kind: 'modexp'; readonly pricing: ModexpPricing }

/** What a call with `input` costs. */
export function priceOf(price: PrecompilePrice, input: Uint8Array): number {
  switch (price.kind) {
    case 'flat':
      return price.base
    case 'words':
      return price.base + price.perWord * Math.ceil(input.length / 32)
    case 'items':
      return price.base + price.perItem * Math.floor(input.length / price.itemLength)
    case 'discounted-items': {
      const count = Math.floor(input.length / price.itemLength)
      if (count === 0) return 0
      const discount = price.discounts[Math.min(count, price.discounts.length) - 1] as number
      return Math.floor((count * price.perItem * discount) / 1000)
    }
    case 'rounds':
      if (input.length !== price.inputLength) return 0
      return price.perRound * new DataView(input.buffer, input.byteOffset, 4).getUint32(0)
    case 'modexp':
      return modexpGas(price.pricing, input)
  }
}
