import { Container } from '@troupe/container'
import { NV28, type RuleSet, USER_ACTOR_RULES, withUserActors } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { charged, type Invoked, invokeGuest } from '../support/invoke-guest.ts'
import { codeCid, Installed, library } from '../support/libraries.ts'
import { wat } from '../support/wat.ts'

const rules = withUserActors(NV28)
const ENVIRONMENT = `
  (import "env" "memory" (memory 0))
  (import "env" "__indirect_function_table" (table 0 funcref))
  (import "env" "__memory_base" (global $memory i32))
  (import "env" "__table_base" (global $table i32))
  (import "env" "__stack_pointer" (global $sp (mut i32)))`

/** Installs and invokes an actor. Its `invoke` gives the handle that the test looks at. */
async function run(
  text: string,
  installed: Installed,
  ofRules: RuleSet = rules,
  gasLimit?: bigint,
): Promise<Invoked> {
  const actor = wat(`(module ${text})`, { mutable_globals: true })
  const container = new Container()
  const guest = container.install(codeCid(actor), actor, ofRules, USER_ACTOR_RULES, installed.find)
  return invokeGuest(actor, {
    rules: ofRules,
    container: { prepare: () => guest } as unknown as Container,
    ...(gasLimit === undefined ? {} : { gasLimit }),
  })
}

const handle = async (text: string, installed: Installed): Promise<number | string> => {
  const { end } = await run(text, installed)
  return end.type === 'return' ? end.handle : JSON.stringify(end)
}

const INVOKE = '(func (export "invoke") (param i32) (result i32)'

