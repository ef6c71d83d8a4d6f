/**
 * @module Ethereum's forks as data.
 *
 * Sources: the EIPs that the fields name, and the parameters of `@ethereumjs/common` 10.1.3.
 */
import { EvmError } from '../errors.ts'
import {
  CANCUN_INSTRUCTIONS,
  type InstructionSet,
  ISTANBUL_INSTRUCTIONS,
  LONDON_INSTRUCTIONS,
  OSAKA_INSTRUCTIONS,
  SHANGHAI_INSTRUCTIONS,
} from '../interpreter/instructions.ts'
import type { PrecompileFork } from '../precompiles/ethereum.ts'
import { createSchedule, type EthereumSchedule, type SchedulePrices } from './schedule.ts'

/** Blobs of a fork (EIP-4844, and what changed their number since). */
export interface BlobRules {
  /** How slowly the price of blobs follows what was used. */
  readonly updateFraction: bigint
  readonly maxPerBlock: number
  readonly maxPerTransaction: number
}

/** What a fork of Ethereum does otherwise than others. */
export interface EthereumFork {
  readonly name: PrecompileFork
  readonly instructions: InstructionSet
  readonly schedule: EthereumSchedule
  /** Which types of transactions there are. 4 of EIP-7702 is in none: it is refused by name. */
  readonly transactionTypes: readonly number[]
  /** Whether there is a base fee, which is burnt (EIP-1559). */
  readonly hasBaseFee: boolean
  /** Which part of the gas used is given back at most (EIP-3529): 1 of so many. */
  readonly refundDivisor: number
  /** Whether code that begins with 0xef is refused (EIP-3541). */
  readonly refusesEf: boolean
  /** Whether the coinbase is warm from the start (EIP-3651). */
  readonly isCoinbaseWarm: boolean
  /** Whether only contracts of the same transaction can be destroyed (EIP-6780). */
  readonly destroysNewOnly: boolean
  /** Gas given back for a contract's end (removed by EIP-3529). */
  readonly selfDestructRefund: number
  readonly blobs: BlobRules | undefined
  /** What a token of input costs at least (EIP-7623); 0 where there is no such floor. */
  readonly floorPerToken: number
  /** How much gas a transaction may have (EIP-7825). */
  readonly maxTransactionGas: number
}

const ISTANBUL_PRICES: SchedulePrices = {
  name: 'istanbul',
  warmAccount: 700,
  balance: 700,
  warmSlot: 800,
  coldAccount: 0,
  coldSlot: 0,
  storeReset: 5_000,
  clearRefund: 15_000,
  initCodeWord: 0,
  initCodeLimit: Infinity,
}
const BERLIN_PRICES: SchedulePrices = {
  ...ISTANBUL_PRICES,
  name: 'berlin',
  warmAccount: 100,
  balance: 100,
  warmSlot: 100,
  coldAccount: 2_500,
  coldSlot: 2_000,
  storeReset: 2_900,
}
const LONDON_PRICES: SchedulePrices = { ...BERLIN_PRICES, name: 'london', clearRefund: 4_800 }
const SHANGHAI_PRICES: SchedulePrices = {
  ...LONDON_PRICES,
  name: 'shanghai',
  initCodeWord: 2,
  initCodeLimit: 49_152,
}

const ISTANBUL: EthereumFork = {
  name: 'istanbul',
  instructions: ISTANBUL_INSTRUCTIONS,
  schedule: createSchedule(ISTANBUL_PRICES),
  transactionTypes: [0],
  hasBaseFee: false,
  refundDivisor: 2,
  refusesEf: false,
  isCoinbaseWarm: false,
  destroysNewOnly: false,
  selfDestructRefund: 24_000,
  blobs: undefined,
  floorPerToken: 0,
  maxTransactionGas: Infinity,
}
const BERLIN: EthereumFork = {
  ...ISTANBUL,
  name: 'berlin',
  schedule: createSchedule(BERLIN_PRICES),
  transactionTypes: [0, 1],
}
const LONDON: EthereumFork = {
  ...BERLIN,
  name: 'london',
  instructions: LONDON_INSTRUCTIONS,
  schedule: createSchedule(LONDON_PRICES),
  transactionTypes: [0, 1, 2],
  hasBaseFee: true,
  refundDivisor: 5,
  refusesEf: true,
  selfDestructRefund: 0,
}
const PARIS: EthereumFork = { ...LONDON, name: 'paris' }
const SHANGHAI: EthereumFork = {
  ...PARIS,
  name: 'shanghai',
  instructions: SHANGHAI_INSTRUCTIONS,
  schedule: createSchedule(SHANGHAI_PRICES),
  isCoinbaseWarm: true,
}
const CANCUN: EthereumFork = {
  ...SHANGHAI,
  name: 'cancun',
  instructions: CANCUN_INSTRUCTIONS,
  schedule: createSchedule({ ...SHANGHAI_PRICES, name: 'cancun' }),
  transactionTypes: [0, 1, 2, 3],
  destroysNewOnly: true,
  blobs: { updateFraction: 3_338_477n, maxPerBlock: 6, maxPerTransaction: 6 },
}
const PRAGUE: EthereumFork = {
  ...CANCUN,
  name: 'prague',
  blobs: { updateFraction: 5_007_716n, maxPerBlock: 9, maxPerTransaction: 9 },
  floorPerToken: 10,
}
const OSAKA: EthereumFork = {
  ...PRAGUE,
  name: 'osaka',
  instructions: OSAKA_INSTRUCTIONS,
  blobs: { updateFraction: 5_007_716n, maxPerBlock: 9, maxPerTransaction: 6 },
  maxTransactionGas: 0x100_0000,
}

const FORKS: readonly EthereumFork[] = [ISTANBUL, BERLIN, LONDON, PARIS, SHANGHAI, CANCUN, PRAGUE, OSAKA]

/**
 * The rules of a fork, from Istanbul to Osaka.
 *
 * @throws {EvmError} `evm/unsupported-fork` for any other name
 */
export function forkOf(name: string): EthereumFork {
  const fork = FORKS.find((candidate) => candidate.name === name)
  if (fork === undefined) {
    throw new EvmError('evm/unsupported-fork', `no rules for the fork ${name}`, { feature: name })
  }
  return fork
}
