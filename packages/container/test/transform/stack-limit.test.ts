import { NV15, NV17, NV18, NV28, type RuleSet } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { invokeGuest } from '../support/invoke-guest.ts'
import { wat } from '../support/wat.ts'

/** What `invoke` costs, which calls a function that needs no operands. */
const INVOKE = 3
/** What a function costs that does nothing, and has no locals. */
const NOTHING = 2
const LIMIT = 2048
const TRAP = {
  type: 'abort',
  exitCode: 4,
  message: 'wasm trap: wasm `unreachable` instruction executed',
}

/** Calls a function of so many locals, no two alike side by side: the newer instrumentation counts groups of like ones. */
function withLocals(count: number): Uint8Array<ArrayBuffer> {
  const locals = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 'i32' : 'i64')).join(' ')
  return wat(`(module (memory (export "memory") 1) (func $f (local ${locals}))
    (func (export "invoke") (param i32) (result i32) (call $f) (i32.const 7)))`)
}

/** Calls a function that calls itself so many times. */
function recursing(times: number): Uint8Array<ArrayBuffer> {
  return wat(`(module (memory (export "memory") 1)
    (func $f (param i32) (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))
    (func (export "invoke") (param i32) (result i32) (call $f (i32.const ${times})) (i32.const 7)))`)
}

// ref-fvm master fvm/src/machine/mod.rs (`max_wasm_stack`); fvm-wasm-instrument src/stack_limiter
describe.each<[RuleSet]>([[NV15], [NV17], [NV18], [NV28]])('the stack of $name', (rules) => {
  it('has 2,048 units, of which a call may take the last', async () => {
    const fits = LIMIT - INVOKE - NOTHING
    const run = async (locals: number): Promise<unknown> =>
      (await invokeGuest(withLocals(locals), { rules })).end
    expect(await run(fits)).toEqual({ type: 'return', handle: 7 })
    expect(await run(fits + 1)).toEqual(TRAP)
  })

  it('ends a recursion where the next call would not fit', async () => {
    // $f has at most the local and the constant on its stack: 4 units. 511 of them fit beside `invoke`.
    const deepest = Math.floor((LIMIT - INVOKE) / (NOTHING + 2))
    const run = async (calls: number): Promise<unknown> =>
      (await invokeGuest(recursing(calls - 1), { rules })).end
    expect(await run(deepest)).toEqual({ type: 'return', handle: 7 })
    expect(await run(deepest + 1)).toEqual(TRAP)
  })
})
