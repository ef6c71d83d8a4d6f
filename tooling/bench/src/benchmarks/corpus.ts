import type { Benchmark } from '../benchmark.ts'
import { runTroupe, type TroupeRun } from '../run-troupe.ts'
import { runnableVectors } from '../vectors.ts'

const ROUNDS = 3
const MEBIBYTE = 1_048_576

/** The official vectors, one after the other. */
export const corpus: Benchmark = {
  name: 'corpus',
  about:
    'All official test vectors by `troupe conformance fvm --jobs 1`, with the cache of transformed code warm: gas by the time the command says, and the most memory that its process held.',
  async run({ quick, vectors, report }) {
    const found = await runnableVectors(vectors)
    if ('skipped' in found) return found
    const args = ['conformance', 'fvm', '--vectors', found.directory, '--jobs', '1', '--json']
    // The first run fills the cache of transformed code.
    const runs: { readonly run: TroupeRun; readonly summary: Summary }[] = []
    for (let round = 0; round <= (quick ? 1 : ROUNDS); round++) {
      report(round === 0 ? 'filling the cache' : `round ${round}`)
      const run = await runTroupe(args)
      if (round > 0) runs.push({ run, summary: JSON.parse(run.output) as Summary })
    }
    const { passed, gas } = (runs[0] as (typeof runs)[number]).summary
    return {
      measurements: [
        {
          name: 'throughput',
          unit: 'Ggas/s',
          samples: runs.map(({ summary }) => summary.gas / summary.seconds / 1e9),
          target: { value: 20, better: 'higher' },
        },
        { name: 'time', unit: 's', samples: runs.map(({ summary }) => summary.seconds) },
        {
          name: 'peak memory',
          unit: 'MiB',
          samples: runs.map(({ run }) => run.peakBytes / MEBIBYTE),
          target: { value: 500, better: 'lower' },
        },
      ],
      notes: [`${passed} vectors, ${gas.toLocaleString('en')} gas.`],
    }
  },
}

interface Summary {
  readonly passed: number
  readonly gas: number
  readonly seconds: number
}
