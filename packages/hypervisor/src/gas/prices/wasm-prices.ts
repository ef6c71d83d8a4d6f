/**
 * @module Prices of Wasm instructions, as data for whatever instruments or accounts for code.
 *
 * Source: ref-fvm release/v2 and release/v3 fvm/src/gas/price_list.rs (`WasmGasPrices`); FIP-0032.
 */

/** Prices of Wasm instructions, in milligas. */
export interface WasmPrices {
  /** Instructions that cost nothing: names and opcodes. */
  readonly zeroCostOps: Readonly<Record<string, number>>
  /** What every other supported instruction costs, those with linear prices included. */
  readonly base: number
  /** What some instructions cost on top, by their last operand; `undefined` where they do not. */
  readonly linear: WasmLinearPrices | undefined
}

/** Prices of instructions by the amount of work that their last operand asks for, in milligas. */
export interface WasmLinearPrices {
  /** `memory.grow`, for each page of 64 KiB that is asked for. */
  readonly grow: number
  /** `memory.copy`, `memory.fill`, `memory.init`, for each byte. */
  readonly copyFillInit: number
  /** `table.copy`, `table.fill`, `table.init`, `table.grow`, for each element. */
  readonly table: number
}

/** The instructions that cost nothing in every price list; in the first one, nothing costs anything. */
export const ZERO_COST_OPS: Readonly<Record<string, number>> = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  else: 0x05,
  end: 0x0b,
  return: 0x0f,
  drop: 0x1a,
}
