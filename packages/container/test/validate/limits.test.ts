import { dialectOf, parseModule, validateModule, type WasmModule } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { NEW } from '../support/rules.ts'
import { withBody } from '../support/validation-context.ts'
import { body, HEADER, section, u32, vector, wasm } from '../support/wasm-builder.ts'

const LIMIT = expect.objectContaining({ code: 'module/limit' })
const EMPTY = parse(wasm())

function parse(bytes: Uint8Array): WasmModule {
  return parseModule(bytes, dialectOf(NEW.wasm))
}

/** The same item, many times. */
function many<T>(count: number, item: T): T[] {
  return new Array<T>(count).fill(item)
}

describe('a module may have, and no more,', () => {
  const NOTHING = { params: [], results: [] }
  const parameters = (count: number): Partial<WasmModule> => ({
    types: [{ params: many(count, 0x7f), results: [] }],
  })
  const segment = { head: { start: 0, end: 0 }, functions: [] }
  const global = { head: { start: 0, end: 2 }, init: { start: 2, end: 5 }, functionReference: undefined }

  it.each<[string, number, (count: number) => Partial<WasmModule>]>([
    ['types', 1_000_000, (count) => ({ types: many(count, NOTHING) })],
    ['functions', 1_000_000, (count) => ({ types: [NOTHING], functions: many(count, 0) })],
    ['globals', 1_000_000, (count) => ({ globals: many(count, global) })],
    ['element segments', 100_000, (count) => ({ elements: many(count, segment) })],
    ['data segments', 100_000, (count) => ({ dataSegments: count })],
    ['announced data segments', 100_000, (count) => ({ dataCount: count })],
    ['parameters of a function', 1000, parameters],
    [
      'elements of a segment',
      10_000_000,
      // They are only counted, so that they need not be there.
      (count) => ({ elements: [{ ...segment, functions: { length: count } as unknown as number[] }] }),
    ],
    ['exports of memories', 999_998, (count) => ({ exports: many(count, { name: '', kind: 2, index: 0 }) })],
    [
      'imports of functions without parameters',
      499_999,
      (count) => ({ types: [NOTHING], imports: many(count, { module: '', name: '', type: 0 }) }),
    ],
    [
      'exports of functions with two values',
      249_999,
      (count) => ({
        types: [{ params: [0x7f], results: [0x7f] }],
        functions: [0],
        exports: many(count, { name: '', kind: 0, index: 0 }),
      }),
    ],
  ])('%s: %i', (_, most, contents) => {
    const validate = (count: number): void => validateModule({ ...EMPTY, ...contents(count) })
    expect(() => validate(most)).not.toThrow()
    expect(() => validate(most + 1)).toThrow(LIMIT)
  })

  it('names of a hundred thousand bytes', () => {
    const named = (length: number): Uint8Array => {
      const content = [...u32(length), ...many(length, 0x61)]
      return Uint8Array.from([...HEADER, 0, ...u32(content.length), ...content])
    }
    expect(parse(named(100_000)).functions).toEqual([])
    expect(() => parse(named(100_001))).toThrow(LIMIT)
  })
})

describe('a function may have, and no more,', () => {
  it('fifty thousand locals, parameters included', () => {
    const of = (count: number): (() => void) => {
      const module = parse(withBody(2, [[count, 0x7f]], [0x00]))
      return () => validateModule(module)
    }
    expect(of(49_998)).not.toThrow()
    expect(of(49_999)).toThrow(LIMIT)
    expect(of(0xffff_ffff)).toThrow(LIMIT)
  })

  it('131,072 labels in a table, and a default', () => {
    const of = (count: number): (() => void) => {
      const code = Uint8Array.from([0, 0x41, 0, 0x0e, ...u32(count), ...many(count + 1, 0), 0x0b])
      const module = parse(
        Uint8Array.from([
          ...HEADER,
          ...section(1, [1, 0x60, 0, 0]),
          ...section(3, [1, 0]),
          ...section(10, [1, ...u32(code.length), ...code]),
        ]),
      )
      return () => validateModule(module)
    }
    expect(of(131_072)).not.toThrow()
    expect(of(131_073)).toThrow(LIMIT)
  })
})

describe('a function body takes time and memory as its bytes are', () => {
  it('however many locals it declares', () => {
    const bodies = many(20_000, body([[50_000, 0x7e]], []))
    const sections = [
      section(1, [1, 0x60, 0, 0]),
      section(3, vector(many(20_000, [0]))),
      section(10, vector(bodies)),
    ]
    expect(() => validateModule(parse(wasm(...sections)))).not.toThrow()
  })

  it('however deep its blocks are', () => {
    const code = [...many(50_000, [0x02, 0x40]).flat(), ...many(50_000, 0x0b)]
    expect(() => validateModule(parse(withBody(0, [], code)))).not.toThrow()
    expect(() => validateModule(parse(withBody(0, [], code.slice(0, -1))))).toThrow(
      expect.objectContaining({ code: 'module/malformed' }),
    )
  })

  it('however high its stack is', () => {
    const pushes = many(20_000, [0x41, 0]).flat()
    expect(() => validateModule(parse(withBody(0, [], [...pushes, ...many(20_000, 0x1a)])))).not.toThrow()
    expect(() => validateModule(parse(withBody(0, [], [...pushes, ...many(19_999, 0x1a)])))).toThrow(
      expect.objectContaining({ code: 'module/invalid', rule: 'surplus-value' }),
    )
  })
})

describe('the type of a local', () => {
  const groups: [number, number][] = [
    [255, 0x7f],
    [1, 0x7e],
    [1, 0x7d],
    [0, 0x70],
    [1000, 0x7c],
    [2, 0x7e],
  ]

  it.each<[number, number]>([
    [0, 0x7f],
    [254, 0x7f],
    [255, 0x7e],
    [256, 0x7d],
    [257, 0x7c],
    [1256, 0x7c],
    [1257, 0x7e],
    [1258, 0x7e],
  ])('is found for local %i', (index, type) => {
    const code = [0x02, type, 0x20, ...u32(index), 0x0b, 0x1a]
    expect(() => validateModule(parse(withBody(0, groups, code)))).not.toThrow()
    const other = [0x02, type === 0x7f ? 0x7e : 0x7f, 0x20, ...u32(index), 0x0b, 0x1a]
    expect(() => validateModule(parse(withBody(0, groups, other)))).toThrow(
      expect.objectContaining({ rule: 'type-mismatch' }),
    )
  })

  it('is not found beyond the last', () => {
    expect(() => validateModule(parse(withBody(0, groups, [0x20, ...u32(1259), 0x1a])))).toThrow(
      expect.objectContaining({ rule: 'unknown-local' }),
    )
  })
})
