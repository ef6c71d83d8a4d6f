import { Container, HostStackExhausted } from '@troupe/container'
import { NV15, NV17, NV18, NV28, type RuleSet, withActorUpgrades } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { charged, invokeGuest } from './support/invoke-guest.ts'
import { wat } from './support/wat.ts'

/** A module whose `invoke` has this body; a memory of one page, and what else is given. */
function guest(body: string, rest = ''): Uint8Array<ArrayBuffer> {
  return wat(
    `(module ${rest} (memory (export "memory") 1) (func (export "invoke") (param $in i32) (result i32) ${body}))`,
  )
}

const RESULT = '(i32.const 0)'
const PAGE = 65_536
const INITIAL = PAGE * 400
const EXIT = '(import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))'
const ABORT = '(import "vm" "abort" (func $abort (param i32 i32 i32) (result i32)))'
/** What a thunk for a function with one parameter costs, in milligas. */
const THUNK = 56_000

describe('an invocation', () => {
  it('gives what the code returns, as a handle', async () => {
    const { end } = await invokeGuest(guest('(i32.const -1)'), { rules: NV18 })
    expect(end).toEqual({ type: 'return', handle: 2 ** 32 - 1 })
  })

  it('hands the code its parameters', async () => {
    const { end } = await invokeGuest(guest('(i32.add (local.get $in) (i32.const 7))'), { rules: NV18 })
    expect(end).toEqual({ type: 'return', handle: 7 })
  })

  it('charges for the initial memory, then for what the code consumes', async () => {
    const { charges } = await invokeGuest(guest(RESULT), { rules: NV18 })
    expect(charges).toEqual([
      ['wasm_memory_init', INITIAL],
      ['wasm_exec', THUNK + 4000],
    ])
  })

  it('charges for the initial table too, where it is exported as `table`', async () => {
    const table = await invokeGuest(guest(RESULT, '(table (export "table") 10 funcref)'), { rules: NV18 })
    expect(table.charges.slice(0, 2)).toEqual([
      ['wasm_table_init', 32_000],
      ['wasm_memory_init', INITIAL],
    ])
    const other = await invokeGuest(guest(RESULT, '(table (export "t") 10 funcref)'), { rules: NV18 })
    expect(other.charges[0]).toEqual(['wasm_memory_init', INITIAL])
  })

  it('starts for free in generation 2', async () => {
    const { charges } = await invokeGuest(guest(RESULT, '(table (export "table") 10 funcref)'), {
      rules: NV17,
    })
    expect(charges).toEqual([['wasm_exec', THUNK + 4000]])
  })

  it('is free but for syscalls in network version 15', async () => {
    const { charges, end } = await invokeGuest(guest(RESULT), { rules: NV15 })
    expect(charges).toEqual([])
    expect(end.type).toBe('return')
  })

  it('gets a fresh instance each time', async () => {
    const container = new Container()
    const bytes = guest(
      '(global.set $n (i32.add (global.get $n) (i32.const 1))) (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (global.get $n))) (i32.load (i32.const 8))',
      '(global $n (mut i32) (i32.const 0))',
    )
    for (let i = 0; i < 2; i++)
      expect((await invokeGuest(bytes, { rules: NV18, container })).end).toEqual({
        type: 'return',
        handle: 1,
      })
  })

  it('meters the same beyond 2^53 milligas', async () => {
    const bytes = guest(
      `(local $i i32) (loop (local.set $i (i32.add (local.get $i) (i32.const 1)))
       (drop (call $available (i32.const 0))) (br_if 0 (i32.lt_u (local.get $i) (i32.const 5)))) (i32.const 0)`,
      '(import "gas" "available" (func $available (param i32) (result i32)))',
    )
    const near = await invokeGuest(bytes, { rules: NV18 })
    const wide = await invokeGuest(bytes, { rules: NV18, gasLimit: 2n ** 63n / 1000n })
    expect(wide.charges).toEqual(near.charges)
    expect(wide.result?.receipt.gasUsed).toBe(near.result?.receipt.gasUsed)
  })
})

