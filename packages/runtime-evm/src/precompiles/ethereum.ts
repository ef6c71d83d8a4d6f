/** @module Ethereum's precompiles by fork, as data. */
import { createBlake2f } from './blake2f.ts'
import {
  createG1MultiScalar,
  createG2MultiScalar,
  createMapFp2ToG2,
  createMapFpToG1,
  createPairingCheck,
  g1Add,
  g2Add,
} from './bls12-381.ts'
import { G1_DISCOUNTS, G2_DISCOUNTS } from './bls12-381-discounts.ts'
import { bn254Add, createBn254Multiply, createBn254Pairing } from './bn254.ts'
import { type PrecompilePrice, priceOf } from './gas.ts'
import { createEcRecover, createRipemd160, createSha256, identity } from './hashes.ts'
import { createModexp } from './modexp.ts'
import { p256Verify } from './p256-verify.ts'
import { createPointEvaluation } from './point-evaluation.ts'
import type { PrecompileCrypto, PrecompileFunction, Precompiles } from './precompile.ts'

/** Forks of Ethereum whose precompiles are known, oldest first. */
export const PRECOMPILE_FORKS = [
  'istanbul',
  'berlin',
  'london',
  'paris',
  'shanghai',
  'cancun',
  'prague',
  'osaka',
] as const

/** A fork of Ethereum whose precompiles are known. */
export type PrecompileFork = (typeof PRECOMPILE_FORKS)[number]

/** A precompile as it is from a fork on, until another row with its address. */
export interface PrecompileRow {
  readonly address: number
  readonly name: string
  readonly since: PrecompileFork
  readonly price: PrecompilePrice
  readonly create: (crypto: PrecompileCrypto) => PrecompileFunction
}

/** Bytes that an operand of the modular exponentiation may have from Osaka on (EIP-7823). */
const MODEXP_LENGTH_LIMIT = 1024

/** Every precompile, and every change of one. Sources: the EIPs that are named, and EIP-1108 for the prices of 0x06 to 0x08. */
export const ETHEREUM_PRECOMPILES: readonly PrecompileRow[] = [
  row(0x01, 'ECRECOVER', 'istanbul', flat(3_000), createEcRecover),
  row(0x02, 'SHA256', 'istanbul', { kind: 'words', base: 60, perWord: 12 }, createSha256),
  row(0x03, 'RIPEMD160', 'istanbul', { kind: 'words', base: 600, perWord: 120 }, createRipemd160),
  row(0x04, 'IDENTITY', 'istanbul', { kind: 'words', base: 15, perWord: 3 }, () => identity),
  row(0x05, 'MODEXP', 'istanbul', { kind: 'modexp', pricing: 'eip-198' }, () => createModexp(undefined)),
  row(0x05, 'MODEXP', 'berlin', { kind: 'modexp', pricing: 'eip-2565' }, () => createModexp(undefined)),
  row(0x05, 'MODEXP', 'osaka', { kind: 'modexp', pricing: 'eip-7883' }, () =>
    createModexp(MODEXP_LENGTH_LIMIT),
  ),
  row(0x06, 'BN254_ADD', 'istanbul', flat(150), () => bn254Add),
  row(0x07, 'BN254_MUL', 'istanbul', flat(6_000), createBn254Multiply),
  row(0x08, 'BN254_PAIRING', 'istanbul', items(45_000, 34_000, 192), createBn254Pairing),
  row(0x09, 'BLAKE2F', 'istanbul', { kind: 'rounds', perRound: 1, inputLength: 213 }, createBlake2f),
  row(0x0a, 'KZG_POINT_EVALUATION', 'cancun', flat(50_000), createPointEvaluation),
  row(0x0b, 'BLS12_G1ADD', 'prague', flat(375), () => g1Add),
  row(0x0c, 'BLS12_G1MSM', 'prague', multiples(12_000, 160, G1_DISCOUNTS), createG1MultiScalar),
  row(0x0d, 'BLS12_G2ADD', 'prague', flat(600), () => g2Add),
  row(0x0e, 'BLS12_G2MSM', 'prague', multiples(22_500, 288, G2_DISCOUNTS), createG2MultiScalar),
  row(0x0f, 'BLS12_PAIRING_CHECK', 'prague', items(37_700, 32_600, 384), createPairingCheck),
  row(0x10, 'BLS12_MAP_FP_TO_G1', 'prague', flat(5_500), createMapFpToG1),
  row(0x11, 'BLS12_MAP_FP2_TO_G2', 'prague', flat(23_800), createMapFp2ToG2),
  row(0x0100, 'P256VERIFY', 'osaka', flat(6_900), () => p256Verify),
]

/** P256VERIFY as chains have it that took it over from RIP-7212: the same for half the price. Add it to the rows of a fork to have it there. */
export const RIP_7212_P256VERIFY: PrecompileRow = row(
  0x0100,
  'P256VERIFY',
  'istanbul',
  flat(3_450),
  () => p256Verify,
)

/** The rows that count on a fork, by address. @param rows in the order of forks for each address */
export function rowsOfFork(
  fork: PrecompileFork,
  rows: readonly PrecompileRow[] = ETHEREUM_PRECOMPILES,
): readonly PrecompileRow[] {
  const last = PRECOMPILE_FORKS.indexOf(fork)
  const active = new Map<number, PrecompileRow>()
  for (const row of rows) if (PRECOMPILE_FORKS.indexOf(row.since) <= last) active.set(row.address, row)
  return [...active.values()]
}

/** Makes the precompiles of rows, such as {@link rowsOfFork} gives. */
export function createPrecompiles(rows: readonly PrecompileRow[], crypto: PrecompileCrypto): Precompiles {
  return new Map(
    rows.map(({ address, name, price, create }) => {
      const run = create(crypto)
      return [address, { name, address, gas: (input) => priceOf(price, input), run }]
    }),
  )
}

function row(
  address: number,
  name: string,
  since: PrecompileFork,
  price: PrecompilePrice,
  create: PrecompileRow['create'],
): PrecompileRow {
  return { address, name, since, price, create }
}

function flat(base: number): PrecompilePrice {
  return { kind: 'flat', base }
}

function items(base: number, perItem: number, itemLength: number): PrecompilePrice {
  return { kind: 'items', base, perItem, itemLength }
}

function multiples(perItem: number, itemLength: number, discounts: readonly number[]): PrecompilePrice {
  return { kind: 'discounted-items', perItem, itemLength, discounts }
}
