/**
 * Gas rules as data. The interpreter knows no price: Ethereum's forks and Filecoin's actor are schedules of one shape.
 *
 * All costs are whole numbers of the unit that the frame's counter counts (gas, or milligas), each at most 2^53-1; `Infinity` is what nobody can
 * pay. What a cost depends on besides operands that the interpreter has at hand (whether a slot is warm, whether an account is there)
 * a schedule asks of the frame's host, which is of its own kind.
 *
 * @module
 */
import type { Frame } from './frame.ts'
import type { CallKind, Host } from './host.ts'
import type { Word } from './word.ts'

/** What instructions cost. */
export interface GasSchedule<H extends Host = Host> {
  /** For errors and reports: `cancun`, `fvm`. */
  readonly name: string
  /** What each of the 256 instructions costs at least; charged before it runs. */
  readonly base: Float64Array

  /** What memory of `words` words of 32 bytes costs in all: `linear * words + floor(words² / quadraticDivisor)`. `undefined` where it is free. */
  readonly memory: { readonly linear: number; readonly quadraticDivisor: number } | undefined
  /** Is told when memory grows, in bytes, multiples of 32; returns what that costs besides {@link memory}, which is paid by then. For schedules that count memory otherwise. */
  readonly memoryGrowth?: (frame: Frame<H>, before: number, after: number) => number
  /** How many bytes of memory a frame may have. */
  readonly memoryLimit: number

  /** KECCAK256, and CREATE2 of its code, by word of input. */
  readonly keccakWord: number
  /** CALLDATACOPY, CODECOPY, EXTCODECOPY, RETURNDATACOPY and MCOPY by word. */
  readonly copyWord: number
  /** EXP by byte of the exponent. */
  readonly expByte: number
  /**
   * What arithmetic costs besides, by opcode, where it depends on the operands: asked for EXP, and for DIV, SDIV, MOD and SMOD whose first operand is not from 0 to 2^53-1. `b` is
   * the second operand. Absent where it costs nothing besides.
   */
  readonly arithmeticCost?: (opcode: number, a: Word, b: Word) => number
  /** LOG by byte of data. Topics are in {@link base}. */
  readonly logByte: number
  /** CREATE and CREATE2 by word of the constructor's code. */
  readonly initCodeWord: number
  /** How many bytes the constructor's code may have; `Infinity` where all that memory holds. */
  readonly initCodeLimit: number

  /**
   * What an instruction costs besides, by opcode; a table of 256, or nothing. Called before the instruction runs and before its base cost is charged,
   * with enough operands on the stack, `frame.pc` and `frame.peek` exact. A table slows down every instruction a little.
   */
  readonly dynamic?: ReadonlyArray<((frame: Frame<H>) => number) | undefined>

  // Where the cost depends on the world. Operands are as the host sees them; what is absent costs nothing besides.
  /** BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH. */
  readonly accountCost?: (frame: Frame<H>, address: bigint) => number
  readonly loadCost?: (frame: Frame<H>, key: bigint) => number
  readonly storeCost?: (frame: Frame<H>, key: bigint, value: bigint) => number
  readonly selfDestructCost?: (frame: Frame<H>, beneficiary: bigint) => number
  /** What the caller pays for calling at all. */
  readonly callCost?: (frame: Frame<H>, kind: CallKind, address: bigint, value: bigint) => number
  /**
   * How much of what the frame has left (the call itself is paid) goes to the callee, for which the code asked for `requested`. Takes it from the
   * counter; the host gives back what is not used. `undefined` in a schedule where the host does all of that.
   */
  readonly callGas?: (frame: Frame<H>, requested: Word) => number
  /** What a callee that is given value has for nothing; only where there is {@link callGas}. */
  readonly callStipend: number
  /** As {@link callGas}, for constructors. */
  readonly createGas?: (frame: Frame<H>) => number
}
