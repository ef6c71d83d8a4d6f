/**
 * @module What precompiles of Filecoin's EVM actor cost in gas of the FVM. There each costs what its Wasm uses; these are formulas fitted to what calls of the official actor
 * of release 18 were charged on network version 28, less what a call of an address without a precompile was.
 *
 * They hold within a twentieth for input that is well formed, and within a quarter for MODEXP and for scalars above the order of a group. Points of pairings and of
 * sums of multiples that the actor refuses, and points and numbers that are zero, cost it less than is said here, but for pairings of alt_bn128.
 */
import { readG1Terms, readG2Terms, readMapped, readMapped2 } from './bls12-381.ts'
import { bn254PairingWork, readBn254Terms } from './bn254.ts'
import { filecoinModexpGas } from './filecoin-modexp-gas.ts'
import { judgeSignature } from './p256-verify.ts'
import { paddedWord } from './padded-input.ts'
import type { PrecompileFailure } from './precompile.ts'

/** What a call with an input costs, in whole gas of the FVM. */
export type FilecoinGas = (input: Uint8Array) => number

/** What it costs to find that an input has another length. */
const SHORT = { 'input-length': 600 } as const

/** Prices by address. */
export const FILECOIN_GAS: ReadonlyMap<number, FilecoinGas> = new Map<number, FilecoinGas>([
  [0x01, (input) => (hasRecoveryId(input) ? 1_677_000 : 2_400)],
  [0x02, ({ length }) => 15_208 + 7 * length],
  [0x03, ({ length }) => 19_018 + 35 * length],
  [0x04, ({ length }) => (length === 0 ? 436 : 1_057 + Math.ceil((3 * length) / 8))],
  [0x05, filecoinModexpGas],
  [0x06, unlessRefused(910_000, readBn254Terms, { 'field-element': 2_300, 'not-on-curve': 69_400 })],
  [0x07, bn254MultiplyGas],
  [0x08, bn254PairingGas],
  [0x09, blake2fGas],
  [
    0x0b,
    unlessRefused(2_611_000, readG1Terms, { ...SHORT, 'field-element': 5_300, 'not-on-curve': 181_000 }),
  ],
  [0x0c, ({ length }) => multiplesGas(Math.floor(length / 160), G1_MULTIPLES)],
  [
    0x0d,
    unlessRefused(4_394_000, readG2Terms, { ...SHORT, 'field-element': 43_300, 'not-on-curve': 415_000 }),
  ],
  [0x0e, ({ length }) => multiplesGas(Math.floor(length / 288), G2_MULTIPLES)],
  [0x0f, ({ length }) => perItem(Math.floor(length / 384), 600, 328_300_000, 366_134_000)],
  [0x10, unlessRefused(35_556_000, readMapped, { ...SHORT, 'field-element': 5_300 })],
  [0x11, unlessRefused(134_454_000, readMapped2, { ...SHORT, 'field-element': 43_300 })],
  [0x0100, (input) => P256_GAS[judgeSignature(input)]],
])

/** A signature that turns out to be invalid took as long as one that is valid. */
const P256_GAS = { malformed: 560, 'no-key': 67_400, verifiable: 105_030_000 } as const

/** What sums of 1, 2, 4, 8, ... multiples cost; between them the price is on a line, and after the last one it goes on as it did. */
const G1_MULTIPLES = [
  117_172_000, 221_028_000, 371_182_000, 671_490_000, 1_239_362_000, 2_299_019_000, 4_228_005_000,
  7_880_052_000,
]
const G2_MULTIPLES = [
  218_888_000, 467_020_000, 766_851_000, 1_366_511_000, 2_908_409_000, 4_642_441_000, 8_218_314_000,
  14_747_753_000,
]

function multiplesGas(count: number, points: readonly number[]): number {
  if (count === 0) return 600
  const step = Math.min(31 - Math.clz32(count), points.length - 2)
  const [lower, upper] = [points[step] as number, points[step + 1] as number]
  return lower + Math.ceil(((upper - lower) * (count - 2 ** step)) / 2 ** step)
}

/** The price of what always does the same, unless it finds no operands: reading them takes little, here as there. */
function unlessRefused(
  full: number,
  read: (input: Uint8Array) => unknown,
  refused: Readonly<Partial<Record<PrecompileFailure, number>>>,
): FilecoinGas {
  return (input) => {
    const operands = read(input)
    return typeof operands === 'string' ? (refused[operands as PrecompileFailure] ?? full) : full
  }
}

function perItem(count: number, none: number, some: number, each: number): number {
  return count === 0 ? none : some + each * count
}

/** Whether the recovery id is one, so that a key is looked for. */
function hasRecoveryId(input: Uint8Array): boolean {
  const v = paddedWord(input, 32)
  return v === 27n || v === 28n
}

/** Doublings for all bits of the scalar, and additions for those that are set. */
function bn254MultiplyGas(input: Uint8Array): number {
  const bits = (paddedWord(input, 64) % BN254_ORDER).toString(2)
  return 165_000 + 107_000 * bits.length + 236_000 * bits.replaceAll('0', '').length
}

/** What pairings are made of: reading two points, finding the order of one, and pairing them; and once for all what follows. */
const BN254_PAIRING = {
  base: 39_000,
  read: 19_400,
  order: 195_040_000,
  pair: 161_000_000,
  product: 371_390_000,
}
/** What it costs to find out that a point is refused, beyond those that were read. */
const BN254_REFUSED: Readonly<Partial<Record<PrecompileFailure, number>>> = {
  'field-element': 27_000,
  'not-on-curve': 255_000,
}

function bn254PairingGas(input: Uint8Array): number {
  if (input.length % 192 !== 0) return SHORT['input-length']
  const { read, orders, pairings, refused } = bn254PairingWork(input)
  const { base, read: each, order, pair, product } = BN254_PAIRING
  if (refused !== undefined) return (BN254_REFUSED[refused] ?? 0) + (read - 1) * each + orders * order
  return base + read * each + orders * order + pairings * pair + (pairings === 0 ? 0 : product)
}

const BN254_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

function blake2fGas(input: Uint8Array): number {
  if (input.length !== 213) return 600
  return 2_540 + 2_080 * new DataView(input.buffer, input.byteOffset, 4).getUint32(0)
}
