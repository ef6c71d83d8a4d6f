import { analyse, dialectOf, parseModule, type TransformRules } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { NEW, OLD } from '../support/rules.ts'
import { body, section, u32, vector, wasm } from '../support/wasm-builder.ts'

/** Instructions that do nothing: where so many follow, what stands before them is read in another way than near the end of a function. */
const MANY: readonly number[] = Array<number>(20).fill(0x01)

/** A module with one function of type `() -> ()`, a memory of one page, a table, a global, a passive data and element segment. */
function moduleOf(code: readonly number[], rules: TransformRules): () => unknown {
  const bytes = wasm(
    section(1, [1, 0x60, 0, 0]),
    section(3, [1, 0]),
    section(4, [1, 0x70, 0, 1]),
    section(5, [1, 0, 1]),
    section(6, [1, 0x7f, 1, 0x41, 0, 0x0b]),
    rules === NEW ? section(9, [1, 1, 0, 1, 0]) : section(9, [1, 0, 0x41, 0, 0x0b, 1, 0]),
    section(12, [1]),
    section(10, vector([body([[1, 0x7f]], code)])),
    section(11, [1, 1, 1, 7]),
  )
  return () => analyse(parseModule(bytes, dialectOf(rules.wasm)), rules)
}

describe('code is refused that uses', () => {
  it.each<[string, number[]]>([
    ['exceptions', [0x06, 0x40, 0x0b]],
    ['exceptions', [0x08, 0]],
    ['exceptions', [0x1f, 0x40, 0, 0x0b]],
    ['tail calls', [0x12, 0]],
    ['tail calls', [0x13, 0, 0]],
    ['typed function references', [0x14, 0]],
    ['typed select', [0x41, 0, 0x41, 0, 0x41, 0, 0x1c, 1, 0x7f, 0x1a]],
    ['reference instructions', [0xd0, 0x70, 0x1a]],
    ['reference instructions', [0xd1]],
    ['reference instructions', [0xd2, 0, 0x1a]],
    ['garbage collection', [0xd3]],
    ['garbage collection', [0xfb, 0]],
    ['SIMD', [0xfd, 12, ...Array<number>(16).fill(0), 0x1a]],
    ['threads', [0xfe, 3, 0]],
    ['multi-value', [0x02, 0x00, 0x0b]],
    ['multi-value', [0x02, 0x80, 0x01, 0x0b]],
    ['multi-memory', [0x41, 0, 0x28, 0x42, 0, 0, 0x1a]],
    ['multi-memory', [0x3f, 1, 0x1a]],
    ['multi-memory', [0x3f, 0x80, 0, 0x1a]],
    ['wide arithmetic', [0xfc, 19]],
    ['SIMD', [0x02, 0x7b, 0x0b]],
  ])('%s', (feature, code) => {
    for (const body of [code, [...MANY, ...code, ...MANY]])
      expect(moduleOf(body, NEW)).toThrow(
        expect.objectContaining({ code: 'module/unsupported', feature, offset: expect.any(Number) }),
      )
  })
})

