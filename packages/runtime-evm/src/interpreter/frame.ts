/** @module One execution of code: what it is given, what it works with, and how it ends. */
import type { Code } from './code.ts'
import type { Host } from './host.ts'
import { Memory } from './memory.ts'
import { fromWord, toWord, type Word } from './word.ts'

/** Gas, shared by an interpreter, its schedule and its host: a whole number of units, at most 2^53-1. */
export interface GasCounter {
  /** What is left. Exact while a host or a schedule is asked; behind the interpreter's own count in between. */
  left: number
}

/** Why a frame stopped. The first four are the code's own wish, the others errors. */
export type HaltKind =
  | 'stop'
  | 'return'
  /** REVERT: changes are undone, the output tells why. */
  | 'revert'
  | 'self-destruct'
  | 'out-of-gas'
  | 'stack-underflow'
  | 'stack-overflow'
  /** A jump to what is no JUMPDEST. */
  | 'bad-jump'
  /** INVALID, 0xfe. */
  | 'invalid'
  /** A byte that is no instruction of the set. */
  | 'undefined-opcode'
  /** A change within a static call. */
  | 'static-violation'
  /** Memory whose offset, size or end does not fit 32 bits. Ethereum calls it out of gas. */
  | 'illegal-memory'
  /** RETURNDATACOPY of more than there is. */
  | 'return-data-bounds'
  /** Memory beyond {@link GasSchedule.memoryLimit}. */
  | 'memory-limit'
  /** Code of a constructor beyond {@link GasSchedule.initCodeLimit}. */
  | 'init-code-limit'

/** How a frame ended. What gas is left stands in its counter: after an error too, where Ethereum takes it all. */
export interface Result {
  readonly halt: HaltKind
  /** What RETURN or REVERT gave; empty otherwise. Fresh. */
  readonly output: Uint8Array
}

/** What a frame is made of. */
export interface FrameOptions<H extends Host = Host> {
  readonly code: Code
  readonly input: Uint8Array
  /** The contract that executes: whose storage it is. */
  readonly address: bigint
  readonly caller: bigint
  readonly value: bigint
  readonly isStatic: boolean
  /** 0 for the outermost frame. */
  readonly depth: number
  readonly gas: GasCounter
  readonly host: H
}

/** One execution of code. An interpreter runs it once. */
export class Frame<H extends Host = Host> {
  readonly code: Code
  readonly input: Uint8Array
  readonly address: bigint
  readonly caller: bigint
  readonly value: bigint
  /** {@link value}, as it is pushed. */
  readonly valueWord: Word
  readonly isStatic: boolean
  readonly depth: number
  readonly gas: GasCounter
  readonly host: H
  readonly memory: Memory = new Memory()
  /** What the last call returned. */
  returnData: Uint8Array = EMPTY
  /** Offset of the instruction that runs. Exact where a listener or a schedule's `dynamic` looks; behind otherwise. */
  pc = 0
  /** The stack, lowest first, of which `height` entries count. Exact where {@link pc} is. */
  stack: readonly Word[] = []
  height = 0

  constructor(options: FrameOptions<H>) {
    this.code = options.code
    this.input = options.input
    this.address = options.address
    this.caller = options.caller
    this.value = options.value
    this.valueWord = toWord(options.value)
    this.isStatic = options.isStatic
    this.depth = options.depth
    this.gas = options.gas
    this.host = options.host
  }

  /** The word `below` places under the top of the stack, unsigned; 0 where the stack is not that high. */
  peek(below: number): bigint {
    return below < this.height ? fromWord(this.stack[this.height - 1 - below] as Word) : 0n
  }
}

const EMPTY = new Uint8Array(0)

/**
 * Is told of every instruction before it runs, and before its gas is taken: also of one that then fails for want of gas or stack. The frame's `pc`,
 * `gas.left`, `stack`, `height`, `memory` and `returnData` are exact then, and not for it to change.
 */
export type StepListener<H extends Host = Host> = (frame: Frame<H>, opcode: number) => void