describe('code that traps ends with exit code 4', () => {
  it.each([
    ['wasm `unreachable` instruction executed', 'unreachable'],
    ['out of bounds memory access', '(i32.load (i32.const 65533))'],
    ['integer divide by zero', '(i32.div_u (i32.const 1) (i32.const 0))'],
    ['integer divide by zero', '(i32.rem_s (i32.const 1) (i32.const 0))'],
    ['integer overflow', '(i32.div_s (i32.const 0x80000000) (i32.const -1))'],
    ['invalid conversion to integer', '(i32.trunc_f32_s (f32.const nan))'],
    [
      'undefined element: out of bounds table access',
      '(call_indirect (param i32) (result i32) (i32.const 0) (i32.const 5))',
    ],
    [
      'uninitialized element or indirect call type mismatch',
      '(call_indirect (param i32) (result i32) (i32.const 0) (i32.const 1))',
    ],
    [
      'uninitialized element or indirect call type mismatch',
      '(call_indirect (param i64) (result i32) (i64.const 0) (i32.const 0))',
    ],
    [
      'out of bounds memory access',
      '(memory.fill (i32.const 65530) (i32.const 0) (i32.const 7)) (i32.const 0)',
    ],
  ])('%s', async (message, body) => {
    const { end, result } = await invokeGuest(
      guest(body, '(table 2 funcref) (elem (i32.const 0) $f) (func $f)'),
      { rules: NV18 },
    )
    expect(end).toEqual({ type: 'abort', exitCode: 4, message: `wasm trap: ${message}` })
    expect(result?.receipt.exitCode).toBe(4)
  })

  it('and has paid for the whole block that it trapped in', async () => {
    const { charges } = await invokeGuest(guest('(unreachable) (drop (i32.const 1)) (drop (i32.const 2))'), {
      rules: NV18,
    })
    expect(charges.at(-1)).toEqual(['wasm_exec', THUNK + 8000])
  })

  it('and so does recursion beyond the stack limit', async () => {
    const bytes = guest(
      '(call $f (local.get $in))',
      '(func $f (param i32) (result i32) (call $f (local.get 0)))',
    )
    const { end, charges } = await invokeGuest(bytes, { rules: NV18 })
    expect(end).toEqual({
      type: 'abort',
      exitCode: 4,
      message: 'wasm trap: wasm `unreachable` instruction executed',
    })
    // invoke costs 3 units, and so does $f: 2048 has room for invoke and 681 times $f. Each pays for one local.get and one call.
    expect(charges.at(-1)).toEqual(['wasm_exec', THUNK + 682 * 56_000])
  })
})

describe('code that runs out of gas', () => {
  const LOOP = '(loop (br 0)) (i32.const 0)'

  it('ends the message with exit code 7 and all gas used', async () => {
    const { end, result } = await invokeGuest(guest(LOOP), { rules: NV18, gasLimit: 2_000_000n })
    expect(end).toEqual({ type: 'out-of-gas' })
    expect(result?.receipt).toMatchObject({ exitCode: 7, gasUsed: 2_000_000n })
  })

  it.each([
    ['a trap', '(drop (i32.const 1)) (unreachable)'],
    [
      'a syscall',
      `(drop (i32.const 1)) (call $exit (i32.const 99) (i32.const 0) (i32.const 0) (i32.const 0))`,
    ],
  ])('does so even where it runs into %s first', async (_, body) => {
    const enough = await invokeGuest(guest(body, EXIT), { rules: NV18 })
    expect(enough.end.type).toBe('abort')
    const available = THUNK + 3000
    const { end } = await invokeGuest(guest(body, EXIT), {
      rules: NV18,
      before: (kernel) => kernel.gas.pushLimit(BigInt(INITIAL + available)),
    })
    expect(end).toEqual({ type: 'out-of-gas' })
  })

  it('takes no memory first', async () => {
    const { end, memoryUsed } = await invokeGuest(guest('(drop (memory.grow (i32.const 3))) (i32.const 0)'), {
      rules: NV17,
      before: (kernel) => kernel.gas.pushLimit(1000n),
    })
    expect(end).toEqual({ type: 'out-of-gas' })
    expect(memoryUsed).toBe(PAGE)
  })
})

