import { loadNodeCrypto } from '@troupe/crypto-node'
import { compileFixture } from '@troupe/fixtures'
import type { Benchmark } from '../benchmark.ts'
import { readModule, transformModule } from '../instances.ts'
import { largestActor } from '../official-actor.ts'
import { timeInterleaved } from '../sampling.ts'

const MEGABYTE = 1e6

/** The transformer on one module, again and again. */
export const transformer: Benchmark = {
  name: 'transformer',
  about:
    'Megabytes of original code per second, on the largest official actor, once the engine has optimised the transformer.',
  async run({ sampling }) {
    const official = largestActor(await loadNodeCrypto())
    const bytes = official ?? (await compileFixture('relay'))
    const module = readModule(bytes)
    const transformed = transformModule(module)
    const steps = {
      parse: () => readModule(bytes),
      transform: () => transformModule(module),
      'parse and transform': () => transformModule(readModule(bytes)),
      'validation by the engine, of the result': () => new WebAssembly.Module(transformed),
    }
    const times = timeInterleaved(
      Object.values(steps).map((step) => () => void step()),
      sampling,
    )
    return {
      measurements: Object.keys(steps).map((name, index) => ({
        name,
        unit: 'MB/s',
        samples: (times[index] as number[]).map(
          (milliseconds) => (bytes.length / MEGABYTE / milliseconds) * 1_000,
        ),
        ...(name === 'parse and transform' && official !== undefined
          ? { target: { value: 60, better: 'higher' } as const }
          : {}),
      })),
      notes: [
        `${official === undefined ? 'A small actor of the fixtures, for want of storageminer v10' : 'storageminer v10'}: ${bytes.length.toLocaleString('en')} bytes, ${transformed.length.toLocaleString('en')} transformed.`,
      ],
    }
  },
}
