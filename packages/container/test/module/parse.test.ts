import { dialectOf, isWasm, parseModule } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { NEW, OLD } from '../support/rules.ts'
import { body, HEADER, name, section, u32, vector, wasm } from '../support/wasm-builder.ts'
import { wat } from '../support/wat.ts'

const EXTENDED = dialectOf(NEW.wasm)
const BULK_ONLY = dialectOf(OLD.wasm)

/** Type section with `() -> ()`, and one function of it. */
const TYPE = section(1, [1, 0x60, 0, 0])
const FUNCTION = section(3, [1, 0])
const CODE = section(10, vector([body([], [])]))
const TABLE = section(4, [1, 0x70, 0, 1])
const MEMORY = section(5, [1, 0, 1])

describe('a module', () => {
  it('is known by its first four bytes', () => {
    expect(isWasm(Uint8Array.from(HEADER))).toBe(true)
    expect(isWasm(Uint8Array.of(0x00, 0x61, 0x73))).toBe(false)
    expect(isWasm(new Uint8Array())).toBe(false)
  })

  it('is read with ranges for what is not needed', () => {
    const bytes = wat(`(module
      (import "a" "b" (func $imported (param i32 i64) (result i32)))
      (memory (export "memory") 3 7) (table (export "table") 4 9 funcref) (global (mut i32) (i32.const 5)) (global i64 (i64.const -1))
      (func $f (export "invoke") (param i32) (result i32) (local i32) (local.get 0))
      (func $start) (start $start)
      (elem (i32.const 1) $f $imported)
      (data (i32.const 8) "abc"))`)
    const module = parseModule(bytes, EXTENDED)
    expect(module).toMatchObject({
      imports: [{ module: 'a', name: 'b', type: 0 }],
      functions: [0, 1, 2],
      memory: { minimum: 3, maximum: 7 },
      table: { minimum: 4, maximum: 9 },
      start: 2,
      exports: [
        { name: 'memory', kind: 2, index: 0 },
        { name: 'table', kind: 1, index: 0 },
        { name: 'invoke', kind: 0, index: 1 },
      ],
      dataSegments: 1,
    })
    expect(module.types).toEqual([
      { params: [0x7f, 0x7e], results: [0x7f] },
      { params: [0x7f], results: [0x7f] },
      { params: [], results: [] },
    ])
    expect(module.elements.map(({ functions }) => functions)).toEqual([[1, 0]])
    expect(module.globals).toHaveLength(2)
    expect(module.bodies.map(({ start, end }) => [...bytes.subarray(start, end)])).toEqual([
      [1, 1, 0x7f, 0x20, 0, 0x0b],
      [0, 0x0b],
    ])
  })

  it('may have custom sections anywhere', () => {
    const custom = section(0, [...name('x'), 1, 2, 3])
    expect(
      parseModule(wasm(custom, TYPE, custom, FUNCTION, custom, CODE, custom), EXTENDED).bodies,
    ).toHaveLength(1)
  })

  it('may be empty', () => {
    expect(parseModule(wasm(), EXTENDED).functions).toEqual([])
  })
})

