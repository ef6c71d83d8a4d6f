/** @module Instructions as data: what each takes and gives, and which of them a fork has. */
import { EvmError } from '../errors.ts'

/** One instruction. */
export interface Instruction {
  readonly opcode: number
  /** As in the yellow paper, in capitals: `ADD`, `PUSH1`. */
  readonly name: string
  /** How many words it takes off the stack, or needs there. */
  readonly takes: number
  /** How many it leaves in their place. */
  readonly gives: number
}

/** The instructions of a fork. Bytes that are none of them halt a frame with `undefined-opcode`; INVALID is one, and halts it with `invalid`. */
export interface InstructionSet {
  readonly name: string
  /** By opcode, 256 places. */
  readonly instructions: ReadonlyArray<Instruction | undefined>
}

/** Opcode, name, words taken, words given. */
const FRONTIER_TO_PETERSBURG: ReadonlyArray<
  readonly [opcode: number, name: string, takes: number, gives: number]
> = [
  [0x00, 'STOP', 0, 0],
  [0x01, 'ADD', 2, 1],
  [0x02, 'MUL', 2, 1],
  [0x03, 'SUB', 2, 1],
  [0x04, 'DIV', 2, 1],
  [0x05, 'SDIV', 2, 1],
  [0x06, 'MOD', 2, 1],
  [0x07, 'SMOD', 2, 1],
  [0x08, 'ADDMOD', 3, 1],
  [0x09, 'MULMOD', 3, 1],
  [0x0a, 'EXP', 2, 1],
  [0x0b, 'SIGNEXTEND', 2, 1],
  [0x10, 'LT', 2, 1],
  [0x11, 'GT', 2, 1],
  [0x12, 'SLT', 2, 1],
  [0x13, 'SGT', 2, 1],
  [0x14, 'EQ', 2, 1],
  [0x15, 'ISZERO', 1, 1],
  [0x16, 'AND', 2, 1],
  [0x17, 'OR', 2, 1],
  [0x18, 'XOR', 2, 1],
  [0x19, 'NOT', 1, 1],
  [0x1a, 'BYTE', 2, 1],
  [0x1b, 'SHL', 2, 1],
  [0x1c, 'SHR', 2, 1],
  [0x1d, 'SAR', 2, 1],
  [0x20, 'KECCAK256', 2, 1],
  [0x30, 'ADDRESS', 0, 1],
  [0x31, 'BALANCE', 1, 1],
  [0x32, 'ORIGIN', 0, 1],
  [0x33, 'CALLER', 0, 1],
  [0x34, 'CALLVALUE', 0, 1],
  [0x35, 'CALLDATALOAD', 1, 1],
  [0x36, 'CALLDATASIZE', 0, 1],
  [0x37, 'CALLDATACOPY', 3, 0],
  [0x38, 'CODESIZE', 0, 1],
  [0x39, 'CODECOPY', 3, 0],
  [0x3a, 'GASPRICE', 0, 1],
  [0x3b, 'EXTCODESIZE', 1, 1],
  [0x3c, 'EXTCODECOPY', 4, 0],
  [0x3d, 'RETURNDATASIZE', 0, 1],
  [0x3e, 'RETURNDATACOPY', 3, 0],
  [0x3f, 'EXTCODEHASH', 1, 1],
  [0x40, 'BLOCKHASH', 1, 1],
  [0x41, 'COINBASE', 0, 1],
  [0x42, 'TIMESTAMP', 0, 1],
  [0x43, 'NUMBER', 0, 1],
  [0x44, 'PREVRANDAO', 0, 1],
  [0x45, 'GASLIMIT', 0, 1],
  [0x50, 'POP', 1, 0],
  [0x51, 'MLOAD', 1, 1],
  [0x52, 'MSTORE', 2, 0],
  [0x53, 'MSTORE8', 2, 0],
  [0x54, 'SLOAD', 1, 1],
  [0x55, 'SSTORE', 2, 0],
  [0x56, 'JUMP', 1, 0],
  [0x57, 'JUMPI', 2, 0],
  [0x58, 'PC', 0, 1],
  [0x59, 'MSIZE', 0, 1],
  [0x5a, 'GAS', 0, 1],
  [0x5b, 'JUMPDEST', 0, 0],
  [0xf0, 'CREATE', 3, 1],
  [0xf1, 'CALL', 7, 1],
  [0xf2, 'CALLCODE', 7, 1],
  [0xf3, 'RETURN', 2, 0],
  [0xf4, 'DELEGATECALL', 6, 1],
  [0xf5, 'CREATE2', 4, 1],
  [0xfa, 'STATICCALL', 6, 1],
  [0xfd, 'REVERT', 2, 0],
  [0xfe, 'INVALID', 0, 0],
  [0xff, 'SELFDESTRUCT', 1, 0],
]

