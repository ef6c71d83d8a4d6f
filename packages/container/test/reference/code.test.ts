/**
 * @module What code may do, as the reference's integration tests have it done: modules of our own that do the same.
 *
 * Source: ref-fvm master testing/integration/tests/main.rs (`test_exitcode`, `test_allocate_…`, `test_oom…`), fil_integer_overflow.rs and
 * testing/test_actors/actors/fil-oom-actor.
 */
import { NV21, NV28, type RuleSet } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { invokeGuest } from '../support/invoke-guest.ts'
import { wat } from '../support/wat.ts'

const PAGE = 65_536
/** What a compiled actor has from the start. */
const INITIAL_PAGES = 17
const MAX_GAS_LIMIT = 2n ** 63n - 1n

/** A module whose `invoke` has this body, and a memory of so many pages. */
function guest(body: string, pages = 1, rest = ''): Uint8Array<ArrayBuffer> {
  return wat(`(module (memory (export "memory") ${pages}) ${rest}
    (func (export "invoke") (param i32) (result i32) (local $pages i32) ${body}))`)
}

/** Grows the memory by so many pages at once, and traps where that fails, as an actor does whose allocator gets no memory. */
const allocating = (pages: number): Uint8Array<ArrayBuffer> =>
  guest(
    `(if (i32.eq (memory.grow (i32.const ${pages})) (i32.const -1)) (then (unreachable))) (i32.const 0)`,
    INITIAL_PAGES,
  )

describe.each<[RuleSet]>([[NV21], [NV28]])('the reference’s tests of code, at $name', (rules) => {
  const exitOf = async (bytes: Uint8Array, gasLimit = 10_000_000n, changed: RuleSet = rules) =>
    (await invokeGuest(bytes, { rules: changed, gasLimit })).result?.receipt.exitCode

  it.each([
    ['out_of_gas', '(loop (br 0)) (i32.const 1)', 7],
    ['unreachable', '(unreachable)', 4],
    ['div_by_zero', '(i32.div_u (i32.const 10) (i32.const 0))', 4],
    ['out_of_stack', '(drop (call $deep (i64.const 123))) (i32.const 0)', 4],
  ])('%s', async (_, body, exitCode) => {
    const deep = '(func $deep (param i64) (result i64) (call $deep (local.get 0)))'
    expect(await exitOf(guest(body, 1, deep))).toBe(exitCode)
  })

  it('no_memory: a memory of no pages is a memory', async () => {
    expect(await exitOf(guest('(i32.const 0)', 0))).toBe(0)
  })

  it('test_allocate_max and test_allocate_max_plus_a_bit', async () => {
    expect(await exitOf(allocating(8192 - INITIAL_PAGES), MAX_GAS_LIMIT)).toBe(0)
    expect(await exitOf(allocating(8193 - INITIAL_PAGES), MAX_GAS_LIMIT)).toBe(4)
  })

  it('test_allocate_many_and_oom: a mebibyte at a time', async () => {
    const grow = `(loop
      (local.set $pages (memory.grow (i32.const 16)))
      (br_if 0 (i32.ne (local.get $pages) (i32.const -1))))`
    expect(await exitOf(guest(`${grow} (unreachable)`, INITIAL_PAGES), MAX_GAS_LIMIT)).toBe(4)
    const { end } = await invokeGuest(guest(`${grow} (memory.size)`, INITIAL_PAGES), {
      rules,
      gasLimit: MAX_GAS_LIMIT,
    })
    expect(end).toEqual({
      type: 'return',
      handle: INITIAL_PAGES + 16 * Math.floor((8192 - INITIAL_PAGES) / 16),
    })
  })

  it('test_oom3: an actor that does not fit the memory of a message', async () => {
    const small = { ...rules, name: 'small', maximumMemoryBytes: PAGE }
    expect(await exitOf(guest('(i32.const 0)', INITIAL_PAGES), MAX_GAS_LIMIT, small)).toBe(4)
    expect(await exitOf(guest('(i32.const 0)', 1), MAX_GAS_LIMIT, small)).toBe(0)
  })

  it('test_oom4: an allocation that does not fit the memory of an instance', async () => {
    const small = { ...rules, name: 'small', wasm: { ...rules.wasm, maximumMemoryPages: 32 } }
    expect(await exitOf(allocating(64), MAX_GAS_LIMIT, small)).toBe(4)
    expect(await exitOf(allocating(32 - INITIAL_PAGES), MAX_GAS_LIMIT, small)).toBe(0)
  })

  it('fil_integer_overflow.rs: integers wrap', async () => {
    const body = `(i64.eq (i64.const -5340232216128654848)
      (i64.mul (i64.shr_s (i64.const 10000000000) (i64.const 1)) (i64.add (i64.const 10000000000) (i64.const 1))))`
    expect((await invokeGuest(guest(body), { rules })).end).toEqual({ type: 'return', handle: 1 })
  })
})
