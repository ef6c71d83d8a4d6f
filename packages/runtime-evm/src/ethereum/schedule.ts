/** @module Ethereum's gas by fork: what changed when, as numbers. */
import type { GasSchedule } from '../interpreter/gas-schedule.ts'
import type { Host } from '../interpreter/host.ts'
import type { Word } from '../interpreter/word.ts'

/** A host that knows what Ethereum's prices depend on: what the transaction has accessed and changed so far. */
export interface PricedHost extends Host {
  /** Says whether an account was accessed before in the transaction, and marks it (EIP-2929). */
  warmAddress(address: bigint): boolean
  /** Says whether a slot of the contract that executes was accessed before, and marks it. */
  warmSlot(key: bigint): boolean
  /** A slot of that contract: as it is, and as it was at the start of the transaction (EIP-2200). */
  slot(key: bigint): { readonly value: bigint; readonly original: bigint }
  /** Adds to what is given back at the end of the transaction (EIP-3529). */
  addRefund(amount: number): void
  /** Whether there is nothing at an address, by EIP-161. */
  isEmpty(address: bigint): boolean
  /** Takes gas for a callee out of the frame's counter: what the code asked for, but at most {@link mostGranted}. */
  grant(requested: Word): number
}

/** What a callee may have of the gas that a frame has: all but a 64th (EIP-150). */
export function mostGranted(left: number): number {
  return left - Math.floor(left / 64)
}

/** A schedule that asks hosts which know Ethereum's transactions. */
export type EthereumSchedule = GasSchedule<PricedHost>

/** What forks have different prices for. */
export interface SchedulePrices {
  readonly name: string
  /** BALANCE, EXTCODE*, calls and SLOAD of what was accessed before in the transaction; before Berlin of anything. */
  readonly warmAccount: number
  readonly balance: number
  readonly warmSlot: number
  /** What the first access of a transaction costs besides (EIP-2929); 0 before Berlin. */
  readonly coldAccount: number
  readonly coldSlot: number
  /** Changing a slot that is not 0. */
  readonly storeReset: number
  /** What is given back for a slot that becomes 0. */
  readonly clearRefund: number
  /** Code of constructors by word, and how many bytes it may have (EIP-3860). */
  readonly initCodeWord: number
  readonly initCodeLimit: number
}

/** What a byte of a new contract's code costs. */
export const CODE_BYTE = 200
/** Setting a slot that is 0. */
const STORE_SET = 20_000
/** A frame with no more gas cannot write: a plain transfer's stipend is not for that (EIP-2200). */
const STORE_SENTRY = 2_300
/** Asks for more than there is. */
const EVERYTHING = -1
const CALL_VALUE = 9_000
const CALL_STIPEND = 2_300
const NEW_ACCOUNT = 25_000
const SELF_DESTRUCT = 5_000
/** What the first access of an account costs SELFDESTRUCT, which never pays for a warm one. */
const COLD_BENEFICIARY = 2_600
/** As far as 32 bits go: nobody has the gas for half of it, which is what allocation fails at. */
const MEMORY_LIMIT = 0xffff_ffe0

const STATIC_COSTS: ReadonlyArray<readonly [cost: number, opcodes: readonly number[]]> = [
  [1, [0x5b]],
  [2, [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x48, 0x4a]],
  [2, [0x50, 0x58, 0x59, 0x5a, 0x5f]],
  [
    3,
    [
      0x01,
      0x03,
      ...range(0x10, 0x1d),
      0x35,
      0x37,
      0x39,
      0x3e,
      0x49,
      0x51,
      0x52,
      0x53,
      0x5e,
      ...range(0x60, 0x9f),
    ],
  ],
  [5, [0x02, 0x04, 0x05, 0x06, 0x07, 0x0b, 0x1e, 0x47]],
  [8, [0x08, 0x09, 0x56]],
  [10, [0x0a, 0x57]],
  [20, [0x40]],
  [30, [0x20]],
  [100, [0x5c, 0x5d]],
  [375, [0xa0]],
  [750, [0xa1]],
  [1_125, [0xa2]],
  [1_500, [0xa3]],
  [1_875, [0xa4]],
  [32_000, [0xf0, 0xf5]],
  [SELF_DESTRUCT, [0xff]],
]

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** Makes the schedule of a fork of its prices. */
export function createSchedule(prices: SchedulePrices): EthereumSchedule {
  const base = new Float64Array(256)
  for (const [cost, opcodes] of STATIC_COSTS) for (const opcode of opcodes) base[opcode] = cost
  base[0x31] = prices.balance
  base[0x54] = prices.warmSlot
  for (const opcode of [0x3b, 0x3c, 0x3f, 0xf1, 0xf2, 0xf4, 0xfa]) base[opcode] = prices.warmAccount

  const { coldAccount, coldSlot, warmSlot, storeReset, clearRefund } = prices
  // Writing pays for a cold slot on top of all else, reading in the place of a warm one.
  const coldStore = coldSlot === 0 ? 0 : coldSlot + warmSlot
  const accountCost = (frame: { host: PricedHost }, address: bigint): number =>
    frame.host.warmAddress(address) ? 0 : coldAccount
  return {
    name: prices.name,
    base,
    memory: { linear: 3, quadraticDivisor: 512 },
    memoryLimit: MEMORY_LIMIT,
    keccakWord: 6,
    copyWord: 3,
    expByte: 50,
    logByte: 8,
    initCodeWord: prices.initCodeWord,
    initCodeLimit: prices.initCodeLimit,
    callStipend: CALL_STIPEND,
    accountCost,
    loadCost: (frame, key) => (frame.host.warmSlot(key) ? 0 : coldSlot),
    storeCost: (frame, key, value) => {
      if (frame.gas.left <= STORE_SENTRY) return Infinity
      const { host } = frame
      const access = host.warmSlot(key) ? 0 : coldStore
      const slot = host.slot(key)
      const { value: current, original } = slot
      if (current === value) return access + warmSlot
      if (original === current) {
        if (original === 0n) return access + STORE_SET
        if (value === 0n) host.addRefund(clearRefund)
        return access + storeReset
      }
      if (original !== 0n) {
        if (current === 0n) host.addRefund(-clearRefund)
        else if (value === 0n) host.addRefund(clearRefund)
      }
      if (original === value) host.addRefund((original === 0n ? STORE_SET : storeReset) - warmSlot)
      return access + warmSlot
    },
    selfDestructCost: ({ host }, beneficiary) => {
      const access = host.warmAddress(beneficiary) || coldAccount === 0 ? 0 : COLD_BENEFICIARY
      return access + (host.selfBalance() > 0n && host.isEmpty(beneficiary) ? NEW_ACCOUNT : 0)
    },
    callCost: (frame, kind, address, value) => {
      const access = accountCost(frame, address)
      if (value === 0n) return access
      return access + CALL_VALUE + (kind === 'call' && frame.host.isEmpty(address) ? NEW_ACCOUNT : 0)
    },
    callGas: (frame, requested) => frame.host.grant(requested),
    createGas: (frame) => frame.host.grant(EVERYTHING),
  }
}
