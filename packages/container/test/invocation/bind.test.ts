import { NV17, NV18, type RuleSet, SYSCALLS_2, SYSCALLS_3 } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { bindSyscall } from '../../src/invocation/bind.ts'
import { charged, invokeGuest } from '../support/invoke-guest.ts'
import { wat } from '../support/wat.ts'

const SYSCALL = 14_000_000
const THUNK = 56_000

const STAT = '(import "ipld" "block_stat" (func $stat (param i32 i32) (result i32)))'
const CREATE = '(import "ipld" "block_create" (func $create (param i32 i64 i32 i32) (result i32)))'

function guest(imports: string, body: string, rest = ''): Uint8Array<ArrayBuffer> {
  return wat(
    `(module ${imports} (memory (export "memory") 1) ${rest} (func (export "invoke") (param $in i32) (result i32) ${body}))`,
  )
}

describe('a syscall', () => {
  it('is charged for after the code before it, and what it does after that', async () => {
    const bytes = guest(
      CREATE,
      '(drop (call $create (i32.const 0) (i64.const 0x55) (i32.const 0) (i32.const 5))) (loop (br_if 0 (i32.const 0))) (i32.const 0)',
    )
    const { charges } = await invokeGuest(bytes, { rules: NV18 })
    expect(charges.slice(1)).toEqual([
      ['wasm_exec', THUNK + 6 * 4000],
      ['OnSyscall', SYSCALL],
      ['OnBlockCreate', 50_000],
      ['wasm_exec', 8000],
    ])
  })

  it('gives 0 and writes its result, or gives an error number and leaves memory alone', async () => {
    const ok = guest(
      CREATE,
      '(i32.add (call $create (i32.const 8) (i64.const 0x55) (i32.const 0) (i32.const 0)) (i32.load (i32.const 8)))',
    )
    expect((await invokeGuest(ok, { rules: NV18 })).end).toEqual({ type: 'return', handle: 1 })
    const failing = guest(
      CREATE,
      '(i32.store (i32.const 8) (i32.const 700)) (i32.add (call $create (i32.const 8) (i64.const 0x99) (i32.const 0) (i32.const 0)) (i32.load (i32.const 8)))',
    )
    expect((await invokeGuest(failing, { rules: NV18 })).end).toEqual({ type: 'return', handle: 709 })
  })

  it('is remembered as the last failure until another succeeds', async () => {
    const fail = '(drop (call $stat (i32.const 0) (i32.const 9)))'
    const succeed = '(drop (call $create (i32.const 0) (i64.const 0x55) (i32.const 0) (i32.const 0)))'
    const run = async (body: string): Promise<string | undefined> =>
      (await invokeGuest(guest(STAT + CREATE, `${body} (i32.const 0)`), { rules: NV18 })).lastFailure
    expect(await run(fail)).toBe('ipld.block_stat 7')
    expect(await run(fail + succeed)).toBeUndefined()
    expect(await run(succeed + fail)).toBe('ipld.block_stat 7')
  })

  it('appears in the trace with its error number, and so does one that ends the invocation', async () => {
    const exit = '(import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))'
    const body = `(drop (call $stat (i32.const 0) (i32.const 9)))
      (drop (call $create (i32.const -1) (i64.const 0x55) (i32.const 0) (i32.const 0)))
      (drop (call $create (i32.const 0) (i64.const 0x55) (i32.const 0) (i32.const 0)))
      (call $exit (i32.const 33) (i32.const 0) (i32.const 0) (i32.const 0))`
    const { syscalls } = await invokeGuest(guest(STAT + CREATE + exit, body), { rules: NV18 })
    expect(syscalls).toEqual([
      ['ipld.block_stat', 7],
      ['ipld.block_create', 1],
      ['ipld.block_create', 0],
      ['vm.exit', 0],
    ])
  })

  it('that fails is the cause of an abort that follows', async () => {
    const { result } = await invokeGuest(
      guest(STAT, '(drop (call $stat (i32.const 0) (i32.const 9))) (unreachable)'),
      { rules: NV18 },
    )
    expect(result?.failure?.backtrace?.cause).toMatchObject({
      syscall: 'ipld.block_stat',
      error: { number: 7 },
    })
  })

  it('that runs out of gas ends the message', async () => {
    const bytes = guest(
      CREATE,
      '(call $create (i32.const 8) (i64.const 0x55) (i32.const 0) (i32.const 1000))',
    )
    const initial = 65_536 * 400 + THUNK + 20_000
    for (const limit of [initial + SYSCALL - 1, initial + SYSCALL + 9_999_999]) {
      const { end } = await invokeGuest(bytes, {
        rules: NV18,
        before: ({ gas }) => gas.pushLimit(BigInt(limit)),
      })
      expect(end).toEqual({ type: 'out-of-gas' })
    }
  })
})

