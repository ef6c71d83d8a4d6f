/** One instruction, before it runs. */
export interface Step {
  /** 0 for the outermost frame. */
  readonly depth: number
  readonly pc: number
  readonly opcode: number
  readonly gasLeft: bigint
  /** In bytes. */
  readonly memorySize: number
  readonly height: number
  /** The word `below` places under the top. */
  peek(below: number): bigint
}

/** How far down an instruction reaches: SWAP16. What is deeper was compared when it was within reach. */
const REACH = 17

/** A step as text. */
function describeStep({ depth, pc, opcode, gasLeft, memorySize, height, peek }: Step): string {
  let words = ''
  for (let below = 0; below < height && below < REACH; below++) words += ` ${peek(below).toString(16)}`
  return `depth ${depth} pc ${pc} op ${opcode.toString(16)} gas ${gasLeft} memory ${memorySize} stack ${height}:${words}`
}

/** The steps of an execution, of which only digests are kept: there may be millions. */
export class StepLog {
  readonly #wanted: number
  #digests = new Float64Array(1024)
  #length = 0
  /** The step that was asked for, as text. */
  text: string | undefined

  /** @param wanted the place of a step whose text is wanted */
  constructor(wanted = -1) {
    this.#wanted = wanted
  }

  get length(): number {
    return this.#length
  }

  add(step: Step): void {
    const text = describeStep(step)
    if (this.#length === this.#wanted) this.text = text
    if (this.#length === this.#digests.length) {
      const grown = new Float64Array(2 * this.#length)
      grown.set(this.#digests)
      this.#digests = grown
    }
    this.#digests[this.#length++] = digestOf(text)
  }

  /** The first place at which another log has another step, or only one of them has any; `undefined` where they are equal. */
  firstDifference(other: StepLog): number | undefined {
    const both = Math.min(this.#length, other.#length)
    for (let at = 0; at < both; at++) if (this.#digests[at] !== other.#digests[at]) return at
    return this.#length === other.#length ? undefined : both
  }
}

/** 53 bits of two multiplicative hashes. */
function digestOf(text: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a ^= Math.imul(b ^ (b >>> 13), 3266489909)
  b ^= Math.imul(a ^ (a >>> 16), 2246822507)
  return (b >>> 11) * 2 ** 32 + (a >>> 0)
}
