import { analyse, dialectOf, type ModuleAnalysis, parseModule, type TransformRules } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { NEW, OLD } from '../support/rules.ts'
import { wat } from '../support/wat.ts'

function analysisOf(text: string, rules: TransformRules): ModuleAnalysis {
  return analyse(parseModule(wat(`(module ${text} (memory 1))`), dialectOf(rules.wasm)), rules)
}

/** What the metered blocks of the first function cost, in gas, in their order. */
function blocksOf(code: string, rules: TransformRules = NEW): number[] {
  const [first] = analysisOf(`(func (param i32) ${code})`, rules).functions
  return (first?.blocks ?? []).map(([, cost]) => Number(cost) / 1000)
}

/** The stack cost of a function, in units of the limiter. */
function stackCostOf(code: string, rules: TransformRules = NEW): number | undefined {
  return analysisOf(`(func (param i32) ${code})`, rules).functions[0]?.stackCost
}

describe('the metered blocks of a function', () => {
  it('are one for straight code, in which dropping, nop, block and end are free', () => {
    expect(blocksOf('nop (block (drop (i32.add (i32.const 1) (i32.const 2))))')).toEqual([12])
  })

  it('are none where all is free', () => {
    expect(blocksOf('nop')).toEqual([])
  })

  it('are the condition and the two branches of an if; what follows belongs to the first', () => {
    expect(
      blocksOf(`(if (local.get 0) (then (drop (i32.const 1))) (else (drop (i64.add (i64.const 1) (i64.const 2)))))
        (drop (i32.const 3))`),
    ).toEqual([12, 4, 12])
  })

  it('begin anew after a conditional branch, and where a branch ends', () => {
    expect(
      blocksOf(
        '(block (br_if 0 (local.get 0)) (drop (i32.const 1))) (drop (i64.const 2)) (drop (i32.const 3))',
      ),
    ).toEqual([16, 4])
    expect(
      blocksOf(
        '(block (block (br_if 1 (local.get 0)) (drop (i32.const 1))) (drop (i32.const 2))) (drop (i32.const 3))',
      ),
    ).toEqual([12, 4, 4])
  })

  it('begin with a loop', () => {
    expect(blocksOf('(drop (i32.const 1)) (loop (br_if 0 (local.get 0))) (drop (i32.const 2))')).toEqual([
      8, 8,
    ])
  })

  it('end with a return, which is free', () => {
    expect(blocksOf('(if (local.get 0) (then (return))) (drop (i32.const 1))')).toEqual([8, 4])
  })

  it('count code that cannot be reached', () => {
    expect(blocksOf('(unreachable) (drop (i32.const 1))')).toEqual([4])
  })

  it('leave out the default target of br_table from 0.4.0 on', () => {
    const code = '(block (block (br_table 0 1 (local.get 0))) (drop (i32.const 1))) (drop (i32.const 2))'
    expect(blocksOf(code, OLD)).toEqual([12, 4])
    expect(blocksOf(code, NEW)).toEqual([16])
  })

  it('include the stack limiter’s code at calls of defined functions only', () => {
    const analysis = analysisOf(
      `(type $t (func)) (import "m" "f" (func $imported)) (table 2 funcref) (elem (i32.const 0) $f $imported)
       (func $f) (func (call $f) (call $imported) (call_indirect (type $t) (i32.const 0)))`,
      NEW,
    )
    expect(analysis.functions[1]?.blocks.map(([, cost]) => cost)).toEqual([(13 * 4 + 4 + 8) * 1000])
  })

  it('take the operand of a linearly priced instruction into account where a constant stands before it', () => {
    expect(blocksOf('(drop (memory.grow (i32.const 10)))', NEW)).toEqual([8 + 10 * 26214.4])
    expect(blocksOf('(drop (memory.grow (i32.const 10)))', OLD)).toEqual([8])
    expect(blocksOf('(memory.fill (i32.const 0) (i32.const 0) (i32.const 100))', NEW)).toEqual([16 + 40])
    expect(blocksOf('(drop (memory.grow (local.get 0)))', NEW)).toEqual([8])
  })

  it('are exact above 2^53 milligas', () => {
    const grow = '(drop (memory.grow (i32.const 0x7fffffff)))'
    const [first] = analysisOf(`(func ${grow.repeat(3)})`, NEW).functions
    expect(first?.blocks.map(([, cost]) => BigInt(cost))).toEqual([3n * (0x7fff_ffffn * 26_214_400n + 8000n)])
  })
})

