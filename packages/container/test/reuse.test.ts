import { Container, dialectOf, parseModule } from '@troupe/container'
import { NV17, NV18 } from '@troupe/hypervisor'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { InstancePool } from '../src/invocation/instance-pool.ts'
import { type Invoked, type InvokeOptions, invokeGuest } from './support/invoke-guest.ts'
import { random, randomModule } from './support/random-module.ts'
import { NEW, OLD } from './support/rules.ts'
import { type Runner, reusingRunner, transformedRunner } from './support/run-instrumented.ts'
import { wat } from './support/wat.ts'

/** A module whose `invoke` has this body; a memory of one page, and what else is given. */
function guest(body: string, rest = '', memory = '1'): Uint8Array<ArrayBuffer> {
  return wat(
    `(module ${rest} (memory (export "memory") ${memory}) (func (export "invoke") (param $in i32) (result i32) (local $seen i32) ${body} (local.get $seen)))`,
  )
}

/** Code that takes down what it sees before it changes it: of a new instance always the same. */
const see = (value: string): string =>
  `(local.set $seen (i32.add (i32.mul (local.get $seen) (i32.const 31)) ${value}))`

const seenOf = ({ end, charges, memoryUsed, syscalls, lastFailure, result }: Invoked): unknown => ({
  ...{ end, charges, memoryUsed, syscalls, lastFailure },
  receipt: result?.receipt,
})

