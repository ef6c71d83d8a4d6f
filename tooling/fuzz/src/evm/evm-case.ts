/** @module Calls of random contracts, to be made on two machines. */
import fc from 'fast-check'
import { mutated } from '../mutate.ts'

/** The forks that both machines know, oldest first. */
export const FORKS = [
  'istanbul',
  'berlin',
  'london',
  'paris',
  'shanghai',
  'cancun',
  'prague',
  'osaka',
] as const

/** A contract of the state before. */
export interface EvmContract {
  readonly address: bigint
  readonly balance: bigint
  readonly nonce: bigint
  readonly code: Uint8Array
  /** Pairs of slot and value, none of them 0. */
  readonly storage: readonly (readonly [bigint, bigint])[]
}

/** A call of a contract, or a creation, in a state. */
export interface EvmCase {
  readonly fork: (typeof FORKS)[number]
  readonly contracts: readonly EvmContract[]
  /** The contract that is called; `undefined` for a creation, whose code is the input. */
  readonly to: bigint | undefined
  readonly gas: number
  readonly value: bigint
  readonly input: Uint8Array
}

/** Who calls; it has 2^64. */
export const CALLER = 0xca11e4n
/** Addresses whose balances are compared: contracts, and who may get something from them. */
export const CONTRACTS: readonly bigint[] = [0xc0de01n, 0xc0de02n, 0x1000n]
export const OTHERS: readonly bigint[] = [CALLER, 0xc01n, 0xdeadn, 2n, 4n]
/** The block that it happens in. */
export const BLOCK = {
  number: 100n,
  timestamp: 1_700_000_000n,
  coinbase: 0xc01n,
  gasLimit: 30_000_000n,
  prevRandao: 0x1234_5678_90ab_cdefn,
  baseFee: 7n,
  excessBlobGas: 0n,
} as const

/** Slots that random code works with, and that are compared. */
export const SLOTS: readonly bigint[] = [0n, 1n, 2n, 3n, 255n, 2n ** 256n - 1n]

const LIMITS = [
  0n,
  1n,
  31n,
  32n,
  255n,
  256n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 160n - 1n,
  2n ** 255n,
  2n ** 256n - 1n,
]
const word = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 300n }) },
  { weight: 2, arbitrary: fc.constantFrom(...LIMITS) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }) },
)
const place = fc.bigInt({ min: 0n, max: 200n })
const address = fc.constantFrom(
  ...CONTRACTS,
  0xdeadn,
  ...Array.from({ length: 18 }, (_, i) => BigInt(i + 1)),
  0x0100n,
)
const gas = fc.constantFrom(0n, 100n, 2300n, 30_000n, 2n ** 256n - 1n)
const value = fc.constantFrom(0n, 0n, 1n, 2n ** 100n)
const slot = fc.constantFrom(...SLOTS)

/** Operands of instructions that do nothing sensible with any others; the first is on top. */
const OPERANDS: Readonly<Record<number, readonly fc.Arbitrary<bigint>[]>> = {
  32: [place, place],
  49: [address],
  53: [word],
  55: [place, word, place],
  57: [place, word, place],
  59: [address],
  60: [address, place, word, place],
  62: [place, fc.constantFrom(0n, 0n, 1n), fc.constantFrom(0n, 0n, 32n)],
  63: [address],
  64: [word],
  81: [place],
  82: [place, word],
  83: [place, word],
  84: [slot],
  85: [slot, fc.constantFrom(0n, 0n, 1n, 2n ** 256n - 1n)],
  92: [slot],
  93: [slot, word],
  94: [place, place, place],
  160: [place, place],
  162: [place, place, word, word],
  240: [value, place, fc.constantFrom(0n, 5n, 40n)],
  241: [gas, address, value, place, place, place, place],
  242: [gas, address, value, place, place, place, place],
  243: [place, place],
  244: [gas, address, place, place, place, place],
  245: [value, place, fc.constantFrom(0n, 5n, 40n), slot],
  250: [gas, address, place, place, place, place],
  253: [place, place],
  255: [address],
}
const ENDS = new Set([0xf3, 0xfd, 0xff])

function push(number: bigint): number[] {
  const digits = number === 0n ? '' : number.toString(16)
  const bytes = digits.padStart(digits.length + (digits.length % 2), '0').match(/../g) ?? ['00']
  return [0x5f + bytes.length, ...bytes.map((byte) => Number.parseInt(byte, 16))]
}

const withOperands = Object.entries(OPERANDS).map(([opcode, operands]) => ({
  weight: ENDS.has(Number(opcode)) ? 1 : 3,
  arbitrary: fc.tuple(...operands).map((values) => [...values.toReversed().flatMap(push), Number(opcode)]),
}))
const instruction = fc.oneof(
  { weight: 25, arbitrary: word.map(push) },
  { weight: 25, arbitrary: fc.integer({ min: 1, max: 0x1e }).map((opcode) => [opcode]) },
  { weight: 8, arbitrary: fc.integer({ min: 0x30, max: 0x4a }).map((opcode) => [opcode]) },
  { weight: 10, arbitrary: fc.integer({ min: 0x80, max: 0x9f }).map((opcode) => [opcode]) },
  { weight: 5, arbitrary: fc.integer({ min: 0x50, max: 0x5f }).map((opcode) => [opcode]) },
  { weight: 2, arbitrary: fc.nat(255).map((byte) => [byte]) },
  { weight: 3, arbitrary: fc.constant([0x5b]) },
  // Over what follows, if the gas that is left is odd.
  { weight: 3, arbitrary: fc.constant([0x60, 1, 0x5a, 0x16, 0x58, 0x60, 6, 0x01, 0x57, 0x5f, 0x5b]) },
  ...withOperands,
)
const sensible = fc
  .tuple(fc.array(word.map(push), { minLength: 4, maxLength: 10 }), fc.array(instruction, { maxLength: 60 }))
  .map(([first, rest]) => Uint8Array.from([...first.flat(), ...rest.flat()]))

const storage = fc
  .array(fc.tuple(slot, fc.constantFrom(1n, 2n, 2n ** 255n)), { maxLength: 3 })
  .map((pairs) => [...new Map(pairs)])

/** Cases: code that mostly makes sense, code of others with changes, and noise. @param seeds code of others, which may be none */
export function evmCases(seeds: readonly Uint8Array[]): fc.Arbitrary<EvmCase> {
  const noise = fc.uint8Array({ maxLength: 100 })
  const code = fc.oneof(
    { weight: 5, arbitrary: sensible },
    {
      weight: seeds.length === 0 ? 0 : 5,
      arbitrary: mutated(seeds.length === 0 ? [new Uint8Array(0)] : seeds),
    },
    { weight: 1, arbitrary: noise },
  )
  const contract = (at: bigint): fc.Arbitrary<EvmContract> =>
    fc.record({
      address: fc.constant(at),
      balance: fc.constantFrom(0n, 1n, 1000n, 2n ** 64n),
      nonce: fc.constantFrom(0n, 1n, 2n ** 64n - 2n, 2n ** 64n - 1n),
      code,
      storage,
    })
  return fc.record({
    fork: fc.constantFrom(...FORKS),
    contracts: fc.tuple(...CONTRACTS.map(contract)),
    to: fc.option(fc.constantFrom(...CONTRACTS.slice(0, 2)), { nil: undefined, freq: 5 }),
    gas: fc.oneof(fc.nat(3000), fc.nat(100_000), fc.nat(500_000)),
    value: fc.constantFrom(0n, 5n, 2n ** 63n),
    input: fc.oneof({ weight: 1, arbitrary: noise }, { weight: 2, arbitrary: code }),
  })
}