function row(opcode: number, name: string, takes: number, gives: number): Instruction {
  return { opcode, name, takes, gives }
}

const PETERSBURG: readonly Instruction[] = [
  ...FRONTIER_TO_PETERSBURG.map((entry) => row(...entry)),
  ...Array.from({ length: 32 }, (_, index) => row(0x60 + index, `PUSH${index + 1}`, 0, 1)),
  ...Array.from({ length: 16 }, (_, index) => row(0x80 + index, `DUP${index + 1}`, index + 1, index + 2)),
  ...Array.from({ length: 16 }, (_, index) => row(0x90 + index, `SWAP${index + 1}`, index + 2, index + 2)),
  ...Array.from({ length: 5 }, (_, index) => row(0xa0 + index, `LOG${index}`, index + 2, 0)),
]

/** What later instructions are, by name. */
const LATER = {
  CLZ: row(0x1e, 'CLZ', 1, 1),
  CHAINID: row(0x46, 'CHAINID', 0, 1),
  SELFBALANCE: row(0x47, 'SELFBALANCE', 0, 1),
  BASEFEE: row(0x48, 'BASEFEE', 0, 1),
  BLOBHASH: row(0x49, 'BLOBHASH', 1, 1),
  BLOBBASEFEE: row(0x4a, 'BLOBBASEFEE', 0, 1),
  TLOAD: row(0x5c, 'TLOAD', 1, 1),
  TSTORE: row(0x5d, 'TSTORE', 2, 0),
  MCOPY: row(0x5e, 'MCOPY', 3, 0),
  PUSH0: row(0x5f, 'PUSH0', 0, 1),
}

/**
 * A set of another one: with more instructions, and without some.
 *
 * @throws {EvmError} `evm/bad-table` where an added one is there already, or a removed one is not
 */
export function deriveInstructionSet(
  from: InstructionSet,
  name: string,
  added: readonly Instruction[],
  removed: readonly number[] = [],
): InstructionSet {
  const instructions = [...from.instructions]
  for (const opcode of removed) {
    if (instructions[opcode] === undefined)
      throw new EvmError('evm/bad-table', `${name}: no instruction ${opcode} to remove`)
    instructions[opcode] = undefined
  }
  for (const instruction of added) {
    if (instructions[instruction.opcode] !== undefined) {
      throw new EvmError('evm/bad-table', `${name}: ${instruction.name} is there already`)
    }
    instructions[instruction.opcode] = instruction
  }
  return { name, instructions }
}

const NONE: InstructionSet = { name: 'none', instructions: Array.from({ length: 256 }, () => undefined) }

/** Istanbul, and Berlin, which changed prices only. */
export const ISTANBUL_INSTRUCTIONS: InstructionSet = deriveInstructionSet(NONE, 'istanbul', [
  ...PETERSBURG,
  LATER.CHAINID,
  LATER.SELFBALANCE,
])
/** London, and Paris, which gave 0x44 another meaning only. */
export const LONDON_INSTRUCTIONS: InstructionSet = deriveInstructionSet(ISTANBUL_INSTRUCTIONS, 'london', [
  LATER.BASEFEE,
])
export const SHANGHAI_INSTRUCTIONS: InstructionSet = deriveInstructionSet(LONDON_INSTRUCTIONS, 'shanghai', [
  LATER.PUSH0,
])
/** Cancun, and Prague. */
export const CANCUN_INSTRUCTIONS: InstructionSet = deriveInstructionSet(SHANGHAI_INSTRUCTIONS, 'cancun', [
  LATER.BLOBHASH,
  LATER.BLOBBASEFEE,
  LATER.TLOAD,
  LATER.TSTORE,
  LATER.MCOPY,
])
export const OSAKA_INSTRUCTIONS: InstructionSet = deriveInstructionSet(CANCUN_INSTRUCTIONS, 'osaka', [
  LATER.CLZ,
])
/**
 * What Filecoin's EVM actor has: Osaka's without CALLCODE and blobs.
 *
 * Source: builtin-actors actors/evm/src/interpreter/execution.rs, v18.
 */
export const FILECOIN_INSTRUCTIONS: InstructionSet = deriveInstructionSet(
  OSAKA_INSTRUCTIONS,
  'filecoin',
  [],
  [0xf2, 0x49, 0x4a],
)