/** Calls a module several times: in instances that may be used again, which gives how many were, and in new ones; both must look the same. */
async function callRepeatedly(
  bytes: Uint8Array,
  options: readonly Partial<InvokeOptions>[] = [{}, {}, {}, {}, {}],
): Promise<number> {
  const take = vi.spyOn(InstancePool.prototype, 'take').mockClear()
  const reusing = new Container()
  const used: unknown[] = []
  for (const each of options)
    used.push(seenOf(await invokeGuest(bytes, { rules: NV18, ...each, container: reusing })))
  const renewed = take.mock.results.filter(({ value }) => value !== undefined).length
  const fresh = new Container({ maximumIdleInstances: 0 })
  const expected: unknown[] = []
  for (const each of options)
    expected.push(seenOf(await invokeGuest(bytes, { rules: NV18, ...each, container: fresh })))
  expect(used).toEqual(expected)
  return renewed
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('an instance that is used again is as good as new', () => {
  it('is used from the third call on', async () => {
    expect(await callRepeatedly(guest(''))).toBe(3)
  })

  it('whatever its code writes to memory, data segments and the last byte included', async () => {
    const body = `
      ${see('(i32.load (i32.const 0))')} ${see('(i32.load (i32.const 40000))')} ${see('(i32.load8_u (i32.const 65535))')}
      (memory.fill (i32.const 0) (i32.const 0xaa) (i32.const 65536))`
    const data = '(data (i32.const 0) "abcd") (data (i32.const 39999) "efghij") (data (i32.const 65535) "z")'
    expect(await callRepeatedly(guest(body, data))).toBe(3)
  })

  it('whatever it sets its globals to, the bits of NaNs and references included', async () => {
    const globals = `
      (global $a (mut i32) (i32.const -7)) (global $b (mut i64) (i64.const 0x8123456789abcdef))
      (global $c (mut f32) (f32.const -nan:0x200001)) (global $d (mut f64) (f64.const nan:0x4000000000001))
      (global $e (mut funcref) (ref.func $f)) (global $g (mut funcref) (ref.null func)) (global $h i32 (i32.const 5))
      (func $f)`
    const fold = (bits: string): string =>
      `(i32.xor (i32.wrap_i64 ${bits}) (i32.wrap_i64 (i64.shr_u ${bits} (i64.const 32))))`
    const body = `
      ${see('(global.get $a)')} ${see(fold('(global.get $b)'))} ${see('(i32.reinterpret_f32 (global.get $c))')}
      ${see(fold('(i64.reinterpret_f64 (global.get $d))'))} ${see('(global.get $h)')}
      (global.set $a (i32.const 1)) (global.set $b (i64.const 2)) (global.set $c (f32.const 3)) (global.set $d (f64.const 4))
      (global.set $e (global.get $g))`
    expect(await callRepeatedly(guest(body, globals))).toBe(3)
  })

  it('where the table holds references, and is called through', async () => {
    const rest = '(table 2 2 funcref) (elem (i32.const 0) $f $f) (func $f (result i32) (i32.const 9))'
    expect(await callRepeatedly(guest(see('(call_indirect (result i32) (i32.const 1))'), rest))).toBe(3)
  })

  it('where a passive segment is used, and not dropped', async () => {
    const body = `${see('(i32.load (i32.const 8))')} (memory.init $s (i32.const 8) (i32.const 0) (i32.const 4)) ${see('(i32.load (i32.const 8))')}`
    expect(await callRepeatedly(guest(body, '(data $s "wxyz")'))).toBe(3)
  })

  it('where a start function has changed it before, which runs and is charged for each time', async () => {
    const rest = `(global $n (mut i32) (i32.const 3)) (start $s) (func $s
      (global.set $n (i32.mul (global.get $n) (i32.const 2))) (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1))))`
    const body = `${see('(global.get $n)')} ${see('(i32.load (i32.const 4))')}`
    expect(await callRepeatedly(guest(body, rest))).toBe(3)
    expect(await callRepeatedly(guest(body, rest), Array(5).fill({ rules: NV17 }))).toBe(3)
  })

  it('after whatever end: returns, traps, aborts and want of gas in turns, at any point', async () => {
    const rest = `(import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
      (import "gas" "available" (func $available (param i32) (result i32))) (global $n (mut i32) (i32.const 0))`
    const body = `(local $i i32)
      ${see('(global.get $n)')} ${see('(i32.load (i32.const 16))')}
      (loop (global.set $n (i32.add (global.get $n) (i32.const 1))) (i32.store (i32.const 16) (global.get $n))
        (drop (call $available (i32.const 64)))
        (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $i) (i32.const 20))))`
    const used = (await invokeGuest(guest(body, rest), { rules: NV18 })).result?.receipt.gasUsed as bigint
    // The message's own inclusion takes some of it.
    const least = 1_100_000n
    const limits = Array.from({ length: 25 }, (_, i) => least + ((used - least) * BigInt((i * 7) % 24)) / 23n)
    const whole = [{}, {}, {}, ...limits.map((gasLimit) => ({ gasLimit })), {}]
    expect(await callRepeatedly(guest(body, rest), whole)).toBeGreaterThan(20)
    for (const end of [
      'unreachable',
      '(drop (call $exit (i32.const 20) (i32.const 0) (i32.const 0) (i32.const 0)))',
    ])
      expect(await callRepeatedly(guest(`${body} ${end}`, rest), whole)).toBeGreaterThan(20)
  })

  it('while others of its module are being called', async () => {
    const rest = `(import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))
      (data (i32.const 0) "\\00\\65") (global $depth (mut i32) (i32.const 0))`
    const memory = '1 1'
    const body = `${see('(global.get $depth)')} ${see('(i32.load (i32.const 32))')}
      (global.set $depth (i32.const 1)) (i32.store (i32.const 32) (i32.const 77))
      ${see('(call $send (i32.const 64) (i32.const 0) (i32.const 2) (i64.const 2) (i32.const 0) (i64.const 0) (i64.const 0) (i64.const -1) (i64.const 0))')}
      ${see('(global.get $depth)')} ${see('(i32.load (i32.const 32))')}`
    // Few enough instances for a browser, which has room for about a hundred memories until it collects them.
    const calls = Array(4).fill({ gasLimit: 1_500_000n })
    expect(await callRepeatedly(guest(body, rest, memory), calls)).toBeGreaterThan(3)
  })
})

describe('an instance is used once', () => {
  it('where its memory has grown, though others of the module are used again', async () => {
    const body = `${see('(memory.size)')} (if (i32.gt_u (memory.size) (i32.const 1)) (then (unreachable))) ${see('(memory.grow (i32.const 1))')}`
    expect(await callRepeatedly(guest(body))).toBe(0)
  })

  it.each([
    ['table.set', '(table.set $t (i32.const 0) (table.get $t (i32.const 1)))'],
    ['table.fill', '(table.fill $t (i32.const 0) (table.get $t (i32.const 1)) (i32.const 1))'],
    ['table.grow', '(drop (table.grow $t (table.get $t (i32.const 1)) (i32.const 1)))'],
    ['table.init', '(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))'],
    ['table.copy', '(table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 1))'],
    ['elem.drop', '(elem.drop $e)'],
    ['data.drop', '(data.drop $d)'],
  ])('where its code has %s, reached or not', async (_, instruction) => {
    const rest = `(table $t 2 5 funcref) (elem $e func $g) (elem (table $t) (i32.const 0) func $f $g) (data $d "1234")
      (func $f (result i32) (i32.const 1)) (func $g (result i32) (i32.const 2))`
    const observe = see('(call_indirect (result i32) (i32.const 0))')
    expect(await callRepeatedly(guest(`${observe} ${instruction}`, rest))).toBe(0)
    expect(await callRepeatedly(guest(`${observe} (if (i32.const 0) (then ${instruction}))`, rest))).toBe(0)
  })

  it('where a segment that was dropped would be used', async () => {
    const body = `(memory.init $d (i32.const 0) (i32.const 0) (i32.const 4)) (data.drop $d) ${see('(i32.load (i32.const 0))')}`
    expect(await callRepeatedly(guest(body, '(data $d "1234")'))).toBe(0)
  })

  it('where the module has no memory that it exports', async () => {
    const bytes = wat('(module (memory 1) (func (export "invoke") (param i32) (result i32) (i32.const 0)))')
    expect(await callRepeatedly(bytes)).toBe(0)
    const none = wat('(module (func (export "invoke") (param i32) (result i32) (i32.const 0)))')
    expect(await callRepeatedly(none)).toBe(0)
  })
})

/** What runs a module, unless it cannot be instrumented. */
function runnerOf(make: () => Runner): Runner | undefined {
  try {
    return make()
  } catch (error) {
    expect(error).toMatchObject({ code: 'module/not-instrumentable' })
    return undefined
  }
}

/** How many are tried by each version; all of them take several seconds. A browser has no environment to ask. */
const RANDOM_MODULES = globalThis.process?.env['TROUPE_EXHAUSTIVE'] === undefined ? 80 : 250

describe.each([
  ['0.2.0', OLD, 0],
  ['0.4.0', NEW, 5000],
])('random modules by the rules of fvm-wasm-instrument %s', (_, rules, firstSeed) => {
  it('end the same in instances that are used again, whatever the calls before have done', () => {
    let renewed = 0
    for (let seed = firstSeed; seed < firstSeed + RANDOM_MODULES; seed++) {
      const module = parseModule(
        randomModule(seed, { extended: dialectOf(rules.wasm).extended }),
        dialectOf(rules.wasm),
      )
      const roll = random(seed)
      const fresh = runnerOf(() => transformedRunner(module, rules))
      if (fresh === undefined) continue
      const reusing = reusingRunner(module, rules, () => renewed++)
      for (let call = 0; call < 8; call++) {
        const milligas = roll(3) === 0 ? BigInt(roll(400_000)) : 50_000_000n
        const argument = roll(20) - 5
        expect(reusing(milligas, argument), `seed ${seed}, call ${call}`).toEqual(fresh(milligas, argument))
      }
    }
    expect(renewed).toBeGreaterThan(RANDOM_MODULES)
  })
})
