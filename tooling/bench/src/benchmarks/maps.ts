import type { CryptoProvider } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { CborStore, MemoryBlockstore, u256Codec, u256Keys, type ValueCodec } from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { Hamt } from '@troupe/ipld/hamt'
import { Kamt } from '@troupe/ipld/kamt'
import type { Benchmark, Measurement, Target } from '../benchmark.ts'
import type { Chart } from '../chart.ts'
import { type Sampling, timeRepeated } from '../sampling.ts'
import { spreadOf } from '../statistics.ts'

const SIZES = [1_000, 10_000, 100_000, 1_000_000] as const
const QUICK_SIZES = [1_000, 10_000, 100_000] as const
/** Operations that are timed together. */
const BATCH = 1_000
/** Steps through the keys that no cache of the processor foresees: a prime, so that all keys have their turn. */
const STRIDE = 7_919

const HAMT_TARGETS: Readonly<Record<string, Target>> = {
  get: { value: 1_000_000, better: 'higher' },
  set: { value: 250_000, better: 'higher' },
}
const HAMT_TARGET_SIZE = 100_000

/** A structure with integers for keys. `value` makes an entry new. */
interface Trial {
  get(key: number): unknown
  set(key: number, value: number): void
  flush(): unknown
}

const integers: ValueCodec<number> = {
  encode: (writer, value) => void writer.uint(value),
  decode: (reader) => reader.uint(),
}

/**
 * Structures over stores of their own, for up to `size` keys.
 *
 * The bytes of a key are made where it is asked for, as the state tree does with an actor's ID. 100,000 arrays that were made beforehand would lie in
 * memory that no cache holds, and to read a key would take longer than to look it up.
 */
const STRUCTURES: Readonly<Record<string, (crypto: CryptoProvider, size: number) => Trial>> = {
  HAMT(crypto) {
    const hamt = Hamt.create(storeOf(crypto), { bitWidth: 5, value: integers })
    return {
      get: (key) => hamt.get(bytesOf(key)),
      set: (key, value) => hamt.set(bytesOf(key), value),
      flush: () => hamt.flush(),
    }
  },
  AMT(crypto) {
    const amt = Amt.create(storeOf(crypto), { value: integers })
    return {
      get: (key) => amt.get(key),
      set: (key, value) => amt.set(key, value),
      flush: () => amt.flush(),
    }
  },
  // As the storage of contracts is: hashes to 256-bit words. They take too long to be made on the way.
  KAMT(crypto, size) {
    const keys = Array.from({ length: size }, (_, key) => wordOf(crypto.keccak256(bytesOf(key))))
    const options = { keys: u256Keys, value: u256Codec, bitWidth: 5, maxArrayWidth: 1 }
    const kamt = Kamt.create(storeOf(crypto), options)
    return {
      get: (key) => kamt.get(keys[key] as bigint),
      set: (key, value) => kamt.set(keys[key] as bigint, BigInt(value)),
      flush: () => kamt.flush(),
    }
  },
}

/** HAMT, AMT and KAMT in memory. */
export const maps: Benchmark = {
  name: 'maps',
  about:
    'Operations per second on HAMT (8-byte keys, bit width 5), AMT (dense) and KAMT (hashed 256-bit keys) by number of entries. All nodes are in memory: `set` replaces values of entries without a flush, `flush` writes all entries of a new tree to a store in memory.',
  async run({ quick, sampling, report }) {
    const crypto = await loadNodeCrypto()
    const rows: Row[] = []
    for (const [structure, create] of Object.entries(STRUCTURES)) {
      for (const size of quick ? QUICK_SIZES : SIZES) {
        report(`${structure} of ${size}`)
        for (const [operation, samples] of Object.entries(measure(create, crypto, size, sampling)))
          rows.push({ structure, operation, size, samples })
      }
    }
    return {
      measurements: rows.map(measurementOf),
      charts: ['get', 'set', 'flush'].map((operation) => chartOf(operation, rows)),
    }
  },
}

/** Samples of one operation, per second. */
interface Row {
  readonly structure: string
  readonly operation: string
  readonly size: number
  readonly samples: readonly number[]
}

function measurementOf({ structure, operation, size, samples }: Row): Measurement {
  const isTarget = structure === 'HAMT' && size === HAMT_TARGET_SIZE
  const target = isTarget ? HAMT_TARGETS[operation] : undefined
  return {
    name: `${structure} ${operation} at ${size.toLocaleString('en')}`,
    unit: unitOf(operation),
    samples,
    ...(target === undefined ? {} : { target }),
  }
}

function chartOf(operation: string, rows: readonly Row[]): Chart {
  return {
    name: `maps-${operation}`,
    title: `${operation} in memory, by number of entries`,
    xLabel: 'entries',
    yLabel: unitOf(operation),
    series: Object.keys(STRUCTURES).map((name) => ({
      name,
      points: rows
        .filter((row) => row.structure === name && row.operation === operation)
        .map(({ size, samples }) => ({ x: size, y: spreadOf(samples).median })),
    })),
  }
}

function unitOf(operation: string): string {
  return operation === 'flush' ? 'entries/s' : 'ops/s'
}

/** Operations per second of each kind. */
function measure(
  create: (crypto: CryptoProvider, size: number) => Trial,
  crypto: CryptoProvider,
  size: number,
  sampling: Sampling,
): Record<'insert' | 'get' | 'set' | 'flush', number[]> {
  // Small trees are built often enough that the engine has compiled what builds them.
  const builds = Math.max(1, Math.min(50, Math.ceil(200_000 / size)))
  const insert: number[] = []
  const flush: number[] = []
  let trial = create(crypto, size)
  for (let build = 0; build < builds; build++) {
    if (build > 0) trial = create(crypto, size)
    insert.push(perSecond(size, () => fill(trial, size)))
    flush.push(perSecond(size, () => trial.flush()))
  }
  // The first set after a flush copies nodes that are stored: not what is to be measured.
  fill(trial, size, 1)
  let at = 0
  let value = 2
  const next = (): number => {
    at = (at + STRIDE) % size
    return at
  }
  const rate = (run: () => void): number[] =>
    timeRepeated(() => {
      for (let i = 0; i < BATCH; i++) run()
    }, sampling).map((milliseconds) => (BATCH / milliseconds) * 1_000)
  return {
    insert,
    get: rate(() => {
      if (trial.get(next()) === undefined) throw new Error('an entry is gone')
    }),
    set: rate(() => trial.set(next(), value++)),
    flush,
  }
}

function fill(trial: Trial, size: number, offset = 0): void {
  for (let key = 0; key < size; key++) trial.set(key, key + offset)
}

function perSecond(count: number, run: () => void): number {
  const start = performance.now()
  run()
  return (count / (performance.now() - start)) * 1_000
}

function storeOf(crypto: CryptoProvider): CborStore {
  return new CborStore(new MemoryBlockstore(), crypto)
}

/** An integer below 2^32 in eight bytes, big-endian. */
function bytesOf(key: number): Uint8Array {
  const bytes = new Uint8Array(8)
  bytes[4] = key >>> 24
  bytes[5] = key >>> 16
  bytes[6] = key >>> 8
  bytes[7] = key
  return bytes
}

function wordOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