describe('a malformed module is refused that', () => {
  it.each<[string, Uint8Array]>([
    ['does not start like one', Uint8Array.of(0, 0x61, 0x73, 0x6e, 1, 0, 0, 0)],
    ['has another version', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0)],
    ['ends in its header', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0)],
    ['ends in a section', wasm(TYPE.slice(0, -1))],
    ['has an unknown section', wasm(section(14, []))],
    ['has sections out of order', wasm(FUNCTION, TYPE)],
    ['has a section twice', wasm(TYPE, TYPE)],
    ['has its data count after its code', wasm(TYPE, FUNCTION, CODE, section(12, [0]))],
    ['has bytes left in a section', wasm(section(1, [1, 0x60, 0, 0, 0]))],
    ['announces more items than there are bytes', wasm(section(1, u32(0xffff_ffff)))],
    ['has a custom section without a name', wasm(section(0, []))],
    ['has a custom section with a name that is not UTF-8', wasm(section(0, [1, 0xff]))],
    ['has an unknown type form', wasm(section(1, [1, 0x61, 0, 0]))],
    ['has an unknown value type', wasm(section(1, [1, 0x60, 1, 0x01, 0]))],
    ['has a function of an unknown type', wasm(TYPE, section(3, [1, 1]), CODE)],
    ['has fewer bodies than functions', wasm(TYPE, section(3, [2, 0, 0]), CODE)],
    ['has functions without bodies', wasm(TYPE, FUNCTION)],
    ['imports a function of an unknown type', wasm(section(2, [1, 1, 0x61, 1, 0x62, 0, 0]))],
    ['imports what is nothing', wasm(section(2, [1, 1, 0x61, 1, 0x62, 5, 0]))],
    [
      'exports a name twice',
      wasm(
        MEMORY,
        section(
          7,
          vector([
            [...name('m'), 2, 0],
            [...name('m'), 2, 0],
          ]),
        ),
      ),
    ],
    ['exports a function that is not there', wasm(section(7, vector([[...name('f'), 0, 0]])))],
    ['exports a table that is not there', wasm(section(7, vector([[...name('t'), 1, 0]])))],
    ['exports a memory that is not there', wasm(section(7, vector([[...name('m'), 2, 0]])))],
    ['exports a global that is not there', wasm(section(7, vector([[...name('g'), 3, 0]])))],
    ['exports what is nothing', wasm(section(7, vector([[...name('x'), 5, 0]])))],
    ['has a memory above 4 GiB', wasm(section(5, [1, 0, ...u32(65_537)]))],
    ['has a memory with a maximum above 4 GiB', wasm(section(5, [1, 1, 1, ...u32(65_537)]))],
    ['has a memory with a maximum below its minimum', wasm(section(5, [1, 1, 2, 1]))],
    ['has a global without a value', wasm(section(6, [1, 0x7f, 0, 0x0b]))],
    ['has a global with a value of another type', wasm(section(6, [1, 0x7f, 0, 0x42, 0, 0x0b]))],
    ['has a start function that is not there', wasm(section(8, [0]))],
    [
      'has a start function with parameters',
      wasm(section(1, [1, 0x60, 1, 0x7f, 0]), FUNCTION, section(8, [0]), CODE),
    ],
    ['has elements without a table', wasm(section(9, [1, 0, 0x41, 0, 0x0b, 0]))],
    ['has elements for a second table', wasm(TABLE, section(9, [1, 2, 1, 0x41, 0, 0x0b, 0, 0]))],
    ['has an unknown function among its elements', wasm(TABLE, section(9, [1, 0, 0x41, 0, 0x0b, 1, 0]))],
    ['has an unknown kind of element segment', wasm(TABLE, section(9, [1, 8, 0]))],
    ['has data without a memory', wasm(section(11, [1, 0, 0x41, 0, 0x0b, 0]))],
    ['has an unknown kind of data segment', wasm(MEMORY, section(11, [1, 3, 0]))],
    ['has data that end too early', wasm(MEMORY, section(11, [1, 1, 5, 1]))],
    [
      'has another number of data segments than announced',
      wasm(MEMORY, section(12, [2]), section(11, [1, 1, 0])),
    ],
    ['announces data segments and has none', wasm(MEMORY, section(12, [1]))],
  ])('%s', (_, bytes) => {
    expect(() => parseModule(bytes, EXTENDED)).toThrow(expect.objectContaining({ code: 'module/malformed' }))
  })

  it('says where', () => {
    const bytes = wasm(TYPE, section(3, [1, 1]))
    expect(() => parseModule(bytes, EXTENDED)).toThrow(expect.objectContaining({ offset: bytes.length - 1 }))
  })
})