describe('an abort', () => {
  it('ends the invocation with its exit code, and charges no code that did not run', async () => {
    const body = '(drop (call $exit (i32.const 33) (i32.const 0) (i32.const 8) (i32.const 2))) (unreachable)'
    const { end, charges } = await invokeGuest(guest(body, `${EXIT} (data (i32.const 8) "no")`), {
      rules: NV18,
    })
    expect(end).toEqual({ type: 'abort', exitCode: 33, message: 'no' })
    expect(charges.slice(1)).toEqual([
      ['wasm_exec', THUNK + 20_000],
      ['OnSyscall', 14_000_000],
    ])
  })

  it('with exit code 0 is a success', async () => {
    const body = '(call $exit (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))'
    const { result } = await invokeGuest(guest(body, EXIT), { rules: NV18 })
    expect(result?.receipt.exitCode).toBe(0)
  })

  it('of generation 2 goes the same way', async () => {
    const body = '(call $abort (i32.const 33) (i32.const 0) (i32.const 0))'
    const { end } = await invokeGuest(guest(body, ABORT), { rules: NV17 })
    expect(end).toMatchObject({ type: 'abort', exitCode: 33 })
  })
})

describe('a start function', () => {
  const start = (body: string, rest = ''): Uint8Array<ArrayBuffer> =>
    guest('(i32.load (i32.const 0))', `${rest} (func $start ${body}) (start $start)`)

  it('runs first, and is charged for by itself', async () => {
    const { end, charges } = await invokeGuest(start('(i32.store (i32.const 0) (i32.const 5))'), {
      rules: NV18,
    })
    expect(end).toEqual({ type: 'return', handle: 5 })
    expect(charges).toEqual([
      ['wasm_memory_init', INITIAL],
      ['wasm_exec', 52_000 + 12_000],
      ['wasm_exec', THUNK + 8000],
    ])
  })

  it('leaves the stack height as it was', async () => {
    const deep =
      '(func $f (param i32) (result i32) (if (result i32) (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0))))'
    const bytes = (depth: number): Uint8Array<ArrayBuffer> =>
      guest(
        `(call $f (i32.const ${depth}))`,
        `${deep} (func $start (drop (call $f (i32.const 100)))) (start $start)`,
      )
    // invoke 3, $f 4 units: (2048 - 3) / 4 = 511 activations, of which the last has 0 for its parameter.
    expect((await invokeGuest(bytes(510), { rules: NV18 })).end.type).toBe('return')
    expect((await invokeGuest(bytes(511), { rules: NV18 })).end).toMatchObject({ exitCode: 4 })
  })

  it.each([
    ['trap', 'unreachable', ''],
    ['abort', '(drop (call $exit (i32.const 33) (i32.const 0) (i32.const 0) (i32.const 0)))', EXIT],
  ])('that ends with a(n) %s gives exit code 4', async (_, body, rest) => {
    const { end } = await invokeGuest(start(body, rest), { rules: NV18 })
    expect(end).toMatchObject({ type: 'abort', exitCode: 4 })
  })

  it('that runs out of gas ends the invocation so', async () => {
    const { end } = await invokeGuest(start('(loop (br 0))'), { rules: NV18, gasLimit: 3_000_000n })
    expect(end).toEqual({ type: 'out-of-gas' })
  })

  it('has no gas in generation 2, and is fatal therefore', async () => {
    expect((await invokeGuest(start(''), { rules: NV17 })).end.type).toBe('fatal')
    expect((await invokeGuest(start(''), { rules: NV15 })).end.type).toBe('return')
  })

  it('makes syscalls that see no memory', async () => {
    const bytes = start(
      '(i32.store (i32.const 0) (call $available (i32.const 8)))',
      '(import "gas" "available" (func $available (param i32) (result i32)))',
    )
    expect((await invokeGuest(bytes, { rules: NV18 })).end).toEqual({ type: 'return', handle: 1 })
  })
})

