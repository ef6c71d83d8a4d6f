import { CallTree, type MessageResult, NV18, NV28, type RuleSet } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import { assemble } from './modules.ts'
import { wasmNetwork } from './wasm-network.ts'

/** Pages of the greatest memory: 512 MiB. Four of them are 2 GiB. */
const MOST = 8192

const SEND = '(import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))'
const EXIT = '(import "vm" "exit" (func $exit (param i32 i32 i32 i32) (result i32)))'

/** Has a memory of so many pages, calls actor `next`, and ends with 16 and its exit code where it has failed. */
function calling(next: number, pages: number): Uint8Array<ArrayBuffer> {
  return assemble(`(module ${SEND} ${EXIT} (memory (export "memory") ${pages}) (data (i32.const 0) "\\00\\${next.toString(16)}")
    (func (export "invoke") (param i32) (result i32)
      (if (call $send (i32.const 8) (i32.const 0) (i32.const 2) (i64.const 2) (i32.const 0) (i64.const 0) (i64.const 0) (i64.const -1) (i64.const 0))
        (then (unreachable)))
      (if (i32.load (i32.const 8))
        (then (drop (call $exit (i32.add (i32.const 16) (i32.load (i32.const 8))) (i32.const 0) (i32.const 0) (i32.const 0)))))
      (i32.const 0)))`)
}

/** Grows a memory of so many pages by one, and ends with exit code 32 where it may not. */
function growing(pages: number): Uint8Array<ArrayBuffer> {
  return assemble(`(module ${EXIT} (memory (export "memory") ${pages})
    (func (export "invoke") (param i32) (result i32)
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1))
        (then (drop (call $exit (i32.const 32) (i32.const 0) (i32.const 0) (i32.const 0)))))
      (i32.const 0)))`)
}

/** Sends a message to the first of actors that call each other, and gives their exit codes, the first one's first. */
async function exitCodes(rules: RuleSet, modules: readonly Uint8Array[]): Promise<(number | undefined)[]> {
  const tree = new CallTree()
  const { send } = await wasmNetwork(rules, modules)
  const { receipt }: MessageResult = send(10_000_000_000n, tree.listener)
  const codes: (number | undefined)[] = []
  for (let frame = tree.roots[0]; frame !== undefined; frame = frame.calls[0])
    codes.push(frame.outcome?.type === 'return' ? frame.outcome.exitCode : undefined)
  expect(codes[0]).toBe(receipt.exitCode)
  return codes
}

// ref-fvm master fvm/src/machine/mod.rs (`max_inst_memory_bytes`, `max_memory_bytes`), fvm/src/machine/limiter.rs
describe.each<[RuleSet]>([[NV18], [NV28]])('the memories of one call stack, at $name', (rules) => {
  const full = [102, 103, 104].map((next) => calling(next, MOST))

  it('may be four of 512 MiB', async () => {
    const last = assemble(
      `(module (memory (export "memory") ${MOST}) (func (export "invoke") (param i32) (result i32) (i32.const 0)))`,
    )
    expect(await exitCodes(rules, [...full, last])).toEqual([0, 0, 0, 0])
  })

  it('may not be more by a page: the actor whose memory does not fit ends with exit code 4', async () => {
    const one = growing(1)
    expect(await exitCodes(rules, [...full, calling(105, MOST), one])).toEqual([68, 52, 36, 20, 4])
  })

  it('grow to 2 GiB, and no further', async () => {
    expect(await exitCodes(rules, [...full, calling(105, MOST - 2), growing(1)])).toEqual([0, 0, 0, 0, 0])
    expect(await exitCodes(rules, [...full, calling(105, MOST - 1), growing(1)])).toEqual([
      96, 80, 64, 48, 32,
    ])
  })
})