describe('a module is refused that uses', () => {
  it.each<[string, Uint8Array]>([
    ['SIMD', wasm(section(1, [1, 0x60, 1, 0x7b, 0]))],
    ['reference types', wasm(section(1, [1, 0x60, 1, 0x6f, 0]))],
    ['garbage collection', wasm(section(1, [1, 0x5f, 0, 0]))],
    ['garbage collection', wasm(section(1, [1, 0x4e, 0, 0]))],
    ['garbage collection', wasm(section(1, [1, 0x60, 1, 0x6e, 0]))],
    ['multi-value', wasm(section(1, [1, 0x60, 0, 2, 0x7f, 0x7f]))],
    ['multi-memory', wasm(section(5, [2, 0, 1, 0, 1]))],
    ['threads', wasm(section(5, [1, 3, 1, 1]))],
    ['memory64', wasm(section(5, [1, 4, 1]))],
    ['custom page sizes', wasm(section(5, [1, 8, 1, 0]))],
    ['more than one table', wasm(section(4, [2, 0x70, 0, 1, 0x70, 0, 1]))],
    ['a table of anything but functions', wasm(section(4, [1, 0x6f, 0, 1]))],
    ['exceptions', wasm(section(13, [0]))],
    ['import of a memory', wasm(section(2, [1, 1, 0x61, 1, 0x62, 2, 0, 1]))],
    ['import of a table', wasm(section(2, [1, 1, 0x61, 1, 0x62, 1, 0x70, 0, 1]))],
    ['import of a global', wasm(section(2, [1, 1, 0x61, 1, 0x62, 3, 0x7f, 0]))],
    ['import of a tag', wasm(section(2, [1, 1, 0x61, 1, 0x62, 4, 0, 0]))],
    ['a constant that reads a global', wasm(section(6, [2, 0x7f, 0, 0x41, 0, 0x0b, 0x7f, 0, 0x23, 0, 0x0b]))],
    ['extended constants', wasm(section(6, [1, 0x7f, 0, 0x41, 0, 0x41, 0, 0x6a, 0x0b]))],
    ['extended constants', wasm(MEMORY, section(11, [1, 0, 0x41, 0, 0x41, 0, 0x6a, 0x0b, 0]))],
    ['element expressions', wasm(TABLE, section(9, [1, 4, 0x41, 0, 0x0b, 1, 0xd0, 0x70, 0x0b]))],
    ['elements that are no functions', wasm(TABLE, section(9, [1, 5, 0x6f, 0]))],
    ['a data offset that is no i32.const', wasm(MEMORY, section(11, [1, 0, 0x23, 0, 0x0b, 0]))],
    ['multi-memory', wasm(MEMORY, section(11, [1, 2, 1, 0x41, 0, 0x0b, 0]))],
  ])('%s', (feature, bytes) => {
    expect(() => parseModule(bytes, EXTENDED)).toThrow(
      expect.objectContaining({ code: 'module/unsupported', feature, offset: expect.any(Number) }),
    )
  })
})

describe('what only the newer instrumentation can read', () => {
  const FUNCREF_GLOBAL = section(6, [1, 0x70, 0, 0xd0, 0x70, 0x0b])

  it.each<[string, Uint8Array]>([
    ['globals that hold functions', wasm(FUNCREF_GLOBAL)],
    ['parameters that hold functions', wasm(section(1, [1, 0x60, 1, 0x70, 0]))],
    ['passive segments', wasm(TYPE, FUNCTION, TABLE, section(9, [1, 1, 0, 1, 0]), CODE)],
    ['declared segments', wasm(TYPE, FUNCTION, TABLE, section(9, [1, 3, 0, 1, 0]), CODE)],
    [
      'segments that name their table',
      wasm(TYPE, FUNCTION, TABLE, section(9, [1, 2, 0, 0x41, 0, 0x0b, 0, 1, 0]), CODE),
    ],
    ['segments of no expressions', wasm(TABLE, section(9, [1, 4, 0x41, 0, 0x0b, 0]))],
  ])('is refused from generation 2: %s', (_, bytes) => {
    expect(() => parseModule(bytes, BULK_ONLY)).toThrow(
      expect.objectContaining({ code: 'module/unsupported' }),
    )
    expect(parseModule(bytes, EXTENDED).bytes).toBe(bytes)
  })
})
