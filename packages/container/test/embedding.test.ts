import { type EmbeddedInstance, Embedding } from '@troupe/container'
import { loadCrypto } from '@troupe/crypto'
import { Abort, ChargeName, GasTracker, MemoryBudget, NV28, OutOfGas, type RuleSet } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { wat } from './support/wat.ts'

const PAGE = 65_536
const LIMIT = 10n ** 12n

function meterOf(rules: RuleSet, limit: bigint = LIMIT) {
  return { rules, gas: new GasTracker(limit), memory: new MemoryBudget(16 * PAGE) }
}

type Call = (instance: EmbeddedInstance, ...values: (number | bigint)[]) => number

/** An instance of a module that imports `host.call`, which does what it is told. */
function embed(
  text: string,
  functions: readonly string[],
  call: Call = () => 0,
  rules: RuleSet = NV28,
): EmbeddedInstance {
  const memory = text.includes('(memory') ? '' : '(memory 1)'
  const embedding = new Embedding(() => wat(`(module ${text} ${memory} (func))`), rules, { functions })
  return embedding.instantiate((instance) => ({
    host: { call: (...values: number[]) => call(instance, ...values) },
  }))
}

const HOST = '(import "host" "call" (func $call (param i32) (result i32)))'
/** Counts up by the host. */
const COUNT = `${HOST} (func (export "byHost") (param i32) (result i32)
  (i32.add (i32.const 1) (call $call (i32.add (local.get 0) (i32.const 1)))))`

describe('a module that is embedded', () => {
  it('has the functions that were asked for, each charged as one that the reference exports', () => {
    const instance = embed(
      '(func (export "increase") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))',
      ['increase'],
    )
    const meter = meterOf(NV28)
    instance.begin(meter)
    expect(instance.run(() => instance.functions['increase']?.(41))).toBe(42)
    // A thunk of 13 instructions and one a parameter, and three of its own; four gas each.
    expect(meter.gas.used).toBe(4000n * (14n + 3n))
  })

  it('is called while it calls the host', () => {
    const instance = embed(
      `${HOST} (func (export "outer") (param i32) (result i32) (i32.add (call $call (local.get 0)) (i32.const 1)))
       (func (export "inner") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))`,
      ['outer', 'inner'],
      ({ functions }, value) => Number(functions['inner']?.(value as number)),
    )
    instance.begin(meterOf(NV28))
    expect(instance.run(() => instance.functions['outer']?.(20))).toBe(41)
  })

  it('has as much room on the stack by the host as without it, and all of it in the next run', () => {
    const rules = { ...NV28, wasm: { ...NV28.wasm, stackLimit: 1000 } }
    let deepest = 0
    const instance = embed(
      COUNT,
      ['byHost'],
      ({ functions }, depth) => {
        deepest = Number(depth)
        return Number(functions['byHost']?.(deepest))
      },
      rules,
    )
    const depths = [1, 2].map(() => {
      instance.begin(meterOf(rules))
      expect(() => instance.run(() => instance.functions['byHost']?.(0))).toThrow(
        expect.objectContaining({ exitCode: 4 }),
      )
      return deepest
    })
    // Three operands and two for the frame.
    expect(depths).toEqual([200, 200])
  })

  it('is what its memory and its globals are', () => {
    const text = `(memory 1) (global $a (mut i32) (i32.const 5)) (global $b (mut i64) (i64.const -6)) (global $c i32 (i32.const 7))
      (func (export "change") (global.set $a (i32.const 8)) (global.set $b (i64.const 0x8000000000000000)) (i32.store8 (i32.const 9) (i32.const 1)))`
    const instance = embed(text, ['change'])
    instance.begin(meterOf(NV28))
    expect(instance.isRestorable).toBe(true)
    const before = instance.globals
    expect(before).toEqual([5, -6n])
    instance.run(() => instance.functions['change']?.())
    expect(instance.globals).toEqual([8, -(2n ** 63n)])
    expect(instance.memory.bytes[9]).toBe(1)
    instance.globals = before
    expect(instance.globals).toEqual(before)
  })

  it('says where there is more to it', () => {
    const instance = embed('(table 1 funcref) (elem func $f) (func $f (export "drop") (elem.drop 0))', [
      'drop',
    ])
    instance.begin(meterOf(NV28))
    expect(instance.isRestorable).toBe(false)
  })

  it('ends in a trap, for want of gas, or as the host fails', () => {
    const text = `${HOST} (func (export "trap") unreachable) (func (export "loop") (loop (br 0))) (func (export "fail") (drop (call $call (i32.const 0))))`
    const failure = new Error('the host has failed')
    const instance = embed(text, ['trap', 'loop', 'fail'], () => {
      throw failure
    })
    const run = (name: string): unknown => {
      const meter = meterOf(NV28)
      instance.begin(meter)
      try {
        return instance.run(() => instance.functions[name]?.())
      } catch (error) {
        return [error, meter.gas.available]
      }
    }
    expect(run('trap')).toEqual([expect.any(Abort), LIMIT - 4000n * 13n])
    expect(run('loop')).toEqual([expect.any(OutOfGas), 0n])
    expect(run('fail')).toEqual([failure, expect.anything()])
  })

  it('grows its memory within the budget of the message and the limit of the rules', () => {
    const text = `(memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))`
    const instance = embed(text, ['grow'], undefined, {
      ...NV28,
      wasm: { ...NV28.wasm, maximumMemoryPages: 4 },
    })
    const meter = meterOf(NV28)
    instance.begin(meter)
    const grow = (pages: number): unknown => instance.run(() => instance.functions['grow']?.(pages))
    expect(grow(3)).toBe(1)
    expect(grow(1)).toBe(-1)
    expect(grow(17)).toBe(-1)
    expect(instance.memory.pages).toBe(4)
    expect(meter.memory.used).toBe(4 * PAGE)
  })
})

