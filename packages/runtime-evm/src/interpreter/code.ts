import type { Word } from './word.ts'
import { wordOf } from './word-bytes.ts'

const JUMPDEST = 0x5b
const PUSH1 = 0x60
const PUSH32 = 0x7f
/** Shorter constants are made of their bytes each time, which is as fast as a look-up. */
const SHORTEST_KEPT = 4

/** Zeros behind code, so that a PUSH32 at its end is read, and a STOP after it. */
const PADDING = 33

/** What reading code once tells: where it may be jumped to, and its long constants. */
export interface CodeAnalysis {
  /** The code and 33 zeros. */
  readonly padded: Uint8Array
  /** 1 for each byte that is a JUMPDEST, and not data of a PUSH. */
  readonly isJumpDestination: Uint8Array
  /** For each PUSH4 to PUSH32, the place of its constant in {@link constants}. */
  readonly constantAt: Uint32Array
  readonly constants: readonly Word[]
}

/**
 * Code to run, with what is known of it. Worth keeping by hash or CID, since it reads itself once, when it first runs.
 *
 * Its bytes must not change. It takes about seven times as many bytes as its code has.
 */
export class Code {
  readonly bytes: Uint8Array
  #analysis: CodeAnalysis | undefined

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get analysis(): CodeAnalysis {
    this.#analysis ??= analyse(this.bytes)
    return this.#analysis
  }
}

/** Reads code once. Takes time linear in its length. */
function analyse(bytes: Uint8Array): CodeAnalysis {
  const padded = new Uint8Array(bytes.length + PADDING)
  padded.set(bytes)
  const isJumpDestination = new Uint8Array(bytes.length)
  const constantAt = new Uint32Array(bytes.length)
  const constants: Word[] = []
  for (let pc = 0; pc < bytes.length; pc++) {
    const opcode = bytes[pc] as number
    if (opcode === JUMPDEST) isJumpDestination[pc] = 1
    if (opcode < PUSH1 || opcode > PUSH32) continue
    const size = opcode - PUSH1 + 1
    if (size >= SHORTEST_KEPT) {
      constantAt[pc] = constants.length
      constants.push(wordOf(padded.subarray(pc + 1, pc + 1 + size)))
    }
    pc += size
  }
  return { padded, isJumpDestination, constantAt, constants }
}