describe('a library', () => {
  it('is called by an actor, and by another library, wherever functions stand', async () => {
    const installed = new Installed()
    const double = installed.add(
      library(
        '(func (result i32) (i32.const 0)) (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))',
      ),
    )
    const quadruple = installed.add(
      library(`(import "${double}" "double" (func $double (param i32) (result i32)))
        (func (export "quadruple") (param i32) (result i32) (call $double (call $double (local.get 0))))
        (export "again" (func $double))`),
    )
    const text = `(type (func)) (import "vm" "message_context" (func (param i32) (result i32)))
      (import "${quadruple}" "quadruple" (func $quadruple (param i32) (result i32)))
      (import "${quadruple}" "again" (func $again (param i32) (result i32)))
      (import "${double}" "double" (func $double (param i32) (result i32)))
      (memory (export "memory") 1)
      (func $seven (result i32) (i32.const 7))
      ${INVOKE} (i32.add (call $quadruple (call $seven)) (i32.add (call $again (i32.const 100)) (call $double (i32.const 1000)))))`
    expect(await handle(text, installed)).toBe(28 + 200 + 2000)
    // Each is asked for once, whoever imports it.
    expect(new Set(installed.asked).size).toBe(installed.asked.length)
  })

  it('has its memory behind the actor’s, its elements behind those of the table, and the actor’s stack', async () => {
    const installed = new Installed()
    const lib = installed.add(
      library(
        `${ENVIRONMENT} (type $unary (func (param i32) (result i32)))
        (global $here i32 (global.get $memory)) (global $own (mut i32) (i32.const 5))
        (data (global.get $memory) "\\2a\\00\\00\\00") (elem (global.get $table) $increment $negate)
        (func $increment (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func $negate (param i32) (result i32) (i32.sub (i32.const 0) (local.get 0)))
        (func (export "memory") (result i32) (global.get $here))
        (func (export "table") (result i32) (global.get $table))
        (func (export "data") (result i32) (i32.load (global.get $memory)))
        (func (export "own") (result i32) (global.set $own (i32.add (global.get $own) (i32.const 1))) (global.get $own))
        (func (export "call") (param i32 i32) (result i32)
          (call_indirect (type $unary) (local.get 1) (i32.add (global.get $table) (local.get 0))))
        (func (export "push") (param i32) (global.set $sp (i32.sub (global.get $sp) (i32.const 4))) (i32.store (global.get $sp) (local.get 0)))`,
        { memorySize: 4, memoryAlignment: 3, tableSize: 2, tableAlignment: 2 },
      ),
    )
    const imports = `(import "${lib}" "memory" (func $memory (result i32))) (import "${lib}" "table" (func $table (result i32)))
      (import "${lib}" "data" (func $data (result i32))) (import "${lib}" "own" (func $own (result i32)))
      (import "${lib}" "call" (func $call (param i32 i32) (result i32))) (import "${lib}" "push" (func $push (param i32)))
      (type $unary (func (param i32) (result i32)))
      (memory (export "memory") (export "__library_behind") 2) (table 3 funcref) (elem (i32.const 1) $tenfold)
      (global $mine (mut i32) (i32.const 9)) (global $sp (export "__stack_pointer") (mut i32) (i32.const 1000))
      (func $tenfold (param i32) (result i32) (i32.mul (local.get 0) (i32.const 10)))`
    const value = (expression: string): Promise<number | string> =>
      handle(`${imports} ${INVOKE} ${expression})`, installed)
    expect(await value('(call $memory)')).toBe(2 * 65_536)
    expect(await value('(memory.size)')).toBe(3)
    expect(await value('(call $table)')).toBe(4)
    expect(await value('(call $data)')).toBe(42)
    expect(await value('(drop (call $own)) (i32.add (call $own) (global.get $mine))')).toBe(16)
    expect(await value('(call $call (i32.const 0) (i32.const 6))')).toBe(7)
    expect(await value('(i32.sub (i32.const 0) (call $call (i32.const 1) (i32.const 6)))')).toBe(6)
    // Pointers to functions are good on both sides.
    expect(await value('(call_indirect (type $unary) (i32.const 6) (call $table))')).toBe(7)
    expect(await value('(call $call (i32.sub (i32.const 1) (call $table)) (i32.const 6))')).toBe(60)
    expect(
      await value('(call $push (i32.const 77)) (i32.add (global.get $sp) (i32.load (global.get $sp)))'),
    ).toBe(996 + 77)
  })

  it('has its memory where the actor has set some apart', async () => {
    const installed = new Installed()
    const base = (more: string): string =>
      `${ENVIRONMENT.slice(0, ENVIRONMENT.indexOf('(import "env" "__stack'))} (func (export "base") (result i32) (global.get $memory)) ${more}`
    const [first, second] = [100, 8].map((memorySize, i) =>
      installed.add(library(base('(func) '.repeat(i)), { memorySize, memoryAlignment: 4 })),
    )
    const text = (size: number): string => `
      (import "${first}" "base" (func $first (result i32))) (import "${second}" "base" (func $second (result i32)))
      (memory (export "memory") 1)
      (global (export "__library_base") i32 (i32.const 1001)) (global (export "__library_size") i32 (i32.const ${size}))
      ${INVOKE} (i32.add (i32.mul (memory.size) (i32.const 100000000)) (i32.add (call $first) (i32.mul (call $second) (i32.const 10000)))))`
    // 1008 to 1108, and 1120 to 1128.
    expect(await handle(text(127), installed)).toBe(100_000_000 + 1008 + 11_200_000)
    await expect(handle(text(126), installed)).rejects.toMatchObject({ code: 'module/limit' })
    await expect(handle(text(64_535), installed)).resolves.toBeTypeOf('number')
    await expect(handle(text(64_536), installed)).rejects.toMatchObject({ code: 'module/limit' })
  })

  it('is initialised before whatever it is linked to: start function, relocations, constructors', async () => {
    const installed = new Installed()
    const initialised = (digit: number, more = ''): string =>
      installed.add(
        library(`(import "env" "memory" (memory 0)) ${more}
          (func $note (param i32) (i32.store (i32.const 0) (i32.add (i32.mul (i32.load (i32.const 0)) (i32.const 10)) (local.get 0))))
          (func $start (call $note (i32.const ${digit}))) (start $start)
          (func (export "__wasm_call_ctors") (call $note (i32.const ${digit + 2})))
          (func (export "__wasm_apply_data_relocs") (call $note (i32.const ${digit + 1})))
          (func (export "f"))`),
      )
    const inner = initialised(1)
    const outer = initialised(4, `(import "${inner}" "f" (func))`)
    const text = `(import "${outer}" "f" (func)) (memory (export "memory") 1)
      (func $start (i32.store (i32.const 0) (i32.add (i32.mul (i32.load (i32.const 0)) (i32.const 10)) (i32.const 7)))) (start $start)
      ${INVOKE} (i32.load (i32.const 0)))`
    expect(await handle(text, installed)).toBe(1_234_567)
    expect(await handle(text.replace('(start $start)', ''), installed)).toBe(123_456)
  })

  it('makes syscalls as its actor', async () => {
    const installed = new Installed()
    const lib = installed.add(
      library(`(import "vm" "message_context" (func $context (param i32) (result i32))) (import "env" "memory" (memory 0))
        (func (export "receiver") (result i32) (drop (call $context (i32.const 0))) (i32.load (i32.const 24)))`),
    )
    const text = `(import "${lib}" "receiver" (func $receiver (result i32)))
      (import "vm" "message_context" (func (param i32) (result i32))) (memory (export "memory") 1) ${INVOKE} (call $receiver))`
    expect(await handle(text, installed)).toBe(101)
  })

  it('uses segments, tables and every kind of instruction by its own indices', async () => {
    const installed = new Installed()
    const lib = installed.add(
      library(
        `${ENVIRONMENT} (type $unary (func (param i32) (result i32)))
        (data $first "abc") (data $second "\\07\\00\\00\\00")
        (elem $one func $f) (elem $two func $g)
        (func $f (param i32) (result i32) (i32.const 1)) (func $g (param i32) (result i32) (i32.add (local.get 0) (i32.const 30)))
        (func (export "all") (param i32) (result i32) (local i64 f32 f64)
          (memory.init $second (global.get $memory) (i32.const 0) (i32.const 4)) (data.drop $second)
          (table.init $two (global.get $table) (i32.const 0) (i32.const 1)) (elem.drop $two)
          (memory.copy (i32.add (global.get $memory) (i32.const 8)) (global.get $memory) (i32.const 4))
          (memory.fill (global.get $memory) (i32.const 1) (i32.const 2))
          (local.set 1 (i64.const -123456789012)) (local.set 2 (f32.const 1.5)) (local.set 3 (f64.const -2.25))
          (block (block (block (br_table 0 1 2 (local.get 0)))) (local.set 0 (i32.const 9)))
          (i32.add (call_indirect (type $unary) (i32.load offset=8 (global.get $memory)) (global.get $table))
            (i32.add (i32.load16_u (global.get $memory)) (i32.wrap_i64 (i64.div_s (local.get 1) (i64.const -123456789012))))))`,
        { memorySize: 12, tableSize: 1 },
      ),
    )
    const text = `(import "${lib}" "all" (func $all (param i32) (result i32)))
      (type (func (result i64))) (data "own") (data (i32.const 0) "x") (memory (export "memory") (export "__library_behind") 1)
      (table 2 funcref) (elem func $h) (elem (i32.const 1) $h) (func $h)
      (global $sp (export "__stack_pointer") (mut i32) (i32.const 1000)) ${INVOKE} (call $all (i32.const 0)))`
    expect(await handle(text, installed)).toBe(37 + 0x0101 + 1)
  })
})

