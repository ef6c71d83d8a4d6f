import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import type { Benchmark } from '../benchmark.ts'
import { timeInterleaved } from '../sampling.ts'

const CASES: readonly {
  readonly name: string
  readonly length: number
  readonly hash: (crypto: CryptoProvider, data: Uint8Array) => Uint8Array
}[] = [
  { name: 'blake2b-256 of 64 B', length: 64, hash: (crypto, data) => crypto.blake2b(data, 32) },
  { name: 'blake2b-256 of 1 KiB', length: 1024, hash: (crypto, data) => crypto.blake2b(data, 32) },
  { name: 'sha256 of 32 B', length: 32, hash: (crypto, data) => crypto.sha256(data) },
]
/** Hashes that are timed together: one takes less than the clock can tell. */
const BATCH = 2_000

/** Hashes of the sizes that blocks and keys have. */
export const hashing: Benchmark = {
  name: 'hashing',
  about: 'Nanoseconds for one hash, by both providers of cryptography, in turns.',
  async run({ sampling }) {
    const providers = [await loadCrypto(), await loadNodeCrypto()]
    const measurements = CASES.flatMap(({ name, length, hash }) => {
      const data = Uint8Array.from({ length }, (_, index) => index)
      const runs = providers.map((crypto) => () => {
        for (let i = 0; i < BATCH; i++) {
          data[0] = i
          hash(crypto, data)
        }
      })
      return timeInterleaved(runs, sampling).map((times, index) => ({
        name: `${name}, ${providers[index]?.name}`,
        unit: 'ns',
        samples: times.map((milliseconds) => (milliseconds * 1e6) / BATCH),
      }))
    })
    return { measurements }
  },
}
