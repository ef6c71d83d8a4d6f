import { dialectOf, parseModule, transform } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { ExportName, HOST_MODULE, HostImport } from '../../src/transform/names.ts'
import { OLD } from '../support/rules.ts'
import { wat } from '../support/wat.ts'

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: Record<string, never> }
}

const CANONICAL_32 = 0x7fc00000n
const CANONICAL_64 = 0x7ff8000000000000n

/** The bits that an f32 (or f64) expression leaves. */
function bits(type: 'f32' | 'f64', expression: string): bigint {
  const bytes = wat(`(module (memory (export "memory") 1)
    (func (export "invoke") (param i32) (result i32) (${type}.store (i32.const 0) ${expression}) (i32.const 0)))`)
  const exports = new WebAssembly.Instance(
    new WebAssembly.Module(transform(parseModule(bytes, dialectOf(OLD.wasm)), OLD)),
    { [HOST_MODULE]: { [HostImport.MEMORY_GROW]: () => -1 } },
  ).exports as unknown as {
    [ExportName.MEMORY]: { buffer: ArrayBuffer }
    [ExportName.INVOKE]: (value: number) => number
    [ExportName.WRITE_GAS]: (milligas: number) => void
  }
  exports.writeGas(1e9)
  exports.invoke(0)
  const view = new DataView(exports.memory.buffer)
  return type === 'f32' ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true)
}

/** A NaN with a sign and a payload, signalling. */
const NAN = { f32: '(f32.const -nan:0x200001)', f64: '(f64.const -nan:0x4000000000001)' }

describe.each([
  ['f32', CANONICAL_32],
  ['f64', CANONICAL_64],
] as const)('the NaN of %s', (type, canonical) => {
  it.each(['add', 'sub', 'mul', 'div', 'min', 'max'])(
    'that comes out of %s is the canonical one',
    (operation) => {
      expect(bits(type, `(${type}.${operation} ${NAN[type]} (${type}.const 1))`)).toBe(canonical)
      expect(bits(type, `(${type}.${operation} (${type}.const 1) ${NAN[type]})`)).toBe(canonical)
    },
  )

  it.each(['sqrt', 'ceil', 'floor', 'trunc', 'nearest'])(
    'that comes out of %s is the canonical one',
    (operation) => {
      expect(bits(type, `(${type}.${operation} ${NAN[type]})`)).toBe(canonical)
    },
  )

  it('that is made of numbers is the canonical one', () => {
    expect(bits(type, `(${type}.div (${type}.const 0) (${type}.const 0))`)).toBe(canonical)
    expect(bits(type, `(${type}.sqrt (${type}.const -1))`)).toBe(canonical)
    expect(bits(type, `(${type}.sub (${type}.const inf) (${type}.const inf))`)).toBe(canonical)
  })

  it('that is converted is the canonical one', () => {
    const converted = type === 'f32' ? `(f32.demote_f64 ${NAN.f64})` : `(f64.promote_f32 ${NAN.f32})`
    expect(bits(type, converted)).toBe(canonical)
  })

  it('keeps its bits where nothing is computed', () => {
    const width = type === 'f32' ? 32n : 64n
    const sign = 1n << (width - 1n)
    const nan = bits(type, NAN[type])
    expect(nan).toBe(type === 'f32' ? 0xffa00001n : 0xfff4000000000001n)
    expect(bits(type, `(${type}.neg ${NAN[type]})`)).toBe(nan ^ sign)
    expect(bits(type, `(${type}.abs ${NAN[type]})`)).toBe(nan ^ sign)
    expect(bits(type, `(${type}.copysign ${NAN[type]} (${type}.const 1))`)).toBe(nan ^ sign)
    const integer = type === 'f32' ? 'i32' : 'i64'
    expect(bits(type, `(${type}.reinterpret_${integer} (${integer}.const ${nan}))`)).toBe(nan)
    expect(bits(type, `(select ${NAN[type]} (${type}.const 1) (i32.const 1))`)).toBe(nan)
  })
})

describe('numbers', () => {
  it.each([
    ['f32', '(f32.add (f32.const 1.5) (f32.const 2))', 0x40600000n],
    ['f32', '(f32.sub (f32.const -0) (f32.const 0))', 0x80000000n],
    ['f32', '(f32.div (f32.const 1) (f32.const 0))', 0x7f800000n],
    ['f64', '(f64.mul (f64.const 1.5) (f64.const 2))', 0x4008000000000000n],
    ['f64', '(f64.nearest (f64.const -0.5))', 0x8000000000000000n],
    ['f64', '(f64.promote_f32 (f32.const 1))', 0x3ff0000000000000n],
    ['f32', '(f32.demote_f64 (f64.const 1e300))', 0x7f800000n],
  ] as const)('stay as they are: %s %s', (type, expression, expected) => {
    expect(bits(type, expression)).toBe(expected)
  })
})
