import { loadNodeCrypto } from '@troupe/crypto-node'
import type { Benchmark } from '../benchmark.ts'
import { compileKernel } from '../compile-kernel.ts'
import { readModule, transformModule } from '../instances.ts'
import { largestActor, NO_OFFICIAL_ACTOR } from '../official-actor.ts'
import { repeatFunctions } from '../repeat-functions.ts'
import { timeInterleaved } from '../sampling.ts'

const MEGABYTE = 1e6
/** So many of a kernel's functions are about as long as the largest official actor. */
const COPIES = 2_000

/** The transformer on one module, again and again. */
export const transformer: Benchmark = {
  name: 'transformer',
  about:
    'Megabytes of original code per second, on the largest official actor or, where it is not there, on a generated module, once the engine has optimised the transformer.',
  async run({ sampling }) {
    const official = largestActor(await loadNodeCrypto())
    const bytes = official ?? repeatFunctions(await compileKernel('cbor-reader'), COPIES)
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
        `${official === undefined ? `Not an official actor, but copies of one kernel (${NO_OFFICIAL_ACTOR})` : 'storageminer v10'}: ${bytes.length.toLocaleString('en')} bytes, ${transformed.length.toLocaleString('en')} transformed.`,
      ],
    }
  },
}
