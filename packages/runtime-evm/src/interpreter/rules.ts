import { EvmError } from '../errors.ts'
import type { Frame, HaltKind, StepListener } from './frame.ts'
import type { GasSchedule } from './gas-schedule.ts'
import type { Host } from './host.ts'
import type { InstructionSet } from './instructions.ts'
import type { Word } from './word.ts'

/** How many words a stack holds. */
export const STACK_LIMIT = 1024
/** More than any stack holds: what an instruction needs that is none. */
const NEVER = 0xffff

/** What an interpreter runs by: an instruction set and a gas schedule as flat tables, and what both need. */
export interface Rules<H extends Host = Host> {
  /** How high the stack must be, by opcode. */
  readonly least: Uint16Array
  /** How high it may be. */
  readonly most: Uint16Array
  /** How much higher it is after. */
  readonly growth: Int8Array
  readonly base: Float64Array
  readonly schedule: GasSchedule<H>
  readonly instructions: InstructionSet
  readonly keccak256: (data: Uint8Array) => Uint8Array
  readonly listener: StepListener<H> | undefined
  /** 32 bytes for whoever needs them at once, and their view. */
  readonly scratch: Uint8Array
  readonly scratchView: DataView
}

/**
 * An instruction that is done outside of the interpreter's loop. It finds its operands on top of the stack, `height` entries high, and leaves
 * what it gives there in the place of the lowest of them. Gas is counted in the frame's counter meanwhile.
 */
export type Operation = (rules: Rules, frame: Frame, stack: Word[], height: number) => HaltKind | undefined

/** @throws {EvmError} `evm/bad-table` where the schedule's tables are not of 256 rows */
export function createRules<H extends Host>(
  instructions: InstructionSet,
  schedule: GasSchedule<H>,
  keccak256: (data: Uint8Array) => Uint8Array,
  listener: StepListener<H> | undefined,
): Rules<H> {
  const { base, dynamic } = schedule
  if (base.length !== 256 || (dynamic !== undefined && dynamic.length !== 256)) {
    throw new EvmError('evm/bad-table', `gas schedule ${schedule.name} has not 256 rows`)
  }
  const least = new Uint16Array(256).fill(NEVER)
  const most = new Uint16Array(256).fill(NEVER)
  const growth = new Int8Array(256)
  for (const instruction of instructions.instructions) {
    if (instruction === undefined) continue
    const { opcode, takes, gives } = instruction
    least[opcode] = takes
    growth[opcode] = gives - takes
    most[opcode] = STACK_LIMIT - Math.max(0, gives - takes)
  }
  const scratch = new Uint8Array(32)
  const scratchView = new DataView(scratch.buffer)
  return { least, most, growth, base, schedule, instructions, keccak256, listener, scratch, scratchView }
}