describe('an actor with libraries', () => {
  const BODY = `(param $n i32) (result i32)
    (if (result i32) (local.get $n) (then (i32.add (i32.const 1) (call $f (i32.sub (local.get $n) (i32.const 1))))) (else (i32.const 0)))`
  const actor = (define: string, n: number): string =>
    `${define} (memory (export "memory") 1) ${INVOKE} (call $f (i32.const ${n})))`
  const linked = (n: number): [text: string, installed: Installed] => {
    const installed = new Installed()
    const lib = installed.add(library(`(func $f (export "f") ${BODY})`))
    return [actor(`(import "${lib}" "f" (func $f (param i32) (result i32)))`, n), installed]
  }
  const alone = (n: number): [text: string, installed: Installed] => [
    actor(`(func $f ${BODY})`, n),
    new Installed(),
  ]

  it('pays the same gas, and has the same stack, as if their code were its own', async () => {
    let deepest = 0
    for (const n of [1, 100, 300, 330, 340, 341, 342, 350, 400, 500]) {
      const [one, other] = [await run(...linked(n)), await run(...alone(n))]
      expect(one.end).toEqual(other.end)
      expect(charged(one, 'wasm_exec')).toEqual(charged(other, 'wasm_exec'))
      if (one.end.type === 'return') deepest = n
      else expect(one.end).toMatchObject({ type: 'abort', exitCode: 4 })
    }
    expect(deepest).toBeGreaterThan(100)
    expect(deepest).toBeLessThan(500)
  })

  it('runs out of gas within them as it would in its own code', async () => {
    const [text, installed] = linked(300)
    const whole = await run(text, installed)
    const used = whole.result?.receipt.gasUsed ?? 0n
    expect((await run(text, installed, rules, used)).end.type).toBe('return')
    for (const less of [1n, 100n, 5000n])
      expect((await run(text, installed, rules, used - less)).end.type).toBe('out-of-gas')
  })

  it('pays for the memory that they need', async () => {
    const installed = new Installed()
    const lib = installed.add(
      library('(import "env" "memory" (memory 0)) (func (export "f"))', { memorySize: 3 * 65_536 + 1 }),
    )
    const text = `(import "${lib}" "f" (func)) (memory (export "memory") (export "__library_behind") 1) ${INVOKE} (memory.size))`
    const invoked = await run(text, installed)
    expect(invoked.end).toEqual({ type: 'return', handle: 5 })
    expect(charged(invoked, 'wasm_memory_init')).toEqual([5 * 26_214_400])
  })

  it('is linked again where only its code is left', async () => {
    const [text, installed] = linked(3)
    const bytes = wat(`(module ${text})`)
    const container = new Container()
    const prepared = container.prepare(codeCid(bytes), bytes, rules, installed.find)
    const { end } = await invokeGuest(bytes, {
      rules,
      container: { prepare: () => prepared } as unknown as Container,
    })
    expect(end).toEqual({ type: 'return', handle: 3 })
    expect(() => new Container().prepare(codeCid(bytes), bytes, rules)).toThrow(
      expect.objectContaining({ code: 'module/library' }),
    )
  })

  it('has none on other networks', async () => {
    const [text, installed] = linked(3)
    const bytes = wat(`(module ${text})`)
    const without = withUserActors(NV28, { libraries: undefined })
    const install = (): unknown =>
      new Container().install(
        codeCid(bytes),
        bytes,
        without,
        { ...USER_ACTOR_RULES, libraries: undefined },
        installed.find,
      )
    expect(install).toThrow(expect.objectContaining({ code: 'module/interface' }))
    const { end } = await invokeGuest(bytes, { rules: NV28 })
    expect(end).toMatchObject({ type: 'fatal', message: expect.stringContaining('unknown import lib:') })
    expect(installed.asked).toEqual([])
  })
})
