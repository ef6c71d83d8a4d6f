import { analyse, dialectOf, parseModule, type TransformRules, transform } from '@troupe/container'
import { describe, expect, it } from 'vitest'
import { random, randomModule } from '../support/random-module.ts'
import { NEW, OLD } from '../support/rules.ts'
import { type Observation, referenceRunner, transformedRunner } from '../support/run-instrumented.ts'
import { section, wasm } from '../support/wasm-builder.ts'
import { wat } from '../support/wat.ts'

const PLENTY = 200_000_000n
/** Most modules finish far below the real limit, so that a lower one is needed to see it hit. */
const LOW_STACK = 90

/** Compares a module's runs at several gas limits. Gives how they ended, or `undefined` where both instrumentations refuse the module. */
function compare(seed: number, rules: TransformRules): Observation['end'][] | undefined {
  const { extended } = dialectOf(rules.wasm)
  const module = parseModule(
    randomModule(seed, { extended, wildDeadCode: seed % 8 === 0 }),
    dialectOf(rules.wasm),
  )
  let reference: ReturnType<typeof referenceRunner>
  try {
    reference = referenceRunner(module, rules)
  } catch {
    expect(() => transformedRunner(module, rules), `seed ${seed}`).toThrow(
      expect.objectContaining({ code: 'module/not-instrumentable' }),
    )
    return undefined
  }
  const transformed = transformedRunner(module, rules)
  const whole = reference(PLENTY)
  const used = whole.gas === undefined ? Number(PLENTY) / 50 : Number(PLENTY - whole.gas)
  const roll = random(seed)
  const limits = [
    PLENTY,
    ...Array.from({ length: 5 }, () => BigInt(roll(used + 8000))),
    BigInt(used),
    BigInt(used - 1),
  ]
  return limits
    .filter((limit) => limit >= 0n)
    .map((limit) => {
      const expected = reference(limit)
      expect(transformed(limit), `seed ${seed}, ${limit} milligas`).toEqual(expected)
      return expected.end
    })
}

describe.each([
  ['0.2.0', OLD],
  ['0.4.0', NEW],
])('a module transformed by the rules of fvm-wasm-instrument %s', (_, rules) => {
  it.each([
    ['the real stack limit', rules.wasm.stackLimit, 0],
    ['a low stack limit', LOW_STACK, 1000],
  ])('ends as the reference’s does, with the same gas left, under %s', (_, stackLimit, firstSeed) => {
    const ends: Record<Observation['end'] | 'refused', number> = {
      return: 0,
      trap: 0,
      'out-of-gas': 0,
      refused: 0,
    }
    for (let seed = firstSeed; seed < firstSeed + 150; seed++) {
      const outcomes = compare(seed, { ...rules, wasm: { ...rules.wasm, stackLimit } })
      for (const end of outcomes ?? (['refused'] as const)) ends[end]++
    }
    expect(ends.return).toBeGreaterThan(50)
    expect(ends.trap).toBeGreaterThan(50)
    expect(ends['out-of-gas']).toBeGreaterThan(200)
    expect(ends.refused).toBeGreaterThan(0)
  })
})

describe('a block of unusual cost', () => {
  /** What a call of `memory.grow` with the greatest constant costs. */
  const GROW = '(drop (memory.grow (i32.const 0x7fffffff)))'
  const EACH = 0x7fff_ffffn * 26_214_400n

  // Beyond 2^63 the reference takes the cost for a negative number, and gives gas.
  it.each([1, 2, 163, 164, 200, 327])(
    'of %i growths by the greatest constant is charged like the reference’s',
    (count) => {
      const text = `(module (import "host" "f" (func $f (param i32) (result i32))) (memory (export "memory") 1 2)
      (func $g (param i32) (result i32) (if (i32.eqz (local.get 0)) (then (return (i32.const 1)))) ${GROW.repeat(count)}
        (call $f (i32.const 1)))
      (func (export "invoke") (param i32) (result i32) (drop (call $g (i32.const 0))) (drop (call $g (i32.const 1))) (call $f (i32.const 2))))`
      const module = parseModule(wat(text), dialectOf(NEW.wasm))
      const reference = referenceRunner(module, NEW)
      const transformed = transformedRunner(module, NEW)
      const limits = [
        0n,
        100_000n,
        1_000_000n,
        EACH,
        EACH * BigInt(count),
        EACH * BigInt(count) + 1_000_000_000n,
        2n ** 63n - 1n,
      ]
      for (const limit of limits.filter((limit) => limit < 2n ** 63n))
        expect(transformed(limit), `${limit} milligas`).toEqual(reference(limit))
    },
  )
})

describe('a function that a global refers to', () => {
  /** Calls $f through the table, into which the global's reference has been written; $f calls itself in the same way, and $g directly. */
  const MODULE = `(module (import "host" "f" (func $h (param i32) (result i32))) (memory (export "memory") 1 2)
    (table $t 2 funcref) (elem (i32.const 1) $f) (global $r funcref (ref.func $f)) (global $i funcref (ref.func $h))
    (type $u (func (param i32) (result i32)))
    (func $g (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func $f (param i32) (result i32)
      (if (result i32) (local.get 0)
        (then (call $g (call_indirect (type $u) (i32.sub (local.get 0) (i32.const 1)) (global.get $slot))))
        (else (i32.const 0))))
    (global $slot (mut i32) (i32.const 0))
    (func (export "invoke") (param i32) (result i32)
      (table.set $t (i32.const 0) (global.get $i))
      (drop (call_indirect (type $u) (i32.const 5) (i32.const 0)))
      (table.set $t (i32.const 0) (global.get $r))
      (global.set $slot (i32.const SLOT))
      (call_indirect (type $u) (i32.const DEPTH) (i32.const SLOT))))`

  // At a depth of d there are invoke and d + 1 activations of $f, of four units each.
  it.each([
    ['does not count for the stack height when it is called by that reference', 0, 200, 'return'],
    ['counts when it is called by the table that it stood in', 1, 200, 'trap'],
    ['counts when it is called by the table, up to the limit', 1, 20, 'return'],
    ['counts when it is called by the table, and no further', 1, 21, 'trap'],
  ] as const)('%s', (_, slot, depth, end) => {
    const rules = { ...NEW, wasm: { ...NEW.wasm, stackLimit: 90 } }
    const text = MODULE.replaceAll('SLOT', String(slot)).replace('DEPTH', String(depth))
    const module = parseModule(wat(text, { reference_types: true }), dialectOf(rules.wasm))
    const expected = referenceRunner(module, rules)(PLENTY)
    expect(expected.end).toBe(end)
    expect(transformedRunner(module, rules)(PLENTY)).toEqual(expected)
  })
})

describe('a module without a function section', () => {
  const bytes = wasm(section(5, [1, 0, 1]))

  it('is refused by 0.4.0, and taken by 0.2.0', () => {
    expect(transform(parseModule(bytes, dialectOf(OLD.wasm)), OLD)).toBeInstanceOf(Uint8Array)
    const refused = expect.objectContaining({ code: 'module/not-instrumentable' })
    expect(() => transform(parseModule(bytes, dialectOf(NEW.wasm)), NEW)).toThrow(refused)
    expect(() => analyse(parseModule(bytes, dialectOf(NEW.wasm)), NEW)).toThrow(refused)
  })
})