describe('the growth of an embedded memory', () => {
  const pagePrice = 65_536 * 400
  const text = `(memory 3) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))`

  /** Milligas that are charged for each of these growths, beyond those of a call that grows by nothing. */
  function costs(meter: ReturnType<typeof meterOf>, ...growths: number[]): number[] {
    const instance = embed(text, ['grow'])
    instance.begin(meter)
    const used = growths.map((pages) => {
      const before = meter.gas.used
      instance.run(() => instance.functions['grow']?.(pages))
      return Number(meter.gas.used - before)
    })
    return used.slice(1).map((milligas) => milligas - (used[0] as number))
  }

  it('costs what all of the memory does at first: another instance takes the place of this one', () => {
    expect(costs(meterOf(NV28), 0, 1, 2, 0)).toEqual([(3 + 1) * pagePrice, 2 * pagePrice, 0])
  })

  it('costs what was asked for where it is refused', () => {
    expect(costs(meterOf(NV28), 0, 17, 1)).toEqual([17 * pagePrice, (3 + 1) * pagePrice])
  })

  it('does not happen where there is no gas for that', () => {
    const instance = embed(text, ['grow'])
    const meter = meterOf(NV28, BigInt(3 * pagePrice))
    instance.begin(meter)
    expect(() => instance.run(() => instance.functions['grow']?.(1))).toThrow(OutOfGas)
    expect([instance.memory.pages, meter.gas.available]).toEqual([3, 0n])
  })

  it('is told apart in traces', () => {
    const grown: unknown[] = []
    const meter = meterOf(NV28)
    meter.gas.listen((name, milligas) => name === ChargeName.WASM_MEMORY_GROW && grown.push(milligas))
    costs(meter, 0, 1)
    expect(grown).toEqual([pagePrice, 3 * pagePrice])
  })
})

describe('an embedded module that is kept', async () => {
  const crypto = await loadCrypto()
  const text = `(module (memory 1 3) (table 1 2 funcref) (global $count (mut i32) (i32.const 5))
    (func (export "grow") (result i32) (drop (memory.grow (i32.const 2))) (global.set $count (i32.const 6)) (memory.grow (i32.const 1))))`

  /** What an embedding is and does that has this store. */
  function run(entries: Map<string, Uint8Array>, code: () => Uint8Array) {
    const store = {
      get: (name: string) => entries.get(name),
      put: (name: string, bytes: Uint8Array) => entries.set(name, bytes),
    }
    const embedding = new Embedding(code, NV28, {
      functions: ['grow'],
      cache: { store, crypto, name: 'test' },
    })
    const instance = embedding.instantiate(() => ({}))
    const meter = meterOf(NV28)
    instance.begin(meter)
    const before = instance.globals
    const grown = instance.run(() => instance.functions['grow']?.())
    return { before, grown, after: instance.globals, pages: instance.memory.pages, used: meter.gas.used }
  }

  it('is not asked for again, and is the same', () => {
    const entries = new Map<string, Uint8Array>()
    const first = run(entries, () => wat(text))
    expect(first).toMatchObject({ before: [5], grown: -1, after: [6], pages: 3 })
    expect(run(entries, () => expect.unreachable())).toEqual(first)
  })

  it('is made anew where what was kept is damaged', () => {
    const entries = new Map<string, Uint8Array>()
    const first = run(entries, () => wat(text))
    for (const [name, bytes] of entries) entries.set(name, bytes.with(40, (bytes[40] ?? 0) ^ 1))
    let asked = 0
    const again = run(entries, () => {
      asked++
      return wat(text)
    })
    expect([again, asked]).toEqual([first, 1])
  })
})

describe('a module that cannot be embedded', () => {
  it.each([
    ['lacks a function', '', 'module/interface'],
    ['hands on one of the host', `${HOST} (export "f" (func $call))`, 'module/interface'],
    [
      'has a float that can be set',
      '(global (mut f64) (f64.const 0)) (func (export "f"))',
      'module/unsupported',
    ],
    ['is not valid', '(func (export "f") (result i32) (i64.const 0))', 'module/invalid'],
  ])('%s', (_, text, code) => {
    expect(() => embed(text, ['f'])).toThrow(expect.objectContaining({ code }))
  })

  it('has no memory', () => {
    expect(
      () => new Embedding(() => wat('(module (func (export "f")))'), NV28, { functions: ['f'] }),
    ).toThrow(expect.objectContaining({ code: 'module/interface' }))
  })

  it('is no module', () => {
    expect(() => new Embedding(() => new Uint8Array(9), NV28, { functions: [] })).toThrow(
      expect.objectContaining({ code: 'module/malformed' }),
    )
  })
})