describe('an out-pointer', () => {
  it.each([
    ['at the end of memory', 65_536 - 12, 7],
    ['one byte too late', 65_536 - 11, 1],
    ['at the end', 65_536, 1],
    ['far outside', -1, 1],
  ])('%s is checked before the syscall runs', async (_, pointer, number) => {
    const { end, lastFailure } = await invokeGuest(
      guest(STAT, `(call $stat (i32.const ${pointer}) (i32.const 9))`),
      { rules: NV18 },
    )
    expect(end).toEqual({ type: 'return', handle: number })
    expect(lastFailure).toBe(`ipld.block_stat ${number}`)
  })

  const TWICE = `(drop (call $stat (i32.const -1) (i32.const 9))) (loop (br_if 0 (i32.const 0))) (i32.const 0)`

  it.each<[string, RuleSet, number[]]>([
    // The mark has not moved, and the counter does not know of the syscall: what ran before is charged again.
    ['again in generation 3', NV18, [THUNK + 16_000, THUNK + 16_000 + 8000]],
    ['once in generation 2', NV17, [THUNK + 16_000, 8000]],
  ])('that does not fit has the code before it charged %s', async (_, rules, execution) => {
    const invoked = await invokeGuest(guest(STAT, TWICE), { rules })
    expect(charged(invoked, 'wasm_exec')).toEqual(execution)
    expect(charged(invoked, 'OnSyscall')).toEqual([SYSCALL])
  })
})

describe('the table of syscalls', () => {
  it.each([
    ['generation 2', SYSCALLS_2],
    ['generation 3', SYSCALLS_3],
  ])('of %s can be bound, each with an i32 for a result', (_, syscalls) => {
    for (const syscall of syscalls) expect(bindSyscall(syscall).type.results).toEqual([0x7f])
  })

  it('gives the types that actors import', () => {
    const types = Object.fromEntries(
      SYSCALLS_3.map((syscall) => [
        `${syscall.module}.${syscall.name}`,
        bindSyscall(syscall)
          .type.params.map((type) => (type === 0x7f ? 'i' : 'l'))
          .join(''),
      ]),
    )
    expect(types).toMatchObject({
      'vm.exit': 'iiii',
      'vm.message_context': 'i',
      'network.tipset_cid': 'ilii',
      'ipld.block_open': 'ii',
      'ipld.block_create': 'ilii',
      'ipld.block_read': 'iiiii',
      'ipld.block_link': 'iilii' + 'i',
      'self.root': 'iii',
      'self.set_root': 'i',
      'self.self_destruct': 'ii',
      'actor.resolve_address': 'iii',
      'actor.create_actor': 'liii',
      'crypto.verify_signature': 'iiiiiiii',
      'crypto.recover_secp_public_key': 'iii',
      'crypto.hash': 'iliiii',
      'crypto.compute_unsealed_sector_cid': 'iliiii',
      'crypto.batch_verify_seals': 'iii',
      'rand.get_chain_randomness': 'illii',
      'gas.charge': 'iil',
      'gas.available': 'i',
      'send.send': 'iiililll' + 'l',
      'debug.log': 'ii',
      'debug.store_artifact': 'iiii',
    })
  })
})

describe('debugging syscalls', () => {
  const LOG = '(import "debug" "log" (func $log (param i32 i32) (result i32)))'
  const ENABLED = '(import "debug" "enabled" (func $enabled (param i32) (result i32)))'

  it('do nothing while debugging is off, and do not look at their arguments', async () => {
    const { end } = await invokeGuest(guest(LOG, '(call $log (i32.const -1) (i32.const -1))'), {
      rules: NV18,
    })
    expect(end).toEqual({ type: 'return', handle: 0 })
  })

  it('look at their arguments while it is on', async () => {
    const lines: string[] = []
    const machine = { debug: { log: (_: bigint, line: string) => lines.push(line), storeArtifact: () => {} } }
    const bytes = guest(
      LOG + ENABLED,
      '(drop (call $log (i32.const 8) (i32.const 2))) (drop (call $enabled (i32.const 0))) (i32.add (i32.load (i32.const 0)) (call $log (i32.const -1) (i32.const -1)))',
      '(data (i32.const 8) "hi")',
    )
    const { end } = await invokeGuest(bytes, { rules: NV18, machine } as never)
    expect(end).toEqual({ type: 'return', handle: 1 })
    expect(lines).toEqual(['hi'])
  })
})
