/**
 * @module Gas of contracts as Filecoin's EVM actor has it. There it is what a compiled interpreter consumes; this is a model of it, all in milligas (1,000 are one gas), and apart from
 * what syscalls cost, which is exact.
 *
 * Measured on 2026-11-30 on the official actor of release v18 at network version 28, where an instruction of Wasm costs 4 gas: most instructions of the EVM always cost the
 * same, to the milligas, and so they do here. What depends on more than the operands shown here is taken for the usual case. How far off that is, is in the README.
 */
import type { ActorGas, MethodGas } from '@troupe/runtime-native'
import type { GasSchedule } from '../interpreter/gas-schedule.ts'
import { FILECOIN_INSTRUCTIONS } from '../interpreter/instructions.ts'
import { fromWord, type Word } from '../interpreter/word.ts'
import type { ContractHost } from './contract-host.ts'

/** Around the methods. */
export const EVM_ACTOR_GAS: ActorGas = { memoryPages: 17, entry: 43_000_000, failure: 7_000_000 }

/** Of the methods, without the code that they run. */
export const EVM_METHOD_GAS: Readonly<Record<'create' | 'invoke' | 'query', MethodGas>> = {
  create: { base: 41_000_000, perParameterByte: 1_500 },
  invoke: { base: 25_000_000, perParameterByte: 1_080 },
  query: { base: 19_000_000 },
}

/** What happens around the instructions. */
export const CONTRACT_WORK = {
  /** Finding out where code may be jumped to: for each instruction of it. */
  scanInstruction: 84_400,
  /** The state is read, or written. */
  readState: 3_000_000,
  writeState: 22_000_000,
  /** A node of storage is read or written: for each, for each of its entries and links, and for each byte of it. */
  readNode: { base: 20_000_000, perPointer: 3_200_000, perByte: 220_000 },
  /** Links are read faster than their length would have it: for each, instead of all of the above but the base. */
  readLink: 9_100_000,
  writeNode: { base: 6_000_000, perPointer: 4_000_000, perByte: 90_000 },
  /** Following the path of a key through storage, for each five bits of it. */
  pathDigit: 1_300_000,
  /** Finding a word that is not zero. */
  foundWord: 4_110_000,
  /** What a call of an actor is, besides its instruction; with input and output, for each and for each byte. */
  call: 13_500_000,
  callInput: { base: 1_900_000, perByte: 500 },
  callOutput: { base: 4_600_000, perByte: 1_970 },
  /** A call that could not be made. */
  callRefused: 3_650_000,
  /** Returning bytes. */
  output: { base: 4_600_000, perByte: 1_850 },
  /** Finding out what stands at an address. */
  foreignKind: 2_800_000,
  /** Asking a contract for its code, or the hash of that. */
  foreignCode: 25_000_000,
  delegate: 27_000_000,
} as const

/** What instructions cost that always cost the same. */
const BASE: Readonly<Record<string, number>> = {
  STOP: 900_000,
  ADD: 792_000,
  MUL: 2_836_000,
  SUB: 800_000,
  DIV: 4_200_000,
  SDIV: 4_110_000,
  MOD: 4_000_000,
  SMOD: 4_120_000,
  ADDMOD: 13_000_000,
  MULMOD: 30_000_000,
  EXP: 1_400_000,
  SIGNEXTEND: 1_376_000,
  LT: 1_000_000,
  GT: 1_020_000,
  SLT: 870_000,
  SGT: 870_000,
  EQ: 940_000,
  ISZERO: 612_000,
  AND: 616_000,
  OR: 616_000,
  XOR: 616_000,
  NOT: 620_000,
  BYTE: 944_000,
  SHL: 1_630_000,
  SHR: 1_460_000,
  SAR: 2_000_000,
  CLZ: 880_000,
  KECCAK256: 3_394_000,
  ADDRESS: 1_540_000,
  BALANCE: 10_150_000,
  ORIGIN: 3_018_000,
  CALLER: 1_540_000,
  CALLVALUE: 2_724_000,
  CALLDATALOAD: 4_900_000,
  CALLDATASIZE: 452_000,
  CALLDATACOPY: 1_990_000,
  CODESIZE: 456_000,
  CODECOPY: 1_840_000,
  GASPRICE: 6_712_000,
  EXTCODESIZE: 8_500_000,
  EXTCODECOPY: 10_000_000,
  RETURNDATASIZE: 452_000,
  RETURNDATACOPY: 1_990_000,
  EXTCODEHASH: 10_200_000,
  BLOCKHASH: 5_800_000,
  COINBASE: 448_000,
  TIMESTAMP: 540_000,
  NUMBER: 756_000,
  PREVRANDAO: 1_737_000,
  GASLIMIT: 440_000,
  CHAINID: 540_000,
  SELFBALANCE: 3_316_000,
  BASEFEE: 5_804_000,
  POP: 272_000,
  MLOAD: 2_064_000,
  MSTORE: 1_378_000,
  MSTORE8: 634_000,
  SLOAD: 1_784_000,
  SSTORE: 11_900_000,
  JUMP: 352_000,
  JUMPI: 450_000,
  PC: 424_000,
  MSIZE: 452_000,
  GAS: 584_000,
  JUMPDEST: 224_000,
  TLOAD: 1_784_000,
  TSTORE: 11_900_000,
  MCOPY: 2_200_000,
  CREATE: 45_400_000,
  CALL: 12_000_000,
  RETURN: 1_200_000,
  DELEGATECALL: 12_200_000,
  CREATE2: 39_400_000,
  STATICCALL: 12_200_000,
  REVERT: 1_200_000,
  SELFDESTRUCT: 14_000_000,
}

