/**
 * @module What memory costs in an engine. Whoever changes one of these has other gas: they are part of what a network agrees on, as the limits are.
 *
 * The FVM's prices are a model of the host in which an instruction takes 0.4 ns, and a byte of memory a tenth of that, wherever it comes from. Here an instruction of the engine takes some 0.08 ns,
 * and memory what it takes everywhere, so that whoever wanted to make a gas cost the host most would do nothing but move memory. Actors in Wasm are charged as the FVM charges them. The engine is
 * not the FVM's, and what actors make it do in bulk has prices by the same measure as the rest of what it does.
 */
import type { PriceList, RuleSet } from '@troupe/hypervisor'
import { PAGE_SIZE } from '../image/snapshot.ts'

/** Milligas for each byte that the engine copies or fills in bulk, or that an image gives it: half an instruction. */
export const BYTE_PRICE = 2000

/** Milligas for each byte by which the engine's memory grows: the host has to come by a page of its own at the first write, which takes it one to two microseconds for four KiB. */
export const FRESH_BYTE_PRICE = 16_000

/**
 * Bytes that the calls of a message may hold at once before a further one of them pays for its image as for memory that grows: so many engines wait to be called, some twelve, and then new ones are made.
 */
export const WAITING_MEMORY: number = 256 * 1024 * 1024

/**
 * What the image of a call costs, in milligas.
 *
 * @param held bytes that the calls of the message hold which it is made from
 */
export function imagePrice(length: number, held: number): number {
  return length * (held < WAITING_MEMORY ? BYTE_PRICE : FRESH_BYTE_PRICE)
}

/** Rules whose memory costs what it costs in an engine. */
export function withEnginePrices(rules: RuleSet): RuleSet {
  const { wasm } = rules.prices
  const linear = { table: 0, ...wasm.linear, grow: PAGE_SIZE * FRESH_BYTE_PRICE, copyFillInit: BYTE_PRICE }
  const prices: PriceList = {
    ...rules.prices,
    wasm: { ...wasm, linear },
  }
  return { ...rules, prices }
}
