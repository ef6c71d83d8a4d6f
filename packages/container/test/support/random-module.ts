/**
 * @module Random modules that are valid, for comparing instrumentations: nested control flow, branches of all kinds, code that cannot be reached,
 * direct and indirect calls, calls of the host, bulk instructions, floats whose bits are never looked at.
 */
import { body, name, s64, section, u32, vector, wasm } from './wasm-builder.ts'

const I32 = 0x7f
const I64 = 0x7e
const F32 = 0x7d
const F64 = 0x7c
const VOID = 0x40

/** Function types of every module, by index; the first is that of `invoke`, of the host function, and of most others. */
const TYPES: readonly (readonly [params: readonly number[], results: readonly number[]])[] = [
  [[I32], [I32]],
  [[], []],
  [[I32, I64], [I64]],
  [[F64, F32], [F64]],
  [[], [I32]],
]

/** A random number generator with a seed (mulberry32). */
export function random(seed: number): (limit: number) => number {
  let state = seed | 0
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

/** What a random module is made with. */
export interface RandomOptions {
  /** Whether instructions and segments that only newer generations know may occur. */
  readonly extended: boolean
  /** Whether code that cannot be reached may hold anything, which instrumentation may refuse. */
  readonly wildDeadCode?: boolean
}

/** A random module: imports `host.f`, exports `invoke`, `memory` and `table`. */
export function randomModule(seed: number, options: RandomOptions): Uint8Array<ArrayBuffer> {
  const roll = random(seed)
  const functions = [0, ...Array.from({ length: 1 + roll(6) }, () => roll(TYPES.length))]
  const generator = new Generator(roll, functions, options)
  const bodies = functions.map((type) => generator.function(type))
  const declared = roll(3) === 0 ? 2 : 6
  const tableFunctions = functions.map((_, i) => 1 + i).filter(() => roll(2) === 0)
  const elements = [[0, 0x41, 0, 0x0b, ...vector(tableFunctions.map(u32))]]
  if (options.extended) elements.push([1, 0, ...vector([u32(1 + roll(functions.length))])])
  const start = functions.indexOf(1)
  return wasm(
    section(
      1,
      vector(
        TYPES.map(([params, results]) => [0x60, ...vector(params.map(one)), ...vector(results.map(one))]),
      ),
    ),
    section(2, vector([[...name('host'), ...name('f'), 0, 0]])),
    section(3, vector(functions.map(u32))),
    section(4, vector([[0x70, 1, 8, 12]])),
    section(5, vector([[1, 1, declared]])),
    section(
      6,
      vector([
        [I32, 1, 0x41, ...s64(roll(100)), 0x0b],
        [I64, 1, 0x42, ...s64(roll(100)), 0x0b],
      ]),
    ),
    section(
      7,
      vector([
        [...name('invoke'), 0, 1],
        [...name('memory'), 2, 0],
        [...name('table'), 1, 0],
      ]),
    ),
    start >= 0 && roll(3) === 0 ? section(8, u32(1 + start)) : [],
    section(9, vector(elements)),
    section(12, [2]),
    section(10, vector(bodies)),
    section(
      11,
      vector([
        [0, 0x41, 16, 0x0b, 3, 1, 2, 3],
        [1, 2, 7, 8],
      ]),
    ),
  )
}

function one(byte: number): number[] {
  return [byte]
}

/** A control block that is open: what it leaves, and what a branch to it takes along. */
interface Frame {
  readonly branch: readonly number[]
}

class Generator {
  readonly #roll: (limit: number) => number
  readonly #functions: readonly number[]
  readonly #options: RandomOptions
  #code: number[] = []
  #locals: readonly number[] = []
  #frames: Frame[] = []
  #fuel = 0

  constructor(roll: (limit: number) => number, functions: readonly number[], options: RandomOptions) {
    this.#roll = roll
    this.#functions = functions
    this.#options = options
  }

  function(type: number): number[] {
    const [params, results] = TYPES[type] as (typeof TYPES)[number]
    const groups = Array.from({ length: this.#roll(4) }, () => [1 + this.#roll(3), this.#type()] as const)
    this.#locals = [
      ...params,
      ...groups.flatMap(([count, local]) => Array.from({ length: count }, () => local)),
    ]
    this.#frames = [{ branch: results }]
    this.#code = []
    this.#fuel = 10 + this.#roll(60)
    this.#block(results)
    return body(groups, this.#code)
  }

  #emit(...bytes: readonly number[]): void {
    for (const byte of bytes) this.#code.push(byte)
  }

  #type(): number {
    return [I32, I32, I64, F32, F64][this.#roll(5)] as number
  }

  /** Statements, then what the block leaves. */
  #block(results: readonly number[]): unknown {
    for (let i = this.#roll(5); i > 0 && this.#fuel > 0; i--)
      if (this.#statement()) return this.#dead(results)
    for (const type of results) this.#expression(type)
  }

  /** Code that cannot be reached, up to the end of a block. */
  #dead(results: readonly number[]): unknown {
    if (this.#options.wildDeadCode !== true && this.#roll(2) === 0) {
      for (const type of results) this.#expression(type)
      return
    }
    for (let i = this.#roll(5); i > 0; i--) this.#deadStatement()
    // The stack is polymorphic: nothing has to be there for the block to end.
    if (this.#roll(2) === 0) for (const type of results) this.#expression(type)
  }

  #deadStatement(): unknown {
    switch (this.#roll(this.#options.wildDeadCode === true ? 8 : 3)) {
      case 0:
        return this.#emit(0x1a) // drop
      case 1:
        this.#statement()
        return
      case 2:
        return this.#emit(0x6a, 0x1a) // i32.add, drop
      case 3:
        return this.#emit(0x1b, 0x1a) // select, drop
      case 4:
        return this.#emit(0xfc, 0x0a, 0, 0) // memory.copy
      case 5:
        return this.#emit(0x36, 2, 0) // i32.store
      case 6:
        return this.#emit(0x0c, ...u32(this.#roll(this.#frames.length))) // br
      default:
        return this.#emit(0x02, VOID, 0x00, 0x1a, 0x0b) // block, unreachable, drop, end
    }
  }

  /** @returns whether what follows cannot be reached */
  #statement(): boolean {
    this.#fuel--
    switch (this.#roll(16)) {
      case 0:
        return this.#control()
      case 1:
        return this.#control()
      case 2:
        this.#emit(0x01)
        return false
      case 3:
        return this.#branch()
      case 4:
        this.#expression(I32)
        return this.#conditionalBranch()
      case 5:
        return this.#branchTable()
      case 6:
        if (this.#roll(4) !== 0) break
        this.#emit(0x00)
        return true
      case 7:
        this.#bulk()
        return false
      case 8:
        this.#call(1 + this.#roll(this.#functions.length))
        return false
      case 9:
        this.#callIndirect()
        return false
      case 10:
        this.#table()
        return false
    }
    this.#assign()
    return false
  }

  #assign(): unknown {
    const kind = this.#roll(4)
    if (kind === 0) {
      const index = this.#roll(2)
      this.#expression(index === 0 ? I32 : I64)
      return this.#emit(0x24, index)
    }
    if (kind === 1) {
      this.#address()
      this.#expression(I64)
      return this.#emit(0x37, 3, ...u32(this.#roll(70_000)))
    }
    if (this.#locals.length > 0 && kind === 2) {
      const index = this.#roll(this.#locals.length)
      this.#expression(this.#locals[index] as number)
      return this.#emit(0x21, index)
    }
    this.#expression(this.#type())
    this.#emit(0x1a)
  }

  #address(): void {
    this.#expression(I32)
    if (this.#roll(3) !== 0) this.#emit(0x41, ...s64(0x7fff), 0x71)
  }

  #control(): boolean {
    const results = this.#roll(3) === 0 ? [this.#type()] : []
    const type = results[0] ?? VOID
    const kind = this.#roll(3)
    if (kind === 2) this.#expression(I32)
    this.#emit(0x02 + kind, type)
    this.#frames.push({ branch: kind === 1 ? [] : results })
    this.#block(results)
    if (kind === 2 && (results.length > 0 || this.#roll(2) === 0)) {
      this.#emit(0x05)
      this.#block(results)
    }
    this.#frames.pop()
    this.#emit(0x0b)
    for (const _ of results) this.#emit(0x1a)
    return false
  }

  #frame(label: number): Frame {
    return this.#frames[this.#frames.length - 1 - label] as Frame
  }

  #branch(): boolean {
    if (this.#roll(3) !== 0) return false
    if (this.#roll(3) === 0) {
      for (const type of this.#frame(this.#frames.length - 1).branch) this.#expression(type)
      this.#emit(0x0f)
      return true
    }
    const label = this.#roll(this.#frames.length)
    for (const type of this.#frame(label).branch) this.#expression(type)
    this.#emit(0x0c, label)
    return true
  }

  #conditionalBranch(): boolean {
    const label = this.#roll(this.#frames.length)
    const { branch } = this.#frame(label)
    if (branch.length > 0) {
      this.#emit(0x1a)
      for (const type of branch) this.#expression(type)
      this.#expression(I32)
      this.#emit(0x0d, label)
      for (const _ of branch) this.#emit(0x1a)
    } else {
      this.#emit(0x0d, label)
    }
    return false
  }

  #branchTable(): boolean {
    if (this.#roll(3) !== 0) return false
    const fallback = this.#roll(this.#frames.length)
    const { branch } = this.#frame(fallback)
    const fitting = this.#frames
      .map((_, label) => label)
      .filter((label) => String(this.#frame(label).branch) === String(branch))
    const labels = Array.from({ length: this.#roll(4) }, () => fitting[this.#roll(fitting.length)] as number)
    for (const type of branch) this.#expression(type)
    this.#expression(I32)
    this.#emit(0x0e, ...vector(labels.map(u32)), ...u32(fallback))
    return true
  }

  /** Pushes one value. */
  #expression(type: number): unknown {
    this.#fuel--
    if (this.#fuel < 0 || this.#roll(4) === 0) return this.#leaf(type)
    if (type === I32) return this.#i32()
    if (type === I64) return this.#i64()
    this.#float(type)
  }

  #leaf(type: number): unknown {
    const fitting = this.#locals.map((local, i) => (local === type ? i : -1)).filter((i) => i >= 0)
    if (fitting.length > 0 && this.#roll(3) !== 0)
      return this.#emit(0x20, fitting[this.#roll(fitting.length)] as number)
    if (type === I32)
      return this.#emit(0x41, ...s64(this.#roll(5) === 0 ? this.#roll(2 ** 31) - 2 ** 30 : this.#roll(9) - 1))
    if (type === I64) return this.#emit(0x42, ...s64(this.#roll(1000) - 500))
    this.#emit(
      type === F32 ? 0x43 : 0x44,
      ...Array.from({ length: type === F32 ? 4 : 8 }, () => this.#roll(256)),
    )
  }

  #i32(): unknown {
    switch (this.#roll(10)) {
      case 0:
        this.#address()
        return this.#emit(0x28, 2, ...u32(this.#roll(70_000)))
      case 1:
        this.#expression(I64)
        return this.#emit(0xa7)
      case 2:
        return this.#call(this.#ofType(0), true)
      case 3:
        return this.#emit(0x3f, 0)
      case 4:
        if (this.#roll(2) === 0) this.#emit(0x41, this.#roll(4))
        else this.#expression(I32)
        return this.#emit(0x40, 0)
      case 5: {
        const type = this.#roll(2) === 0 ? F32 : F64
        this.#expression(type)
        this.#expression(type)
        return this.#emit(type === F32 ? 0x5d : 0x63)
      }
      case 6:
        this.#expression(I32)
        this.#expression(I32)
        this.#expression(I32)
        return this.#emit(0x1b)
      case 7:
        return this.#emit(0x23, 0)
      case 8:
        this.#expression(I32)
        return this.#emit(0x10, 0) // the host
      default:
        this.#expression(I32)
        this.#expression(I32)
        this.#emit([0x6a, 0x6b, 0x6c, 0x71, 0x6d, 0x70, 0x46][this.#roll(7)] as number)
    }
  }

  #i64(): unknown {
    switch (this.#roll(5)) {
      case 0:
        this.#expression(I32)
        return this.#emit(0xad)
      case 1:
        return this.#emit(0x23, 1)
      case 2:
        this.#address()
        return this.#emit(0x29, 3, 8)
      case 3:
        if (this.#options.extended) {
          this.#expression(I64)
          return this.#emit(0xc3)
        }
    }
    this.#expression(I64)
    this.#expression(I64)
    this.#emit([0x7c, 0x7d, 0x7e, 0x83, 0x7f][this.#roll(5)] as number)
  }

  #float(type: number): unknown {
    if (this.#roll(6) === 0) {
      this.#expression(type === F32 ? F64 : F32)
      return this.#emit(type === F32 ? 0xb6 : 0xbb)
    }
    this.#expression(type)
    if (this.#roll(2) === 0) return this.#emit((type === F32 ? 0x8b : 0x99) + this.#roll(7))
    this.#expression(type)
    // copysign would let the sign of a NaN be seen.
    this.#emit((type === F32 ? 0x92 : 0xa0) + this.#roll(6))
  }

  #ofType(type: number): number {
    const fitting = this.#functions.map((entry, i) => (entry === type ? 1 + i : 0)).filter((i) => i > 0)
    return fitting[this.#roll(fitting.length)] as number
  }

  /** Calls a function, and drops what it leaves unless that is wanted. */
  #call(index: number, keepsResult = false): void {
    const type = this.#functions[index - 1] as number
    const [params, results] = TYPES[type] as (typeof TYPES)[number]
    for (const param of params) this.#expression(param)
    this.#emit(0x10, ...u32(index))
    if (!keepsResult) for (const _ of results) this.#emit(0x1a)
  }

  #callIndirect(): void {
    const type = this.#roll(TYPES.length)
    const [params, results] = TYPES[type] as (typeof TYPES)[number]
    for (const param of params) this.#expression(param)
    this.#emit(0x41, ...s64(this.#roll(9)), 0x11, type, 0)
    for (const _ of results) this.#emit(0x1a)
  }

  #size(): unknown {
    if (this.#roll(2) === 0) return this.#emit(0x41, ...s64(this.#roll(40)))
    this.#expression(I32)
    this.#emit(0x41, ...s64(0xff), 0x71)
  }

  #bulk(): unknown {
    const kind = this.#roll(this.#options.extended ? 4 : 3)
    if (kind === 3) return this.#emit(0xfc, 9, 1) // data.drop
    this.#address()
    this.#address()
    this.#size()
    if (kind === 0) this.#emit(0xfc, 0x0a, 0, 0)
    else if (kind === 1) this.#emit(0xfc, 0x0b, 0)
    else this.#emit(0xfc, 0x08, this.#options.extended ? 1 : 0, 0)
  }

  #table(): unknown {
    if (!this.#options.extended) return
    switch (this.#roll(5)) {
      case 0:
        return this.#emit(0xfc, 16, 0, 0x1a) // table.size
      case 1:
        this.#emit(0x41, this.#roll(9), 0x25, 0) // table.get
        this.#size()
        return this.#emit(0xfc, 15, 0, 0x1a) // table.grow
      case 2:
        this.#emit(0x41, this.#roll(9), 0x41, this.#roll(9), 0x25, 0)
        return this.#emit(0x26, 0) // table.set
      case 3:
        this.#emit(0x41, this.#roll(9), 0x41, 0, 0x41, this.#roll(2))
        return this.#emit(0xfc, 12, 1, 0) // table.init
      default:
        this.#emit(0x41, this.#roll(9), 0x41, this.#roll(9), 0x41, this.#roll(4))
        return this.#emit(0xfc, 14, 0, 0) // table.copy
    }
  }
}
