/**
 * @module What precompiles of Filecoin's EVM actor cost in gas of the FVM. There each costs what its Wasm uses; these are formulas fitted to what calls of the official actor
 * of release 18 were charged on network version 28, less what a call of an address without a precompile was.
 *
 * They hold within a twentieth for input that is well formed, and within a quarter for MODEXP and for scalars above the order of a group. Input that the actor refuses, and
 * points and numbers that are zero, cost it less than is said here.
 */
import { filecoinModexpGas } from './filecoin-modexp-gas.ts'
import { paddedWord } from './padded-input.ts'

/** What a call with an input costs, in whole gas of the FVM. */
export type FilecoinGas = (input: Uint8Array) => number

/** Prices by address. */
export const FILECOIN_GAS: ReadonlyMap<number, FilecoinGas> = new Map<number, FilecoinGas>([
  [0x01, (input) => (hasRecoveryId(input) ? 1_677_000 : 2_400)],
  [0x02, ({ length }) => 15_208 + 7 * length],
  [0x03, ({ length }) => 19_018 + 35 * length],
  [0x04, ({ length }) => (length === 0 ? 436 : 1_057 + Math.ceil((3 * length) / 8))],
  [0x05, filecoinModexpGas],
  [0x06, () => 910_000],
  [0x07, bn254MultiplyGas],
  [0x08, ({ length }) => perItem(Math.floor(length / 192), 39_000, 371_270_000, 356_170_000)],
  [0x09, blake2fGas],
  [0x0b, () => 2_611_000],
  [0x0c, ({ length }) => multiplesGas(Math.floor(length / 160), G1_MULTIPLES)],
  [0x0d, () => 4_394_000],
  [0x0e, ({ length }) => multiplesGas(Math.floor(length / 288), G2_MULTIPLES)],
  [0x0f, ({ length }) => perItem(Math.floor(length / 384), 600, 328_300_000, 366_134_000)],
  [0x10, () => 35_556_000],
  [0x11, () => 134_454_000],
  [0x0100, ({ length }) => (length === 160 ? 105_030_000 : 560)],
])

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

const BN254_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

function blake2fGas(input: Uint8Array): number {
  if (input.length !== 213) return 600
  return 2_540 + 2_080 * new DataView(input.buffer, input.byteOffset, 4).getUint32(0)
}
