import { describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { type PortableOutcome, type PortableSuite, speedOf } from './portable-vectors.ts'

/** What runs in Node for this test: see `vitest.config.ts`. */
const { readVectors, runVectors } = commands as unknown as {
  /** Gives vectors, or says why there are none. */
  readVectors(): Promise<PortableSuite | { readonly missing: string }>
  /** Runs the same vectors. */
  runVectors(): Promise<PortableOutcome[]>
}

/** The part of a dedicated worker that is used here. */
interface DedicatedWorker {
  onmessage: (event: { readonly data: PortableOutcome[] }) => void
  onerror: (event: { readonly message: string }) => void
  postMessage(message: PortableSuite): void
  terminate(): void
}
declare const Worker: new (url: URL, options: { readonly type: 'module' }) => DedicatedWorker

async function runInWorker(suite: PortableSuite): Promise<PortableOutcome[]> {
  const worker = new Worker(new URL('./official-vectors.browser-worker.ts', import.meta.url), {
    type: 'module',
  })
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(suite)
    })
  } finally {
    worker.terminate()
  }
}

describe('official vectors in a dedicated worker', { timeout: 120_000 }, () => {
  it('pass, with the gas and the roots that they have in Node', async ({ skip }) => {
    const suite = await readVectors()
    if ('missing' in suite) return skip(suite.missing)
    const outcomes = await runInWorker(suite)
    expect(outcomes.map(({ id, differences }) => [id, differences])).toEqual(
      suite.vectors.map(({ id }) => [id, []]),
    )
    expect(new Set(outcomes.map(({ networkVersion }) => networkVersion))).toEqual(new Set([17, 18]))
    const inNode = await runVectors()
    const results = (all: readonly PortableOutcome[]): unknown =>
      all.map(({ id, root, gasUsed }) => ({ id, root, gasUsed }))
    expect(results(outcomes)).toEqual(results(inNode))
    const speeds = ([0, 1] as const).map((run) =>
      [outcomes, inNode].map((all) => speedOf(all, run).toFixed(2)).join(', in Node '),
    )
    console.info(
      `${outcomes.length} vectors, Ggas/s in this browser ${speeds[1]}; with compilation ${speeds[0]}`,
    )
  })
})
