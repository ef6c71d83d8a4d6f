/** @module The instructions that only take values and leave values, in one table: what a quick reader has to know of each. */
import {
  CANONICALISED,
  IMMEDIATES,
  Immediate,
  OBSERVABLE,
  Op,
  POPS,
  PUSHES,
  SIGN_EXTENSION,
} from './opcodes.ts'

/** What follows the opcode, in the lowest bits of an entry; 0 for an instruction that is not plain. */
export const PlainKind = {
  NONE: 1,
  LOCAL: 2,
  GLOBAL: 3,
  INTEGER: 4,
  F32: 5,
  F64: 6,
  MEMORY_ARGUMENT: 7,
  MASK: 7,
} as const

/** Where the other parts of an entry are. */
export const PlainShift = {
  /** Two bits. */
  POPS: 3,
  /** One bit, as those that follow. */
  PUSHES: 5,
  /** Whether it may trap. */
  OBSERVABLE: 6,
  /** Whether its result is canonicalised. */
  FLOAT: 7,
} as const

const KINDS: Readonly<Record<number, number>> = {
  [Immediate.LOCAL]: PlainKind.LOCAL,
  [Immediate.GLOBAL]: PlainKind.GLOBAL,
  [Immediate.I32]: PlainKind.INTEGER,
  [Immediate.I64]: PlainKind.INTEGER,
  [Immediate.F32]: PlainKind.F32,
  [Immediate.F64]: PlainKind.F64,
  [Immediate.MEMORY_ARGUMENT]: PlainKind.MEMORY_ARGUMENT,
}

/** An entry for each one-byte opcode, 0 for those that are not plain or not in all generations. */
export const PLAIN: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, opcode) => {
  const kind = kindOf(opcode)
  if (kind === 0) return 0
  const isFloat = CANONICALISED[opcode] === 0 ? 0 : 1
  return (
    kind |
    ((POPS[opcode] as number) << PlainShift.POPS) |
    ((PUSHES[opcode] as number) << PlainShift.PUSHES) |
    ((OBSERVABLE[opcode] as number) << PlainShift.OBSERVABLE) |
    (isFloat << PlainShift.FLOAT)
  )
})

function kindOf(opcode: number): number {
  if (opcode === Op.NOP || opcode === Op.DROP) return PlainKind.NONE
  const immediate = IMMEDIATES[opcode] as number
  if (immediate === Immediate.NONE)
    return opcode >= Op.LOCAL_GET && opcode < SIGN_EXTENSION[0] ? PlainKind.NONE : 0
  return KINDS[immediate] ?? 0
}