/** PUSH0 to PUSH32, by how many bytes they push. */
const PUSH: readonly number[] = [
  ...[443_000, 568_000, 608_000, 628_000, 648_000, 668_000, 688_000, 708_000, 728_000],
  ...Array.from({ length: 24 }, (_, index) => 1_655_600 + 400 * index),
]
const DUP = 709_000
const SWAP = 676_000
const LOG = { base: 10_000_000, topic: 5_135_000 }

function costOf(name: string): number {
  if (name.startsWith('PUSH')) return PUSH[Number(name.slice(4))] ?? 0
  if (name.startsWith('DUP')) return DUP
  if (name.startsWith('SWAP')) return SWAP
  if (name.startsWith('LOG')) return LOG.base + LOG.topic * Number(name.slice(3))
  return BASE[name] ?? 0
}

const DIV = 0x04
const SMOD = 0x07
const EXP = 0x0a
const WORD_BITS = 64n

/** Division works word by word of 64 bits, exponentiation bit by bit. */
function arithmeticCost(opcode: number, a: Word, b: Word): number {
  if (opcode === EXP) return exponentiationCost(fromWord(b))
  if (opcode < DIV || opcode > SMOD) return 0
  const isSigned = (opcode & 1) === 1
  const [dividend, divisor] = [wordCount(a, isSigned), wordCount(b, isSigned)]
  if (divisor === 0 || dividend < divisor) return 0
  if (divisor === 1) return dividend === 1 ? 0 : 3_050_000 * dividend - 4_870_000
  return 6_350_000 * (dividend - divisor + 1)
}

function exponentiationCost(exponent: bigint): number {
  if (exponent === 0n) return 0
  let [bits, ones] = [0, 0]
  for (let rest = exponent; rest > 0n; rest >>= 32n) {
    let part = Number(rest & 0xffff_ffffn)
    bits += rest > 0xffff_ffffn ? 32 : 32 - Math.clz32(part)
    for (; part !== 0; part &= part - 1) ones++
  }
  return 4_000_000 + 1_648_000 * (bits - 1) + 2_264_000 * (ones - 1)
}

/** How many words of 64 bits a number takes, that of its size where it is signed. */
function wordCount(word: Word, isSigned: boolean): number {
  let rest = fromWord(word)
  if (isSigned && rest >> 255n === 1n) rest = (1n << 256n) - rest
  let count = 0
  for (; rest > 0n; rest >>= WORD_BITS) count++
  return count
}

/** The actor's memory for a contract grows by whole pages of 4 KiB, and is copied where it has to move. */
const GROWTH = { base: 600_000, perByte: 815 }
/** An instance has 512 MiB, of which the actor's own data takes some. */
export const MEMORY_LIMIT: number = 2 ** 29 - 2 ** 24
/** What a byte costs that the actor makes room for: its memory grows, beyond what it has room for anyway, and is filled with zeros. */
export const ROOM: { readonly growth: number; readonly fill: number; readonly spare: number } = {
  growth: 400,
  fill: 400,
  spare: 65_536,
}

/** What instructions cost. */
export const FVM_SCHEDULE: GasSchedule<ContractHost> = {
  name: 'fvm',
  base: Float64Array.from(FILECOIN_INSTRUCTIONS.instructions, (instruction) =>
    instruction === undefined ? 0 : costOf(instruction.name),
  ),
  memory: undefined,
  memoryGrowth: ({ host }, before, after) => {
    host.takeMemory(after - before)
    return GROWTH.base + GROWTH.perByte * (after - before)
  },
  memoryLimit: MEMORY_LIMIT,
  keccakWord: 0,
  copyWord: 13_300,
  expByte: 0,
  logByte: 800,
  initCodeWord: 16_000,
  initCodeLimit: Number.POSITIVE_INFINITY,
  callStipend: 0,
  arithmeticCost,
}

/** What precompiles cost that are made of syscalls, by number, besides those: recovering a key, and two hashes. */
export const SYSCALL_PRECOMPILE_WORK: Readonly<Record<number, number>> = {
  1: 11_300_000,
  2: 2_400_000,
  3: 5_620_000,
}
