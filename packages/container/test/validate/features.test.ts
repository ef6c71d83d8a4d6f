import { dialectOf, parseModule, validateModule } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { NEW } from '../support/rules.ts'
import { withBody } from '../support/validation-context.ts'
import { section, wasm } from '../support/wasm-builder.ts'
import { wat } from '../support/wat.ts'

type Features = NonNullable<Parameters<typeof wat>[1]>

function validate(bytes: Uint8Array): void {
  validateModule(parseModule(bytes, dialectOf(NEW.wasm)))
}

describe('a module is valid that uses', () => {
  it.each<[string, string, Features]>([
    ['mutable globals, exported', '(global (export "g") (mut i32) (i32.const 0))', {}],
    [
      'sign extension',
      '(func (drop (i32.extend8_s (i32.const 0))) (drop (i32.extend16_s (i32.const 0))) (drop (i64.extend8_s (i64.const 0))) (drop (i64.extend16_s (i64.const 0))) (drop (i64.extend32_s (i64.const 0))))',
      {},
    ],
    [
      'saturating conversions',
      '(func (param f32 f64) (drop (i32.trunc_sat_f32_s (local.get 0))) (drop (i32.trunc_sat_f64_u (local.get 1))) (drop (i64.trunc_sat_f32_u (local.get 0))) (drop (i64.trunc_sat_f64_s (local.get 1))))',
      {},
    ],
    [
      'bulk memory',
      `(memory 1) (table 2 funcref) (data $d "x") (elem $e func 0) (func
        (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $d)
        (memory.copy (i32.const 0) (i32.const 1) (i32.const 2)) (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))
        (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)) (elem.drop $e) (table.copy (i32.const 0) (i32.const 1) (i32.const 1)))`,
      {},
    ],
    [
      'tables of functions',
      `(table 2 funcref) (func (local funcref) (table.set (i32.const 0) (table.get (i32.const 1))) (local.set 0 (table.get (i32.const 0)))
        (drop (table.grow (local.get 0) (i32.const 1))) (drop (table.size)) (table.fill (i32.const 0) (local.get 0) (i32.const 1)))`,
      { reference_types: true },
    ],
    [
      'references to functions, whatever instruments them',
      `(elem declare func $f) (func $f (result funcref) (drop (ref.is_null (ref.func $f)))
        (select (result funcref) (ref.null func) (ref.func $f) (i32.const 1)))`,
      { reference_types: true },
    ],
    ['floats', '(func (result f64) (f64.promote_f32 (f32.sqrt (f32.const 2))))', {}],
  ])('%s', (_, text, features) => {
    expect(() => validate(wat(`(module ${text})`, features))).not.toThrow()
  })

  it.each<[string, number[]]>([
    ['a padded table index, as newer compilers write it', [0x41, 0, 0x11, 0, 0x80, 0x80, 0x80, 0x80, 0]],
    ['a padded type index', [0x41, 0, 0x11, 0x80, 0x80, 0x80, 0x80, 0, 0]],
    ['a padded prefixed opcode', [0xfc, 0x89, 0x80, 0, 1]],
  ])('%s', (_, code) => {
    expect(() => validate(withBody(0, [], code))).not.toThrow()
  })
})

describe('a module is refused that uses', () => {
  it.each<[string, string, Features]>([
    ['multi-value', '(func (result i32 i32) (i32.const 1) (i32.const 2))', {}],
    ['multi-value', '(func (param i32) (local.get 0) (block (param i32) (drop)))', {}],
    ['SIMD', '(func (drop (i32x4.splat (i32.const 1))))', { simd: true }],
    ['SIMD', '(func (local v128))', { simd: true }],
    [
      'relaxed SIMD',
      '(func (drop (i8x16.relaxed_swizzle (unreachable) (unreachable))))',
      { simd: true, relaxed_simd: true },
    ],
    ['threads', '(memory 1) (func (drop (i32.atomic.load (i32.const 0))))', { threads: true }],
    ['threads', '(memory 1 1 shared)', { threads: true }],
    ['exceptions', '(tag)', { exceptions: true }],
    ['exceptions', '(func (try (do)))', { exceptions: true }],
    ['tail calls', '(func $f (return_call $f))', { tail_call: true }],
    ['tail calls', '(table 1 funcref) (func (return_call_indirect (i32.const 0)))', { tail_call: true }],
    ['memory64', '(memory i64 1)', { memory64: true }],
    ['extended constants', '(global i32 (i32.add (i32.const 1) (i32.const 2)))', { extended_const: true }],
    ['reference types', '(func (local externref))', { reference_types: true }],
    ['reference types', '(func (drop (ref.null extern)))', { reference_types: true }],
    ['a table of anything but functions', '(table 1 externref)', { reference_types: true }],
  ])('%s: %s', (feature, text, features) => {
    expect(() => validate(wat(`(module ${text})`, features))).toThrow(
      expect.objectContaining({ code: 'module/unsupported', feature, offset: expect.any(Number) }),
    )
  })

  it.each<[string, number[]]>([
    ['multi-value', [0x02, 0x01, 0x0b]],
    ['multi-value', [0x02, 0x81, 0x00, 0x0b]],
    ['multi-memory', [0x41, 0, 0x28, 0x42, 1, 0, 0x1a]],
    ['multi-memory', [0x3f, 1, 0x1a]],
    ['multi-memory', [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0a, 0, 1]],
    ['wide arithmetic', [0x42, 0, 0x42, 0, 0x42, 0, 0x42, 0, 0xfc, 0x13, 0x1a, 0x1a]],
    ['memory control', [0x41, 0, 0x41, 0, 0xfc, 0x12, 0]],
    ['typed function references', [0x14, 0]],
    ['typed function references', [0x02, 0x64, 0, 0x0b]],
    ['typed function references', [0xd4]],
    ['garbage collection', [0xfb, 0x00, 0]],
    ['garbage collection', [0xd3]],
    ['garbage collection', [0xd0, 0x6e, 0x1a]],
    ['exceptions', [0x1f, 0x40, 0, 0x0b]],
    ['exceptions', [0x02, 0x69, 0x0b]],
    ['stack switching', [0xe0, 0]],
    ['stack switching', [0x02, 0x68, 0x0b]],
  ])('%s, in code', (feature, code) => {
    expect(() => validate(withBody(0, [], code))).toThrow(
      expect.objectContaining({ code: 'module/unsupported', feature, offset: expect.any(Number) }),
    )
  })

  it.each<[string, Uint8Array]>([
    ['component model', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0)],
    ['multi-memory', wasm(section(5, [2, 0, 1, 0, 1]))],
    ['custom page sizes', wasm(section(5, [1, 8, 1, 0]))],
    ['garbage collection', wasm(section(1, [1, 0x50, 0, 0x60, 0, 0]))],
    ['typed function references', wasm(section(1, [1, 0x60, 1, 0x63, 0, 0]))],
    ['a table of anything but functions', wasm(section(4, [1, 0x40, 0, 0x70, 0, 1, 0xd0, 0x70, 0x0b]))],
  ])('%s, in sections', (feature, bytes) => {
    expect(() => validate(bytes)).toThrow(expect.objectContaining({ code: 'module/unsupported', feature }))
  })

  it.each([0x16, 0x17, 0x1d, 0x27, 0xc5, 0xcf, 0xd7, 0xf0, 0xff])(
    'nothing that there is: opcode 0x%s',
    (opcode) => {
      expect(() => validate(withBody(0, [], [opcode]))).toThrow(
        expect.objectContaining({ code: 'module/malformed' }),
      )
    },
  )
})
