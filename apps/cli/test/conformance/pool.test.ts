import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { idAddress, NV18 } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import loadWabt from 'wabt'
import { runTasks } from '../../src/conformance/pool.ts'
import type { VectorAnswer, VectorTask, WorkerSetup } from '../../src/conformance/task.ts'
import { createBundle } from '../support/bundle.ts'
import { temporaryDirectory } from '../support/run.ts'
import { createState, crypto, transfer, vectorParts } from '../support/vector.ts'

async function answersOf(
  tasks: readonly VectorTask[],
  setup: WorkerSetup,
  jobs = 1,
): Promise<Map<string, VectorAnswer>> {
  const answers = new Map<string, VectorAnswer>()
  const scripts = join(temporaryDirectory(), 'scripts')
  await runTasks(tasks, { jobs, setup, scripts, onAnswer: ({ name }, answer) => answers.set(name, answer) })
  return answers
}

function setupIn(directory: string): WorkerSetup {
  return {
    caches: {
      bundles: join(directory, 'bundles'),
      code: join(directory, 'code'),
      images: join(directory, 'images'),
      scripts: join(directory, 'scripts'),
    },
  }
}

/** Calls itself (f0200) from 100 frames deep, each with 100 locals, and does not mind where that fails. */
const RECURSION = `(module
  (import "send" "send" (func $send (param i32 i32 i32 i64 i32 i64 i64 i64 i64) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\00\\c8\\01")
  (func $deep (param $depth i32) (result i32) (local ${'i64 '.repeat(100)})
    ${locals((i) => `(local.set ${i} (i64.extend_i32_u (local.get $depth)))`)}
    (if (result i32) (i32.eqz (local.get $depth))
      (then (call $send (i32.const 16) (i32.const 0) (i32.const 3) (i64.const 2) (i32.const 0)
        (i64.const 0) (i64.const 0) (i64.const -1) (i64.const 0)))
      (else (call $deep (i32.sub (local.get $depth) (i32.const 1)))))
    ${locals((i) => `(i32.add (i32.wrap_i64 (local.get ${i})))`)})
  (func (export "invoke") (param i32) (result i32)
    (drop (call $deep (i32.const 100)))
    (i32.const 0)))`

function locals(use: (index: number) => string): string {
  return Array.from({ length: 100 }, (_, i) => use(i + 1)).join(' ')
}

describe('threads that run vectors', { timeout: 60_000 }, () => {
  it('have the stack for calls nested as deep as the protocol allows, with deep frames in each', async () => {
    const directory = temporaryDirectory()
    const wabt = await loadWabt()
    const wasm = Uint8Array.from(wabt.parseWat('recursion.wat', RECURSION).toBinary({}).buffer)
    const names = ['system', 'init', 'account', 'placeholder', 'eam', 'ethaccount']
    const others = names.map((name, index) => [name, Uint8Array.of(index)] as const)
    const bundle = createBundle(crypto, { ...Object.fromEntries(others), recursion: wasm })
    const code = bundle.codes.get('recursion')
    const state = createState(NV18, { 200: code === undefined ? {} : { code } }, bundle)
    for (const [cid, block] of bundle.blocks) state.blocks.put(cid, block)
    const message = transfer({
      to: idAddress(200n),
      method: 2n,
      value: 0n,
      gasLimit: 9_000_000_000n,
      gasFeeCap: 1n,
    })
    const file = join(directory, 'deep.json')
    writeFileSync(file, JSON.stringify(vectorParts({ state, message })))

    const task: VectorTask = { file, name: 'deep', replay: { trace: 'data', colours: false } }
    const [outcome] = (await answersOf([task], setupIn(directory))).get('deep') ?? []
    expect(outcome?.error).toBeUndefined()
    const report = outcome?.replay?.messages[0]
    expect(report?.actual.exitCode).toBe(0)
    let depth = 0
    for (let call = report?.trace?.calls[0]; call !== undefined; call = call.calls[0]) depth++
    // The last call is the one that is refused.
    expect(depth).toBe(NV18.maximumCallDepth + 1)
  })

  it('fail the vector they die on, and are replaced', async () => {
    const broken = { caches: undefined } as unknown as WorkerSetup
    const vector = join(temporaryDirectory(), 'vector.json')
    writeFileSync(vector, JSON.stringify(vectorParts()))
    const tasks = ['a', 'b', 'c'].map((name) => ({ file: name === 'c' ? vector : name, name }))
    const answers = await answersOf(tasks, broken, 1)
    for (const name of ['a', 'b', 'c'])
      expect(answers.get(name)).toMatchObject([
        { id: name, status: 'failed', error: { code: 'suite/worker-died' } },
      ])
  })

  it('share the work, and go on after a vector that cannot be read', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'b.json'), JSON.stringify({ class: 'x' }))
    const tasks = ['a', 'b', 'c'].map((name) => ({ file: join(directory, `${name}.json`), name }))
    const answers = await answersOf(tasks, setupIn(directory), 2)
    expect([...answers.keys()].sort()).toEqual(['a', 'b', 'c'])
    expect(['a', 'b', 'c'].map((name) => answers.get(name)?.[0]?.error?.code)).toEqual([
      'file/unreadable',
      'vector/unsupported-class',
      'file/unreadable',
    ])
  })

  it('open a vector for themselves that is nested deeper than the main thread can clone', async () => {
    const directory = temporaryDirectory()
    const file = join(directory, 'nested.json')
    const tasks: VectorTask[] = []
    for (const depth of [1_000, 3_000, 10_000]) {
      const name = `${depth}`
      writeFileSync(
        `${file}${name}`,
        JSON.stringify({ ...vectorParts(), class: 'x', more: 0 }).replace(
          /0}$/,
          `${'['.repeat(depth)}${']'.repeat(depth)}}`,
        ),
      )
      tasks.push({ file: `${file}${name}`, name })
    }
    const answers = await answersOf(tasks, setupIn(directory))
    for (const { name } of tasks) expect(answers.get(name)?.[0]?.error?.code).toBe('vector/unsupported-class')
  })

  it('are not started where there is nothing to do', async () => {
    expect((await answersOf([], setupIn('nowhere'))).size).toBe(0)
  })
})