describe('a module that cannot be run is fatal', () => {
  it.each<[string, string, RuleSet[]]>([
    [
      'without a memory',
      '(module (func (export "invoke") (param i32) (result i32) (i32.const 0)))',
      [NV17, NV18],
    ],
    [
      'with a memory of another name',
      '(module (memory (export "m") 1) (func (export "invoke") (param i32) (result i32) (i32.const 0)))',
      [NV17, NV18],
    ],
    ['without a function `invoke`', '(module (memory (export "memory") 1) (func))', [NV17, NV18]],
    [
      'with an `invoke` of another type',
      '(module (memory (export "memory") 1) (func (export "invoke") (param i64) (result i32) (i32.const 0)))',
      [NV17, NV18],
    ],
    [
      'with a global `invoke`',
      '(module (memory (export "memory") 1) (global (export "invoke") i32 (i32.const 0)) (func))',
      [NV17, NV18],
    ],
    [
      'with an unknown import',
      '(module (import "vm" "none" (func)) (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const 0)))',
      [NV17, NV18],
    ],
    [
      'with a syscall of another generation',
      `(module ${EXIT} (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const 0)))`,
      [NV17],
    ],
    [
      'with a syscall of another type',
      '(module (import "vm" "exit" (func (param i32 i32 i32) (result i32))) (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const 0)))',
      [NV18],
    ],
    [
      'that imports what the transformer adds',
      '(module (import "troupe" "memory_grow" (func (param i32) (result i32))) (memory (export "memory") 1) (func (export "invoke") (param i32) (result i32) (i32.const 0)))',
      [NV18],
    ],
  ])('%s', async (_, text, generations) => {
    for (const rules of generations) {
      const { end, result } = await invokeGuest(wat(text), { rules })
      expect(end.type).toBe('fatal')
      expect(result?.receipt).toMatchObject({ exitCode: 10, gasUsed: 1_000_000_000n })
    }
  })

  it('but its initial memory has been charged for', async () => {
    const bytes = wat('(module (import "vm" "none" (func)) (memory (export "memory") 1) (func))')
    expect(charged(await invokeGuest(bytes, { rules: NV18 }), 'wasm_memory_init')).toEqual([INITIAL])
  })
})

describe('a segment that does not fit', () => {
  it.each([
    ['data', '(data (i32.const 65535) "ab")'],
    ['elements', '(table 1 funcref) (func $f) (elem (i32.const 1) $f)'],
  ])('%s: gives exit code 4, and is fatal in generation 2', async (_, rest) => {
    expect((await invokeGuest(guest(RESULT, rest), { rules: NV18 })).end).toMatchObject({
      type: 'abort',
      exitCode: 4,
    })
    expect((await invokeGuest(guest(RESULT, rest), { rules: NV17 })).end.type).toBe('fatal')
  })
})

describe('a failure of the host', () => {
  it('passes through the guest’s frames as it is, whatever it is', async () => {
    const runtimeError = new (
      globalThis as unknown as { WebAssembly: { RuntimeError: new () => Error } }
    ).WebAssembly.RuntimeError()
    const bytes = guest(
      '(call $tipset (i32.const 0) (i64.const 99) (i32.const 100) (i32.const 100))',
      '(import "network" "tipset_cid" (func $tipset (param i32 i64 i32 i32) (result i32)))',
    )
    for (const failure of [new Error('no'), new RangeError('no'), runtimeError, 'no']) {
      const { end, result } = await invokeGuest(bytes, {
        rules: NV18,
        externs: {
          fidelity: { level: 'exact' },
          tipsetCid: () => {
            throw failure
          },
        } as never,
      })
      expect(end).toEqual({ type: 'host-failure', error: failure })
      expect(result).toBeUndefined()
    }
  })

  it('is the exhaustion of the native stack, and never a trap', async () => {
    const rules: RuleSet = { ...NV18, name: 'boundless', wasm: { ...NV18.wasm, stackLimit: 0x7fff_ffff } }
    const bytes = guest(
      '(call $f (local.get $in))',
      '(func $f (param i32) (result i32) (call $f (local.get 0)))',
    )
    const { end, result } = await invokeGuest(bytes, { rules })
    expect(end).toEqual({ type: 'host-failure', error: expect.any(HostStackExhausted) })
    expect(result).toBeUndefined()
  })
})

describe('an actor that calls another', () => {
  const SEND = '(import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))'
  /** Calls actor 102 with a parameterless message, and gives its exit code. */
  const caller = guest(
    '(drop (call $send (i32.const 8) (i32.const 0) (i32.const 2) (i64.const 2) (i32.const 0) (i64.const 0) (i64.const 0) (i64.const -1) (i64.const 0))) (i32.load (i32.const 8))',
    `${SEND} (data (i32.const 0) "\\00\\66")`,
  )

  it('waits for it, and both are metered', async () => {
    const callee = guest('(loop (br_if 0 (i32.eqz (i32.const 1)))) (i32.const 0)')
    const { end, charges } = await invokeGuest(caller, { rules: NV18, others: { 102: callee } })
    expect(end).toEqual({ type: 'return', handle: 0 })
    expect(charges).toEqual([
      ['wasm_memory_init', INITIAL],
      ['wasm_exec', THUNK + 12 * 4000],
      ['OnSyscall', 14_000_000],
      ['OnActorLookup', 500_000_000],
      ['OnMethodInvocation', 75_000_000],
      ['wasm_memory_init', INITIAL],
      ['wasm_exec', THUNK + 12_000 + 4000],
    ])
  })

  it('sees its exit code', async () => {
    const callee = guest('(call $exit (i32.const 44) (i32.const 0) (i32.const 0) (i32.const 0))', EXIT)
    expect((await invokeGuest(caller, { rules: NV18, others: { 102: callee } })).end).toMatchObject({
      handle: 44,
    })
    expect(
      (await invokeGuest(caller, { rules: NV18, others: { 102: guest('unreachable') } })).end,
    ).toMatchObject({ handle: 4 })
  })

  it('gets back the memory that it took', async () => {
    const { memoryUsed } = await invokeGuest(caller, { rules: NV18, others: { 102: guest(RESULT) } })
    expect(memoryUsed).toBe(PAGE)
  })
})

