import { describe, expect, it } from 'vitest'
import { greedy, RECURSIVE_2, RECURSIVE_3 } from './modules.ts'
import { EXIT_CODE_OF_ONE, type Recursion, type RecursionTask, recurse } from './recurse.ts'

/** The part of a dedicated worker that is used here. */
interface DedicatedWorker {
  onmessage: (event: { readonly data: Recursion }) => void
  onerror: (event: { readonly message: string }) => void
  postMessage(message: RecursionTask): void
  terminate(): void
}
declare const Worker: new (url: URL, options: { readonly type: 'module' }) => DedicatedWorker

async function recurseInWorker(task: RecursionTask): Promise<Recursion> {
  const worker = new Worker(new URL('./deep-recursion.browser-worker.ts', import.meta.url), {
    type: 'module',
  })
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(task)
    })
  } finally {
    worker.terminate()
  }
}

/** Memories of the page are freed late, and the threads of a page share the room for memories: so the workers come first. */
describe.each([
  ['in a dedicated worker', recurseInWorker],
  ['on the page', recurse],
])('recursion %s', (where, run) => {
  const report = (what: string, result: Recursion): void =>
    console.info(`${what} ${where}: ${JSON.stringify(result)}`)

  it.each([
    [18, RECURSIVE_3, 1024],
    [17, RECURSIVE_2, 1025],
  ])(
    'goes as deep as the protocol allows, or is a failure of the host that changes nothing (nv%i)',
    async (networkVersion, bytes, levels) => {
      const result = await run({ bytes, networkVersion })
      report(`nv${networkVersion}`, result)
      if (result.exitCode !== undefined)
        expect(result).toMatchObject({ exitCode: EXIT_CODE_OF_ONE + levels - 1, depth: levels })
      else
        expect(result).toMatchObject({
          code: expect.stringMatching(/^host\/(stack|memory)-exhausted$/),
          isUnchanged: true,
        })
    },
  )

  it('is a failure of the host that changes nothing where the stack is used up', async () => {
    const result = await run({ bytes: greedy(150), networkVersion: 18 })
    report('with 150 frames a level', result)
    expect(result).toMatchObject({ code: 'host/stack-exhausted', isUnchanged: true })
  })
})
