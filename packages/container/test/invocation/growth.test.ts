import { HostMemoryExhausted } from '@troupe/container'
import { type Kernel, NV17, NV18, NV28, type RuleSet } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { memoryGrow, tableReserve } from '../../src/invocation/growth.ts'
import { Invocation } from '../../src/invocation/invocation.ts'
import { charged, invokeGuest } from '../support/invoke-guest.ts'
import { wat } from '../support/wat.ts'

const PAGE = 65_536

/** Memory budget of 10 pages for the message, of 6 for an instance. */
const TIGHT: RuleSet = {
  ...NV18,
  name: 'tight',
  maximumMemoryBytes: 10 * PAGE,
  wasm: { ...NV18.wasm, maximumMemoryPages: 6, maximumTableElements: 12 },
}

/** A module that has `memory`, and gives one decimal digit and a sign for each of its growths: `1` and the old size, or `9` for -1. */
function growing(memory: string, ...growths: number[]): Uint8Array<ArrayBuffer> {
  const steps = growths.map(
    (pages) => `(local.set $old (memory.grow (i32.const ${pages})))
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 10))
        (select (i32.const 9) (local.get $old) (i32.eq (local.get $old) (i32.const -1)))))`,
  )
  return wat(`(module (memory (export "memory") ${memory})
    (func (export "invoke") (param i32) (result i32) (local $old i32) (local $sum i32) ${steps.join(' ')} (local.get $sum)))`)
}

async function sizes(
  rules: RuleSet,
  memory: string,
  ...growths: number[]
): Promise<{ sum: number; used: number }> {
  const { end, memoryUsed } = await invokeGuest(growing(memory, ...growths), { rules })
  return { sum: end.type === 'return' ? end.handle : Number.NaN, used: memoryUsed / PAGE }
}

describe('memory.grow', () => {
  it('gives the size before, and takes from the budget', async () => {
    expect(await sizes(TIGHT, '1', 2, 3)).toEqual({ sum: 13, used: 6 })
  })

  it('by nothing asks nobody', async () => {
    expect(await sizes(TIGHT, '6', 0)).toEqual({ sum: 6, used: 6 })
  })

  it('beyond the declared maximum is refused, and takes nothing', async () => {
    expect(await sizes(TIGHT, '1 3', 3, 2)).toEqual({ sum: 91, used: 3 })
  })

  it('beyond the budget is refused, and takes nothing', async () => {
    expect(await sizes({ ...TIGHT, name: 'roomy', wasm: NV18.wasm }, '1', 10, 9)).toEqual({
      sum: 91,
      used: 10,
    })
  })

  it('beyond the limit of an instance is refused, but has taken from the budget', async () => {
    expect(await sizes(TIGHT, '1', 6, 3)).toEqual({ sum: 91, used: 10 })
    expect(await sizes(TIGHT, '1', 6, 4)).toEqual({ sum: 99, used: 7 })
  })

  // ref-fvm master fvm/src/machine/mod.rs (`max_inst_memory_bytes`)
  it.each<[RuleSet]>([[NV18], [NV28]])('goes up to 8192 pages in an instance of $name', async (rules) => {
    expect(await sizes(rules, '1', 8191, 1)).toEqual({ sum: 19, used: 8193 })
    expect(await sizes(rules, '1', 8192, 8191)).toMatchObject({ sum: 91 })
    expect(await sizes(rules, '8192', 1)).toMatchObject({ sum: 9 })
  })

  it('takes its operand as unsigned', async () => {
    const bytes =
      wat(`(module (memory (export "memory") 1) (func (export "invoke") (param $in i32) (result i32)
      (memory.grow (i32.sub (local.get $in) (i32.const 1)))))`)
    expect((await invokeGuest(bytes, { rules: NV17 })).end).toEqual({ type: 'return', handle: 2 ** 32 - 1 })
  })

  it('is not limited in generation 2', async () => {
    expect(await sizes(NV17, '1', 5, 8)).toEqual({ sum: 16, used: 14 })
  })

  it('is charged for by the page, whether it succeeds or not, and shown apart from other execution', async () => {
    const pages = 4 * 26_214_400
    const succeeding = await invokeGuest(growing('1', 4), { rules: TIGHT })
    const failing = await invokeGuest(growing('1 3', 4), { rules: TIGHT })
    expect(charged(succeeding, 'wasm_memory_grow')).toEqual([pages])
    expect(charged(failing, 'wasm_memory_grow')).toEqual([])
    const [execution = 0] = charged(succeeding, 'wasm_exec')
    expect(charged(failing, 'wasm_exec')).toEqual([execution + pages])
  })

  it('lets the host see what has been added', async () => {
    const bytes =
      wat(`(module (import "gas" "available" (func $available (param i32) (result i32))) (memory (export "memory") 1)
      (func (export "invoke") (param i32) (result i32)
        (i32.add (i32.mul (call $available (i32.const 65536)) (i32.const 10)) (i32.add (memory.grow (i32.const 1))
          (i32.add (call $available (i32.const 65536)) (i64.eqz (i64.load (i32.const 65536))))))))`)
    expect((await invokeGuest(bytes, { rules: NV18 })).end).toEqual({ type: 'return', handle: 11 })
  })

  it('fails the host where the engine refuses what the rules allow', () => {
    const kernel = { rules: NV18, memory: { used: 0, grow: () => true } } as unknown as Kernel
    const invocation = new Invocation(kernel)
    invocation.memory.attach({
      buffer: new ArrayBuffer(PAGE),
      grow: () => {
        throw new RangeError('no')
      },
    })
    expect(() => memoryGrow(invocation, 10, 10)(1)).toThrow(HostMemoryExhausted)
    expect(invocation.hostFailure?.error).toBeInstanceOf(HostMemoryExhausted)
  })
})

