import {
  Executor,
  ExitCode,
  type Kernel,
  NV28,
  OPERATIONS,
  type RuleSet,
  withReentrancyLocks,
} from '@troupe/hypervisor'
import { RAW } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { createTestNetwork, idOf, type Script } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { assemble } from './modules.ts'

const rules = withReentrancyLocks(NV28)
const LOCK = 2
const NO_LIMIT = 2n ** 64n - 1n
const FIRST = 100

/** Calls actor 102 with the flags, and ends with 100 and the exit code of that; called with method 3, it just returns. */
const caller = (flags: number, more = ''): Uint8Array<ArrayBuffer> =>
  assemble(`(module
    (import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))
    (import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
    (import "vm" "message_context" (func $context (param i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) "\\00\\66") ${more}
    (func (export "invoke") (param i32) (result i32)
      (drop (call $context (i32.const 64)))
      (if (i64.ne (i64.load (i32.const 96)) (i64.const 3)) (then
        (if (call $send (i32.const 8) (i32.const 0) (i32.const 2) (i64.const 2) (i32.const 0) (i64.const 0) (i64.const 0) (i64.const -1) (i64.const ${flags}))
          (then unreachable))
        (drop (call $exit (i32.add (i32.const ${FIRST}) (i32.load (i32.const 8))) (i32.const 0) (i32.const 0) (i32.const 0)))))
      (i32.const 0)))`)

/** Calls actor 101 with method 3, and ends with 100 and its exit code. */
const script: Script = (kernel: Kernel) => {
  const send = OPERATIONS['send.send'] as (...parameters: unknown[]) => { exitCode: number }
  const { exitCode } = send(kernel, idOf(101), 3n, 0, 0n, 0n, NO_LIMIT, 0n)
  return (OPERATIONS['vm.exit'] as (...parameters: unknown[]) => never)(
    kernel,
    FIRST + exitCode,
    0,
    undefined,
  )
}

/** The exit code of actor 101's Wasm, with what calls it back as a script or as Wasm itself. */
async function exit(code: Uint8Array, ofRules: RuleSet, back: 'script' | 'wasm'): Promise<number> {
  const { machine, store } = await createTestNetwork({
    rules: ofRules,
    runtimes: [wasmRuntime()],
    actors: { 100: { code: 'account', balance: 10n ** 24n }, 102: { code: 'b' } },
    scripts: { b: script },
  })
  const put = (id: bigint, bytes: Uint8Array): void => {
    const code = store.putBlock(RAW, bytes)
    machine.state.setActor(id, { code, head: machine.emptyTuple, sequence: 0n, balance: 0n })
  }
  put(101n, code)
  if (back === 'wasm') put(102n, BACK)
  const message = {
    version: 0n,
    from: idOf(100),
    to: idOf(101),
    sequence: 0n,
    value: 0n,
    method: 2n,
    params: new Uint8Array(),
  }
  const gas = { gasLimit: 10_000_000_000n, gasFeeCap: 0n, gasPremium: 0n }
  return new Executor(machine).execute({ ...message, ...gas }, { length: 100 }).receipt.exitCode
}

/** The same as the script. */
const BACK = assemble(`(module
  (import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))
  (import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\\00\\65")
  (func (export "invoke") (param i32) (result i32)
    (if (call $send (i32.const 8) (i32.const 0) (i32.const 2) (i64.const 3) (i32.const 0) (i64.const 0) (i64.const 0) (i64.const -1) (i64.const 0))
      (then unreachable))
    (drop (call $exit (i32.add (i32.const ${FIRST}) (i32.load (i32.const 8))) (i32.const 0) (i32.const 0) (i32.const 0)))
    (i32.const 0)))`)

const OPEN = FIRST + FIRST + ExitCode.OK
const REFUSED = FIRST + FIRST + ExitCode.SYS_REENTRANT_CALL

describe('a Wasm actor that is called while it is being called', () => {
  it.each(['script', 'wasm'] as const)('runs, unless it says otherwise: by %s', async (back) => {
    const says = (what: string): Uint8Array => caller(0, what)
    expect(await exit(caller(0), rules, back)).toBe(OPEN)
    expect(await exit(caller(LOCK), rules, back)).toBe(REFUSED)
    expect(await exit(says('(global (export "not_reentrant") i32 (i32.const 1))'), rules, back)).toBe(REFUSED)
    expect(await exit(says('(func (export "not_reentrant"))'), rules, back)).toBe(REFUSED)
    expect(await exit(says('(global (export "not_reentrant") i32 (i32.const 1))'), NV28, back)).toBe(OPEN)
    expect(await exit(says('(global (export "reentrant") i32 (i32.const 1))'), rules, back)).toBe(OPEN)
  })
})
