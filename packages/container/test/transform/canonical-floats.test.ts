import { dialectOf, parseModule, transform } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { ExportName, HOST_MODULE, HostImport } from '../../src/transform/names.ts'
import { random } from '../support/random-module.ts'
import { NEW } from '../support/rules.ts'
import { wat } from '../support/wat.ts'

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: Record<string, never> }
}

const CANONICAL = 0x7ff8000000000000n
const SIGN = 1n << 63n
/** f64 locals of a program, the first two of which are parameters; and 8-byte cells of its memory. */
const LOCALS = 5
const CELLS = 8

/** A program's text, the bits of what it gives, and what it does to locals and memory. */
interface Code {
  readonly text: string
  readonly run: (state: State) => bigint
}

interface State {
  readonly locals: bigint[]
  readonly cells: bigint[]
}

const view = new DataView(new ArrayBuffer(8))

function numberOf(bits: bigint): number {
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}

/** The bits of a result as the reference has them: those of a NaN are always the same. */
function bitsOf(value: number): bigint {
  if (Number.isNaN(value)) return CANONICAL
  view.setFloat64(0, value)
  return view.getBigUint64(0)
}

const CONSTANTS = [
  0n,
  SIGN,
  0x3ff0000000000000n,
  0xbff8000000000000n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x7ff8000000000000n,
  0xfff8000000000001n,
  0x7ff4000000000001n,
]
const BINARY: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ['add', (a, b) => a + b],
  ['sub', (a, b) => a - b],
  ['mul', (a, b) => a * b],
  ['div', (a, b) => a / b],
  ['min', Math.min],
  ['max', Math.max],
]
const UNARY: readonly (readonly [string, (a: number) => number])[] = [
  ['sqrt', Math.sqrt],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['trunc', Math.trunc],
]

/** A random program. */
class Generator {
  readonly #roll: (limit: number) => number

  constructor(seed: number) {
    this.#roll = random(seed)
  }

  statement(depth: number): Code {
    const value = this.expression(3)
    const kind = this.#roll(depth > 0 ? 5 : 3)
    if (kind === 0) {
      const local = this.#roll(LOCALS)
      return {
        text: `(local.set ${local} ${value.text})`,
        run: (state) => (state.locals[local] = value.run(state)),
      }
    }
    if (kind < 3) {
      const cell = this.#roll(CELLS)
      return {
        text: `(f64.store (i32.const ${cell * 8}) ${value.text})`,
        run: (state) => (state.cells[cell] = value.run(state)),
      }
    }
    const body = this.statements(depth - 1)
    if (kind === 3) {
      const text = `(if (f64.eq ${value.text} (f64.const 0)) (then ${body.text}))`
      return { text, run: (state) => (numberOf(value.run(state)) === 0 ? body.run(state) : 0n) }
    }
    const counter = `$c${depth}`
    const again = `(br_if 0 (i32.lt_u (local.tee ${counter} (i32.add (local.get ${counter}) (i32.const 1))) (i32.const 3)))`
    return {
      text: `(local.set ${counter} (i32.const 0)) (loop ${body.text} ${again})`,
      run: (state) => {
        for (let i = 0; i < 3; i++) body.run(state)
        return 0n
      },
    }
  }