describe('code is malformed that', () => {
  it.each<[string, number[]]>([
    ['has an unknown opcode', [0x27]],
    ['has an unknown prefixed opcode', [0xff]],
    ['reads a local that is not there', [0x20, 1, 0x1a]],
    ['sets a global that is not there', [0x41, 0, 0x24, 1]],
    ['calls a function that is not there', [0x10, 1]],
    ['calls through a type that is not there', [0x41, 0, 0x11, 1, 0]],
    ['calls through a table that is not there', [0x41, 0, 0x11, 0, 1]],
    ['branches out of the function', [0x0c, 1]],
    ['has an unknown label in a table', [0x41, 0, 0x0e, 1, 5, 0]],
    ['has labels of different arity in a table', [0x02, 0x7f, 0x41, 0, 0x41, 0, 0x0e, 1, 0, 1, 0x0b, 0x1a]],
    ['has more labels than bytes', [0x0e, ...u32(0xffff_ffff), 0]],
    ['has an alignment beyond all', [0x41, 0, 0x28, 32, 0, 0x1a]],
    ['has an offset of more than 32 bits', [0x41, 0, 0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10, 0x1a]],
    ['goes on after its end', [0x0b]],
    ['does not end', [0x02, 0x40]],
    ['drops an element segment that is not there', [0xfc, 13, 1]],
    ['copies from an element segment that is not there', [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 12, 1, 0]],
    ['has an integer of more than 32 bits', [0x41, 0x80, 0x80, 0x80, 0x80, 0x40, 0x1a]],
    ['has an integer of more than 64 bits', [0x42, ...Array<number>(9).fill(0x80), 0x01, 0x1a]],
    ['reads a local that is far from there', [0x20, 0x80, 0x80, 1, 0x1a]],
    ['reads a global that is not there', [0x23, 1, 0x1a]],
  ])('%s', (_, code) => {
    for (const body of [code, [...MANY, ...code, ...MANY]])
      expect(moduleOf(body, NEW)).toThrow(expect.objectContaining({ code: 'module/malformed' }))
  })

  it('takes more from the stack than there is, in a longer function too', () => {
    for (const body of [
      [0x1a, 0x1a, 0x1a],
      [0x1a, 0x1a, 0x1a, ...MANY],
    ])
      expect(moduleOf(body, NEW)).toThrow(expect.objectContaining({ code: 'module/not-instrumentable' }))
  })

  it('has more locals than fifty thousand', () => {
    const module = (count: number): (() => unknown) => {
      const bytes = wasm(
        section(1, [1, 0x60, 1, 0x7f, 0]),
        section(3, [1, 0]),
        section(10, vector([body([[count, 0x7f]], [])])),
      )
      return () => analyse(parseModule(bytes, dialectOf(NEW.wasm)), NEW)
    }
    expect(module(49_999)()).toMatchObject({ maximumStackCost: 3 })
    expect(module(50_000)).toThrow(expect.objectContaining({ code: 'module/limit' }))
    expect(module(0xffff_ffff)).toThrow(expect.objectContaining({ code: 'module/limit' }))
  })

  it('has no local left for an operand that is charged for', () => {
    const module = (count: number): (() => unknown) => {
      const bytes = wasm(
        section(1, [1, 0x60, 1, 0x7f, 0]),
        section(3, [1, 0]),
        section(5, [1, 0, 1]),
        section(10, vector([body([[count, 0x7f]], [0x20, 0, 0x40, 0, 0x1a])])),
      )
      return () => analyse(parseModule(bytes, dialectOf(NEW.wasm)), NEW)
    }
    expect(module(49_998)()).toMatchObject({ dynamicCharges: 1 })
    expect(module(49_999)).toThrow(expect.objectContaining({ code: 'module/limit' }))
  })

  it.each<[string, number[]]>([
    ['reads memory', [0x41, 0, 0x28, 2, 0, 0x1a]],
    ['asks for the size of memory', [0x3f, 0, 0x1a]],
    ['fills memory', [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0]],
    ['calls through a table', [0x41, 0, 0x11, 0, 0]],
  ])('%s where there is none', (_, code) => {
    const bytes = wasm(section(1, [1, 0x60, 0, 0]), section(3, [1, 0]), section(10, vector([body([], code)])))
    expect(() => analyse(parseModule(bytes, dialectOf(NEW.wasm)), NEW)).toThrow(
      expect.objectContaining({ code: 'module/malformed' }),
    )
  })
})

describe('what only the newer instrumentation can read', () => {
  it.each<[string, number[]]>([
    ['the index of a table in more than one byte', [0x41, 0, 0x11, 0, 0x80, 0]],
    ['a prefixed opcode in more than one byte', [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x8b, 0, 0]],
  ])('is malformed in generation 2: %s', (_, code) => {
    expect(moduleOf(code, OLD)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^module\//) }))
    expect(moduleOf(code, NEW)()).toMatchObject({ meteredBlocks: expect.any(Number) })
  })

  it.each<[string, number[]]>([
    ['sign extension', [0x41, 0, 0xc0, 0x1a]],
    ['saturating conversions', [0x43, 0, 0, 0, 0, 0xfc, 0, 0x1a]],
    ['table.get', [0x41, 0, 0x25, 0, 0x1a]],
    ['table.set', [0x41, 0, 0x41, 0, 0x25, 0, 0x26, 0]],
    ['table.size', [0xfc, 16, 0, 0x1a]],
    ['table.grow', [0x41, 0, 0x25, 0, 0x41, 0, 0xfc, 15, 0, 0x1a]],
    ['table.fill', [0x41, 0, 0x41, 0, 0x25, 0, 0x41, 0, 0xfc, 17, 0]],
  ])('is refused from generation 2: %s', (_, code) => {
    expect(moduleOf(code, OLD)).toThrow(expect.objectContaining({ code: 'module/unsupported' }))
    expect(moduleOf(code, NEW)()).toMatchObject({ meteredBlocks: expect.any(Number) })
  })

  it('is refused from generation 2: any but the first segment', () => {
    const init = (kind: number, segment: number): number[] => [
      0x41,
      0,
      0x41,
      0,
      0x41,
      0,
      0xfc,
      kind,
      segment,
      0,
    ]
    expect(moduleOf(init(8, 1), OLD)).toThrow(expect.objectContaining({ code: 'module/unsupported' }))
    expect(moduleOf(init(12, 1), OLD)).toThrow(expect.objectContaining({ code: 'module/unsupported' }))
    expect(moduleOf(init(8, 0), OLD)()).toMatchObject({ dynamicCharges: 0 })
    expect(moduleOf(init(8, 1), NEW)()).toMatchObject({ thunks: 1 })
  })
})
