import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { greedy, RECURSIVE_2, RECURSIVE_3 } from './modules.ts'
import { EXIT_CODE_OF_ONE, type Recursion } from './recurse.ts'

describe('recursion as deep as the protocol allows', () => {
  /** Runs in a worker with a stack of so many MiB. */
  function recurseInWorker(
    bytes: Uint8Array,
    networkVersion: number,
    stackSizeMb: number,
  ): Promise<Recursion> {
    const worker = new Worker(new URL('./deep-recursion.node-worker.ts', import.meta.url), {
      workerData: { bytes, networkVersion },
      resourceLimits: { stackSizeMb },
    })
    return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  }

  it.each([
    ['1024 levels', 'generation 3', RECURSIVE_3, 18, 1024],
    ['1024 levels', 'generation 4', RECURSIVE_3, 28, 1024],
    ['1025 levels', 'generation 2', RECURSIVE_2, 17, 1025],
  ])('is %s in %s', async (_, __, bytes, networkVersion, depth) => {
    const exitCode = EXIT_CODE_OF_ONE + depth - 1
    expect(await recurseInWorker(bytes, networkVersion, 64)).toMatchObject({ exitCode, depth })
  })

  // ref-fvm master testing/test_actors/actors/fil-stack-overflow-actor
  it('may be that of an actor that uses most of its own stack at each level', async () => {
    expect(await recurseInWorker(greedy(150), 28, 256)).toMatchObject({ exitCode: 0, depth: 1024 })
  })

  it('is a failure of the host where its stack is too small', async () => {
    expect(await recurseInWorker(RECURSIVE_3, 18, 1)).toMatchObject({
      code: 'host/stack-exhausted',
      isUnchanged: true,
    })
  })

  it('is that too with the compiler that optimises, whose frames are small', async () => {
    const process = fork(fileURLToPath(new URL('./deep-recursion.node-process.ts', import.meta.url)), {
      execArgv: ['--no-liftoff'],
      serialization: 'advanced',
    })
    const result = new Promise((resolve, reject) => process.once('message', resolve).once('error', reject))
    process.send({ bytes: RECURSIVE_3, networkVersion: 18 })
    expect(await result).toMatchObject({ code: 'host/stack-exhausted', isUnchanged: true })
  })
})
