import type { Benchmark, Measurement } from '../benchmark.ts'
import { compileKernel, KERNEL_NAMES } from '../compile-kernel.ts'
import { type Invoke, instantiateMetered, instantiateRaw } from '../instances.ts'
import { timeInterleaved, timeRepeated } from '../sampling.ts'
import { geometricMean, pairwiseRatios, spreadOf } from '../statistics.ts'

/** The engine optimises in the background, and not before code has run for a while. */
const WARM_UP_MS = 1_000
/** How long a call should take, so that the clock tells calls apart and what interrupts one does not spoil many. */
const CALL_MS = 2
const MOST_ROUNDS = 65_536

/** What metering costs. */
export const metering: Benchmark = {
  name: 'metering',
  about:
    'Time of metered code over that of the same code unmetered, both in turns once the engine has optimised them. The ratios of kernels are of pairs of runs beside each other; mean and worst are of the fastest run over the fastest, as the targets are.',
  async run({ quick, sampling, report }) {
    const warmUpMs = quick ? WARM_UP_MS / 2 : WARM_UP_MS
    const kernels: Measurement[] = []
    const fastestRatios: number[] = []
    const notes: string[] = []
    for (const name of KERNEL_NAMES) {
      report(name)
      const bytes = await compileKernel(name)
      const raw = instantiateRaw(bytes)
      const metered = instantiateMetered(bytes)
      const rounds = roundsFor(raw, warmUpMs)
      const expected = raw(rounds)
      metered.invoke(rounds)
      const gas = metered.takeGas()
      const check = (result: number, used: number): void => {
        if (result !== expected || used !== gas) throw new Error(`${name} does not do the same each time`)
      }
      const [unmeteredTimes, meteredTimes] = timeInterleaved(
        [() => check(raw(rounds), gas), () => check(metered.invoke(rounds), metered.takeGas())],
        { ...sampling, warmUpMs },
      ) as [number[], number[]]
      kernels.push({ name, unit: '', samples: pairwiseRatios(meteredTimes, unmeteredTimes) })
      const [fastest, unmetered] = [spreadOf(meteredTimes).min, spreadOf(unmeteredTimes).min]
      fastestRatios.push(fastest / unmetered)
      notes.push(
        `${name}: ${(fastest / unmetered).toFixed(2)} by the fastest runs; ${(gas / 1e9 / fastest).toFixed(1)} Ggas/s metered.`,
      )
    }
    return {
      measurements: [
        ...kernels,
        {
          name: 'geometric mean',
          unit: '',
          samples: [geometricMean(fastestRatios)],
          target: { value: 1.13, better: 'lower' },
        },
        {
          name: 'worst',
          unit: '',
          samples: [Math.max(...fastestRatios)],
          target: { value: 1.45, better: 'lower' },
        },
      ],
      notes,
    }
  },
}

/** How many rounds of a kernel take as long as a call should, once it is optimised. */
function roundsFor(invoke: Invoke, warmUpMs: number): number {
  const milliseconds = (rounds: number): number =>
    Math.min(...timeRepeated(() => void invoke(rounds), { warmUpMs: 0, measureMs: 0 }))
  timeRepeated(() => void invoke(1), { warmUpMs, measureMs: 0 })
  let rounds = 1
  while (rounds < MOST_ROUNDS && milliseconds(rounds) < CALL_MS) rounds *= 2
  return rounds
}