describe('entry points (ref-fvm master fvm/src/call_manager/default.rs)', () => {
  const none = wat('(module (memory (export "memory") 1) (func (export "run")))')
  const misfit = wat(
    '(module (memory (export "memory") 1) (func (export "invoke") (result i32) (i32.const 0)))',
  )

  it('that are missing make an invalid receiver in generation 4, and are fatal before', async () => {
    expect((await invokeGuest(none, { rules: NV28 })).end).toMatchObject({ type: 'abort', exitCode: 5 })
    expect((await invokeGuest(none, { rules: NV18 })).end).toMatchObject({ type: 'fatal' })
    for (const rules of [NV18, NV28])
      expect((await invokeGuest(misfit, { rules })).end).toMatchObject({ type: 'fatal' })
  })

  it('are missing only once the initial memory has been paid for', async () => {
    const { charges } = await invokeGuest(none, { rules: NV28 })
    expect(charges).toEqual([['wasm_memory_init', INITIAL]])
  })

  it('for upgrades take two handles', async () => {
    const rules = withActorUpgrades(NV28)
    const container = new Container()
    const upgradable = wat(
      `(module (memory (export "memory") 1)
        (func (export "upgrade") (param i32 i32) (result i32)
          (i32.add (i32.mul (local.get 0) (i32.const 10)) (local.get 1))))`,
    )
    const outcomes: unknown[] = []
    await invokeGuest(none, {
      rules,
      before: (kernel) => {
        const code = kernel.calls.machine.emptyTuple
        outcomes.push(container.prepare(code, upgradable, rules).upgrade(kernel, 3, 4))
        try {
          container.prepare(code, upgradable, rules).invoke(kernel, 1)
        } catch (error) {
          outcomes.push((error as { exitCode?: number }).exitCode)
        }
      },
    })
    expect(outcomes).toEqual([34, 5])
  })
})

describe('the syscalls of generation 4', () => {
  it('take events and aggregates from memory', async () => {
    // One entry: no flags, raw, a key of one byte, a value of two.
    const { end, result } = await invokeGuest(
      guest(
        `(if (i64.ne (i64.load (i32.const 900)) (i64.const 0)) (then unreachable))
         (if (call $emit (i32.const 0) (i32.const 1) (i32.const 24) (i32.const 1) (i32.const 25) (i32.const 2)) (then unreachable))
         (if (i32.ne (call $emit (i32.const 65500) (i32.const 2) (i32.const 24) (i32.const 1) (i32.const 25) (i32.const 2)) (i32.const 1)) (then unreachable))
         (if (call $verify (i32.const 512) (i32.const 0) (i32.const 100) (i32.const 200) (i32.const 300) (i32.const 400)) (then unreachable))
         (i32.load (i32.const 512))`,
        `(import "event" "emit_event" (func $emit (param i32 i32 i32 i32 i32 i32) (result i32)))
         (import "crypto" "verify_bls_aggregate" (func $verify (param i32 i32 i32 i32 i32 i32) (result i32)))
         (data (i32.const 8) "\\55\\00\\00\\00\\00\\00\\00\\00\\01\\00\\00\\00\\02\\00\\00\\00kvv")`,
      ),
      { rules: NV28 },
    )
    expect(end).toEqual({ type: 'return', handle: 0 })
    expect(result?.events).toEqual([
      {
        emitter: 101n,
        entries: [{ flags: 0n, key: 'k', codec: 0x55n, value: new TextEncoder().encode('vv') }],
      },
    ])
  })
})