  statements(depth: number): Code {
    const all = Array.from({ length: 1 + this.#roll(4) }, () => this.statement(depth))
    return {
      text: all.map(({ text }) => text).join('\n'),
      run: (state) => {
        for (const { run } of all) run(state)
        return 0n
      },
    }
  }

  expression(depth: number): Code {
    if (depth === 0 || this.#roll(5) === 0) return this.#leaf()
    const a = this.expression(depth - 1)
    switch (this.#roll(9)) {
      case 0: {
        const [name, compute] = UNARY[this.#roll(UNARY.length)] as (typeof UNARY)[number]
        return { text: `(f64.${name} ${a.text})`, run: (state) => bitsOf(compute(numberOf(a.run(state)))) }
      }
      case 1: {
        const isNegation = this.#roll(2) === 0
        return {
          text: `(f64.${isNegation ? 'neg' : 'abs'} ${a.text})`,
          run: (state) => (isNegation ? a.run(state) ^ SIGN : a.run(state) & ~SIGN),
        }
      }
      case 2:
        return { text: `(call $same ${a.text})`, run: a.run }
      case 3: {
        const local = this.#roll(LOCALS)
        return {
          text: `(local.tee ${local} ${a.text})`,
          run: (state) => (state.locals[local] = a.run(state)),
        }
      }
      case 4:
        return { text: `(f64.reinterpret_i64 (i64.reinterpret_f64 ${a.text}))`, run: a.run }
      case 5:
        return this.#choice(a, this.expression(depth - 1))
      default: {
        const b = this.expression(depth - 1)
        const [name, compute] = BINARY[this.#roll(BINARY.length)] as (typeof BINARY)[number]
        return {
          text: `(f64.${name} ${a.text} ${b.text})`,
          run: (state) => {
            const left = a.run(state)
            return bitsOf(compute(numberOf(left), numberOf(b.run(state))))
          },
        }
      }
    }
  }

  /** Two values, of which one is taken, or the sign of one. */
  #choice(a: Code, b: Code): Code {
    const condition = this.#roll(2)
    const both = (state: State): readonly [bigint, bigint] => [a.run(state), b.run(state)]
    switch (this.#roll(4)) {
      case 0: {
        const text = `(select ${a.text} ${b.text} (i32.const ${condition}))`
        return { text, run: (state) => both(state)[1 - condition] as bigint }
      }
      case 1: {
        const text = `(if (result f64) (i32.const ${condition}) (then ${a.text}) (else ${b.text}))`
        return { text, run: (state) => (condition === 1 ? a : b).run(state) }
      }
      case 2: {
        const text = `(block (result f64) (br_if 0 ${a.text} (i32.const ${condition})) (drop) ${b.text})`
        return {
          text,
          run: (state) => {
            const first = a.run(state)
            return condition === 1 ? first : b.run(state)
          },
        }
      }
      default:
        return {
          text: `(f64.copysign ${a.text} ${b.text})`,
          run: (state) => {
            const [magnitude, sign] = both(state)
            return (magnitude & ~SIGN) | (sign & SIGN)
          },
        }
    }
  }

  #leaf(): Code {
    const kind = this.#roll(4)
    if (kind === 0) {
      const bits = CONSTANTS[this.#roll(CONSTANTS.length)] as bigint
      return { text: `(f64.reinterpret_i64 (i64.const ${bits}))`, run: () => bits }
    }
    if (kind === 1) {
      const cell = this.#roll(CELLS)
      return { text: `(f64.load (i32.const ${cell * 8}))`, run: (state) => state.cells[cell] as bigint }
    }
    if (kind === 2) {
      const value = this.#roll(3) - 1
      return { text: `(f64.const ${value})`, run: () => bitsOf(value) }
    }
    const local = this.#roll(LOCALS)
    return { text: `(local.get ${local})`, run: (state) => state.locals[local] as bigint }
  }
}

/** What the body of a function leaves in memory, with the parameters NaN (of its own bits) and infinity. */
function runInWasm(body: string): BigUint64Array {
  const bytes = wat(`(module (memory (export "memory") 1)
    (func $same (param f64) (result f64) (local.get 0))
    (func $run (param f64 f64) (local f64 f64 f64) (local $c1 i32) (local $c2 i32) ${body})
    (func (export "invoke") (param i32) (result i32)
      (call $run (f64.reinterpret_i64 (i64.const ${CONSTANTS.at(-1)})) (f64.const inf)) (i32.const 0)))`)
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(transform(parseModule(bytes, dialectOf(NEW.wasm)), NEW)),
    { [HOST_MODULE]: { [HostImport.MEMORY_GROW]: () => -1 } },
  ) as unknown as {
    exports: {
      [ExportName.MEMORY]: { buffer: ArrayBuffer }
      [ExportName.INVOKE]: (value: number) => number
      [ExportName.WRITE_GAS]: (milligas: number) => void
    }
  }
  exports.writeGas(1e12)
  exports.invoke(0)
  return new BigUint64Array(exports.memory.buffer, 0, CELLS)
}

describe('a parameter', () => {
  it('keeps the bits of its NaN, and holds the canonical one once that has been computed', () => {
    const cells = runInWasm(`(f64.store (i32.const 0) (local.get 0))
      (local.set 0 (f64.sub (local.get 1) (local.get 1))) (f64.store (i32.const 8) (local.get 0))`)
    expect([...cells.subarray(0, 2)]).toEqual([CONSTANTS.at(-1), CANONICAL])
  })
})

describe('a program that computes with NaNs of any bits', () => {
  it('puts those into memory that the reference does', () => {
    let nans = 0
    for (let seed = 0; seed < 300; seed++) {
      const program = new Generator(seed).statements(2)
      const cells = runInWasm(program.text)
      const state: State = {
        locals: [CONSTANTS.at(-1) as bigint, bitsOf(Infinity), ...Array<bigint>(LOCALS - 2).fill(0n)],
        cells: Array<bigint>(CELLS).fill(0n),
      }
      program.run(state)
      expect([...cells], `seed ${seed}: ${program.text}`).toEqual(state.cells)
      nans += state.cells.filter((bits) => Number.isNaN(numberOf(bits))).length
    }
    expect(nans).toBeGreaterThan(150)
  })
})
