/** @module Blocks of calls that are simulated. Source: execution-apis, `eth_simulateV1`. */
import type { BlockContext } from 'troupe'
import { type CallRequest, callRequest } from './call-request.ts'
import { type AccountOverride, blockOverrides, stateOverrides } from './overrides.ts'
import { optional, type Reader, reader } from './parameter.ts'
import { boolean, listOf, objectOf } from './readers.ts'

/** A block that is simulated. */
export interface SimulatedBlock {
  readonly context: BlockContext
  readonly overrides: readonly AccountOverride[]
  readonly calls: readonly CallRequest[]
}

/** What is simulated. */
export interface Simulation {
  readonly blocks: readonly SimulatedBlock[]
  /** Whether a transfer of value is told of as a log. */
  readonly hasTransfers: boolean
  /** Whether nonces and fees have to be right, as those of transactions. */
  readonly isValidated: boolean
  /** Whether transactions are told whole, and not by their hashes only. */
  readonly isFull: boolean
}

/** Lists are bounded by the limits of who answers; this is for what no limit of his can allow. */
const MAX_LIST = 100_000

const block: Reader<SimulatedBlock> = reader('a block of calls', (value, at) => {
  const {
    blockOverrides: context = {},
    calls = [],
    stateOverrides: overrides = [],
  } = objectOf('an object', {
    blockOverrides: optional(blockOverrides),
    stateOverrides: optional(stateOverrides),
    calls: optional(listOf(callRequest, MAX_LIST)),
  }).read(value, at)
  return { context, overrides, calls }
})

/** Blocks of calls. */
export const simulation: Reader<Simulation> = reader('blocks of calls', (value, at) => {
  const { blockStateCalls, returnFullTransactions, traceTransfers, validation } = objectOf('an object', {
    blockStateCalls: listOf(block, MAX_LIST),
    traceTransfers: optional(boolean),
    validation: optional(boolean),
    returnFullTransactions: optional(boolean),
  }).read(value, at)
  return {
    blocks: blockStateCalls,
    hasTransfers: traceTransfers === true,
    isValidated: validation === true,
    isFull: returnFullTransactions === true,
  }
})
