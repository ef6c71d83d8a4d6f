import { loadNodeCrypto } from '@troupe/crypto-node'
import type { Benchmark, BenchmarkContext, Measurement } from '../benchmark.ts'
import { createAnvilEngine } from '../evm/anvil-engine.ts'
import { compileCases, compileSnailtracer } from '../evm/cases.ts'
import { createEdrEngine } from '../evm/edr-engine.ts'
import type { EvmCase, EvmEngine } from '../evm/engine.ts'
import { fetchRivals } from '../evm/rivals.ts'
import { createStockEngine } from '../evm/stock-engine.ts'
import { createTroupeEngine } from '../evm/troupe-engine.ts'

const ROUNDS = 7
const QUICK_ROUNDS = 3
/** Rounds for compilers, whose time would count otherwise. */
const WARM_UP = 3
/** How many times as fast as ethereumjs it has to be. */
const TARGETS: Readonly<Record<string, number>> = { arithmetic: 8, token: 5, storage: 20, snailtracer: 15 }
/** Where it has to be as fast as EDR. */
const AS_FAST_AS_EDR = new Set(['arithmetic', 'storage', 'snailtracer'])

/** Contracts, run by our interpreter and by others. */
export const evm: Benchmark = {
  name: 'evm',
  about:
    "Millions of gas for each second of processor time: loops of contracts by our interpreter and @ethereumjs/evm, with --rivals by Hardhat's EDR and Foundry's anvil too, in turns.",
  async run(context) {
    const crypto = await loadNodeCrypto()
    const notes: string[] = []
    const modules = context.rivals ? fetchRivals() : undefined
    const cases = compileCases(crypto)
    if (modules !== undefined && context.snailtracer !== undefined)
      cases.push(compileSnailtracer(context.snailtracer, `${modules}/solc-0.4`))
    else
      notes.push(
        'The ray tracer runs with `--rivals --snailtracer FILE`, where FILE is its source from ziyadedher/evm-bench.',
      )
    const engines = [createTroupeEngine(cases, crypto), await createStockEngine(cases)]
    if (modules !== undefined) {
      engines.push(await createEdrEngine(cases, modules))
      if (process.platform === 'linux') engines.push(await createAnvilEngine(cases, modules))
    }
    try {
      const measurements: Measurement[] = []
      for (const one of cases) measurements.push(...(await measure(one, engines, context)))
      return { measurements, notes }
    } finally {
      for (const engine of engines) await engine.close()
    }
  },
}

/** Runs a case with all engines in turns, and compares what they return. */
async function measure(
  one: EvmCase,
  engines: readonly EvmEngine[],
  { quick, report }: BenchmarkContext,
): Promise<Measurement[]> {
  report(one.name)
  const speeds = engines.map((): number[] => [])
  for (let round = -WARM_UP; round < (quick ? QUICK_ROUNDS : ROUNDS); round++) {
    const runs = []
    for (const engine of engines) runs.push(await engine.run(one))
    const [ours] = runs as [Awaited<ReturnType<EvmEngine['run']>>]
    runs.forEach(({ cpuMs, output, gasUsed }, index) => {
      const isSame = Buffer.from(output).equals(ours.output) && (gasUsed ?? ours.gasUsed) === ours.gasUsed
      if (!isSame) throw new Error(`${engines[index]?.name} gives something else for ${one.name}`)
      if (round >= 0) speeds[index]?.push((ours.gasUsed as number) / 1000 / cpuMs)
    })
  }
  const [ours, ...others] = speeds as [number[], ...number[][]]
  const byEngine = engines.map(({ name }, index): Measurement => {
    return { name: `${one.name}, ${name}`, unit: 'Mgas/s', samples: speeds[index] ?? [] }
  })
  const ratios = others.map((theirs, index): Measurement => {
    const name = (engines[index + 1] as EvmEngine).name
    const value = name === 'ethereumjs' ? TARGETS[one.name] : undefined
    const target = value ?? (name === 'EDR' && AS_FAST_AS_EDR.has(one.name) ? 1 : undefined)
    return {
      name: `${one.name}, troupe by ${name}`,
      unit: '',
      samples: theirs.map((speed, round) => (ours[round] as number) / speed),
      ...(target === undefined ? {} : { target: { value: target, better: 'higher' as const } }),
    }
  })
  return [...byEngine, ...ratios]
}