describe('the initial size', () => {
  const sized = (memory: string, table = ''): Uint8Array<ArrayBuffer> =>
    wat(
      `(module (memory (export "memory") ${memory}) ${table} (func (export "invoke") (param i32) (result i32) (i32.const 0)))`,
    )

  it('may be all of the budget, but no more', async () => {
    const rules = { ...TIGHT, name: 'roomy', wasm: NV18.wasm }
    expect((await invokeGuest(sized('10'), { rules })).end.type).toBe('return')
    expect((await invokeGuest(sized('11'), { rules })).end).toMatchObject({ type: 'abort', exitCode: 4 })
  })

  it('of a table takes eight bytes an element', async () => {
    const { memoryUsed } = await invokeGuest(sized('1', '(table 7 funcref)'), { rules: TIGHT })
    expect(memoryUsed).toBe(PAGE + 56)
    const before = (kernel: Kernel): void => void kernel.memory.grow(9 * PAGE - 55)
    expect((await invokeGuest(sized('1', '(table 7 funcref)'), { rules: TIGHT, before })).end).toMatchObject({
      exitCode: 4,
    })
  })
})

describe('table.grow', () => {
  const growing = (table: string, ...growths: number[]): Uint8Array<ArrayBuffer> =>
    wat(
      `(module (memory (export "memory") 1) (table $t ${table} funcref) (func (export "invoke") (param i32) (result i32) (local $old i32) (local $sum i32)
        ${growths
          .map(
            (
              elements,
            ) => `(local.set $old (table.grow $t (table.get $t (i32.const 0)) (i32.const ${elements})))
              (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 100)) (select (i32.const 99) (local.get $old) (i32.eq (local.get $old) (i32.const -1)))))`,
          )
          .join(' ')} (local.get $sum)))`,
      { reference_types: true },
    )

  it('gives the size before, takes eight bytes an element, and stops at the limits', async () => {
    const { end, memoryUsed } = await invokeGuest(growing('2 8', 3, 4, 0, 3, 1), { rules: TIGHT })
    expect(end).toEqual({ type: 'return', handle: 2_99_05_05 * 100 + 99 })
    expect(memoryUsed).toBe(PAGE + 8 * 8)
  })

  it('stops at the limit of an instance without taking from the budget', async () => {
    const { end, memoryUsed } = await invokeGuest(growing('2', 11, 10), { rules: TIGHT })
    expect(end).toEqual({ type: 'return', handle: 99_02 })
    expect(memoryUsed).toBe(PAGE + 12 * 8)
  })

  it('stops at the budget', async () => {
    const before = (kernel: Kernel): void => void kernel.memory.grow(9 * PAGE - 40)
    const { end } = await invokeGuest(growing('2', 4, 3), { rules: TIGHT, before })
    expect(end).toEqual({ type: 'return', handle: 99_02 })
  })

  it('takes its operand as unsigned', () => {
    const invocation = new Invocation({
      rules: NV18,
      memory: { used: 0, grow: () => true },
    } as unknown as Kernel)
    expect(tableReserve(invocation, 0xffff_ffff, 8)(1, -1)).toBe(0)
    expect(tableReserve(invocation, 0xffff_ffff, 8)(0, -1)).toBe(1)
  })

  it('fails the host where the engine refuses what the rules allow', () => {
    const invocation = new Invocation({
      rules: NV18,
      memory: { used: 0, grow: () => true },
    } as unknown as Kernel)
    expect(() => tableReserve(invocation, 10, 8)(-1, -1)).toThrow(HostMemoryExhausted)
  })
})
