import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Benchmark } from '../benchmark.ts'
import { bundleDirectory } from '../official-actor.ts'
import { runTroupe } from '../run-troupe.ts'
import { firstVector, runnableVectors } from '../vectors.ts'

const ROUNDS = 7
const QUICK_ROUNDS = 3
const ACTOR = 'storageminer'

/** A process that starts, executes one message, and says what became of it. */
export const start: Benchmark = {
  name: 'start',
  about:
    'Milliseconds from the start of `troupe replay` to its first output, the receipt of a vector that calls the largest actor: with transformed code in the cache, and with none, in turns.',
  async run({ quick, vectors }) {
    const found = await runnableVectors(vectors)
    if ('skipped' in found) return found
    const vector = firstVector(found.directory, ACTOR)
    if (vector === undefined) return { skipped: `none of the vectors calls ${ACTOR}` }
    const bundles = bundleDirectory()
    const replay = async (code: 'warm' | 'cold', home: string): Promise<number> => {
      if (code === 'cold') rmSync(join(home, 'code'), { recursive: true, force: true })
      return (await runTroupe(['replay', vector, '--json'], { TROUPE_HOME: home })).firstOutputMs
    }
    const home = mkdtempSync(join(tmpdir(), 'troupe-bench-'))
    try {
      symlinkSync(bundles, join(home, 'bundles'), 'junction')
      const samples: Record<'warm' | 'cold', number[]> = { warm: [], cold: [] }
      for (let round = 0; round < (quick ? QUICK_ROUNDS : ROUNDS); round++) {
        samples.cold.push(await replay('cold', home))
        samples.warm.push(await replay('warm', home))
      }
      return {
        measurements: [
          {
            name: 'warm cache',
            unit: 'ms',
            samples: samples.warm,
            target: { value: 250, better: 'lower' },
          },
          {
            name: 'cold cache',
            unit: 'ms',
            samples: samples.cold,
            target: { value: 1_200, better: 'lower' },
          },
        ],
        notes: [`Vector: ${basename(vector)}.`],
      }
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  },
}