describe('the analysis of a module', () => {
  it('counts a thunk for every function that is exported, in a table or the start function', () => {
    const analysis = analysisOf(
      `(table 4 funcref) (elem (i32.const 0) $a $a $b) (export "a" (func $a)) (export "x" (func $d)) (start $c)
       (func $a (param i32 i64)) (func $b) (func $c) (func $d (param f32)) (func $e (param i32))`,
      NEW,
    )
    expect(analysis).toMatchObject({ thunks: 4, meteredBlocks: 4, blockCosts: (4 * 52 + 3 * 4) * 1000 })
  })

  it('counts charges by operand', () => {
    const code =
      '(func (param i32) (drop (memory.grow (local.get 0))) (memory.copy (local.get 0) (local.get 0) (local.get 0)))'
    expect(analysisOf(code, NEW).dynamicCharges).toBe(2)
    expect(analysisOf(code, OLD).dynamicCharges).toBe(0)
  })

  it.each([
    ['a negative constant before an instruction that is priced by it', '(drop (memory.grow (i32.const -1)))'],
    ['a block that costs 2^64 milligas or more', '(drop (memory.grow (i32.const 0x7fffffff)))'.repeat(328)],
    [
      'dead code that takes more from the stack than a function starts with',
      'unreachable select memory.copy',
    ],
  ])('refuses %s', (_, code) => {
    expect(() => analysisOf(`(func ${code})`, NEW)).toThrow(
      expect.objectContaining({ code: 'module/not-instrumentable' }),
    )
  })

  it('accepts a negative constant where nothing is priced by it', () => {
    expect(blocksOf('(drop (memory.grow (i32.const -1)))', OLD)).toEqual([8])
  })
})

describe('the stack cost of a function', () => {
  it('is two and the greatest height', () => {
    expect(stackCostOf('')).toBe(2)
    expect(stackCostOf('(drop (i32.add (i32.const 1) (i32.add (i32.const 2) (i32.const 3))))')).toBe(5)
  })

  it('counts locals, but from 0.4.0 on only their groups; never parameters', () => {
    const locals = '(local i32 i32 i32 i64 i32)'
    expect(stackCostOf(locals, OLD)).toBe(7)
    expect(stackCostOf(locals, NEW)).toBe(5)
  })

  it('leaves out what follows an unreachable up to the end of its block, the else branch included', () => {
    const deep = '(drop (i32.add (i32.const 1) (i32.add (i32.const 2) (i32.const 3))))'
    expect(stackCostOf(`(unreachable) ${deep}`)).toBe(2)
    expect(stackCostOf(`(block (unreachable) ${deep}) (drop (i32.const 1))`)).toBe(3)
    expect(stackCostOf(`(if (local.get 0) (then (unreachable)) (else ${deep}))`)).toBe(3)
    expect(stackCostOf(`(if (local.get 0) (then) (else (unreachable) ${deep}))`)).toBe(3)
  })

  it('does not reset the height at an else', () => {
    const result = '(drop (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))'
    expect(stackCostOf(result)).toBe(4)
  })

  it('ends with the first memory.copy of a block by 0.2.0, which reads its last byte as an unreachable', () => {
    const copy = '(memory.copy (i32.const 0) (i32.const 0) (i32.const 0))'
    const deep =
      '(drop (i32.add (i32.const 1) (i32.add (i32.const 2) (i32.add (i32.const 3) (i32.const 4)))))'
    expect(stackCostOf(copy + deep, OLD)).toBe(5)
    expect(stackCostOf(copy + deep, NEW)).toBe(6)
    expect(stackCostOf(`${copy}(block ${deep})`, OLD)).toBe(6)
  })
})
