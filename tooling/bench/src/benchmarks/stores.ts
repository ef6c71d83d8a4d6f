import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CryptoProvider } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import {
  CborStore,
  type ChainStore,
  type Cid,
  cidOf,
  MemoryBlockstore,
  MemoryStore,
  RAW,
  toInterfaceBlockstore,
} from '@troupe/ipld'
import { Hamt, type HamtOptions } from '@troupe/ipld/hamt'
import { AccessPatterns, RemoteBlockstore, type RestartResult, withRestart } from '@troupe/ipld/remote'
import { openLmdbStore } from '@troupe/store-lmdb'
import type { Benchmark, Measurement } from '../benchmark.ts'
import { type Sampling, timeRepeated } from '../sampling.ts'

const BLOCKS = 50_000
const QUICK_BLOCKS = 10_000
/** Blocks of state trees have a few hundred bytes up to a few thousand. */
const BLOCK_BYTES = { least: 200, most: 4_000 }
/** Blocks that are committed together. */
const BATCH = 5_000
/** Reads that are timed together. */
const READS = 1_000
/** Steps through the blocks that no cache foresees: a prime. */
const STRIDE = 7_919
const HEAD = new TextEncoder().encode('head')
const READ_DELAY_MS = 50
const MAP_ENTRIES = 10_000
/** What one run reads of a map. */
const MAP_READS = 20

type Block = readonly [Cid, Uint8Array]

/** A kind of store, made in a directory of its own. */
interface Kind {
  readonly name: string
  open(directory: string, crypto: CryptoProvider): Promise<ChainStore>
}

const KINDS: readonly Kind[] = [
  { name: 'memory', open: async () => new MemoryStore() },
  { name: 'LMDB', open: (directory, crypto) => openLmdbStore(directory, crypto) },
  {
    name: 'LMDB, unverified',
    open: (directory, crypto) => openLmdbStore(directory, crypto, { verifyReads: false }),
  },
  {
    name: 'LMDB, 100 commits a sync',
    open: (directory, crypto) => openLmdbStore(directory, crypto, { commitsPerSync: 100 }),
  },
]

/** Stores of chains, and stores that answer later. */
export const stores: Benchmark = {
  name: 'stores',
  about: `Stores of blocks of ${BLOCK_BYTES.least} to ${BLOCK_BYTES.most} bytes: commits of ${BATCH}, random reads that hit, commits of one block and a head, and a collection in which half of the blocks go. And a run that reads ${MAP_READS} entries of a HAMT of ${MAP_ENTRIES} from a store that takes ${READ_DELAY_MS} ms for a read, without and with the access pattern of the run before.`,
  async run({ quick, sampling, report }) {
    const crypto = await loadNodeCrypto()
    const blocks = makeBlocks(crypto, quick ? QUICK_BLOCKS : BLOCKS)
    const measurements: Measurement[] = []
    const root = mkdtempSync(join(tmpdir(), 'troupe-bench-'))
    try {
      for (const [index, kind] of KINDS.entries()) {
        report(kind.name)
        const store = await kind.open(join(root, String(index)), crypto)
        for (const measurement of await measure(store, blocks, crypto, sampling))
          measurements.push({ ...measurement, name: `${kind.name}: ${measurement.name}` })
        await store.close()
      }
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
    report('a store that answers later')
    const { cold, warm, reads } = await measureRemote(crypto, quick ? 2 : 5)
    measurements.push(
      { name: `${READ_DELAY_MS} ms a read: without a pattern`, unit: 'ms', samples: cold },
      { name: `${READ_DELAY_MS} ms a read: with a pattern`, unit: 'ms', samples: warm },
    )
    return {
      measurements,
      notes: [
        `${blocks.length} blocks, read with native hashing. Directories are the system's temporary ones.`,
        `The run on the store that answers later reads ${reads} blocks.`,
      ],
    }
  },
}

async function measure(
  store: ChainStore,
  blocks: readonly Block[],
  crypto: CryptoProvider,
  sampling: Sampling,
): Promise<Measurement[]> {
  const puts: number[] = []
  for (let at = 0; at < blocks.length; at += BATCH) {
    const batch = blocks.slice(at, at + BATCH)
    puts.push(perSecond(batch.length, () => store.commit({ blocks: batch })))
  }
  store.sync()
  let at = 0
  const next = (): Block => {
    at = (at + STRIDE) % blocks.length
    return blocks[at] as Block
  }
  const read = (): void => {
    for (let i = 0; i < READS; i++) if (store.get(next()[0]) === undefined) throw new Error('a block is gone')
  }
  const gets = timeRepeated(read, sampling).map((milliseconds) => (READS / milliseconds) * 1_000)
  let count = 0
  const commit = (): void => {
    const bytes = new TextEncoder().encode(`block ${count++}`)
    const cid = cidOf(crypto, RAW, bytes)
    store.commit({ blocks: [[cid, bytes]], refs: [{ namespace: 'chain', key: HEAD, value: cid.bytes }] })
  }
  const commits = timeRepeated(commit, sampling)
  store.sync()
  const kept = blocks.filter((_, i) => i % 2 === 0).map(([cid]) => cid)
  const start = performance.now()
  await store.collectGarbage(kept)
  const collected = (blocks.length / (performance.now() - start)) * 1_000
  return [
    { name: 'put', unit: 'blocks/s', samples: puts },
    { name: 'get', unit: 'blocks/s', samples: gets },
    { name: 'commit of one', unit: 'ms', samples: commits },
    { name: 'collection', unit: 'blocks/s', samples: [collected] },
  ]
}

const MAP: HamtOptions<number> = {
  bitWidth: 5,
  value: { encode: (writer, value) => void writer.uint(value), decode: (reader) => reader.uint() },
}

/** Milliseconds of runs on a store that answers later, each with an empty cache. */
async function measureRemote(
  crypto: CryptoProvider,
  samples: number,
): Promise<{ readonly cold: number[]; readonly warm: number[]; readonly reads: number }> {
  const blocks = new MemoryBlockstore()
  const map = Hamt.create(new CborStore(blocks, crypto), MAP)
  const keyOf = (key: number): Uint8Array => new TextEncoder().encode(`key ${key}`)
  for (let key = 0; key < MAP_ENTRIES; key++) map.set(keyOf(key), key)
  const root = map.flush()
  const near = toInterfaceBlockstore(blocks)
  const remote = {
    ...near,
    get: async function* (cid: Cid) {
      await new Promise((resolve) => setTimeout(resolve, READ_DELAY_MS))
      yield* near.get(cid)
    },
  }
  const patterns = new AccessPatterns()
  const run = async (times: number[], key: string): Promise<RestartResult<void>> => {
    const store = new RemoteBlockstore(remote, crypto)
    const start = performance.now()
    const result = await withRestart(
      store,
      () => {
        const read = Hamt.load(new CborStore(store, crypto), root, MAP)
        for (let i = 0; i < MAP_READS; i++) read.get(keyOf((i * STRIDE) % MAP_ENTRIES))
      },
      { prefetch: { patterns, key } },
    )
    times.push(performance.now() - start)
    return result
  }
  const [cold, warm]: [number[], number[]] = [[], []]
  let reads = 0
  for (let sample = 0; sample < samples; sample++) {
    reads = (await run(cold, String(sample))).fetched
    await run(warm, String(sample))
  }
  return { cold, warm, reads }
}

function makeBlocks(crypto: CryptoProvider, count: number): Block[] {
  const { least, most } = BLOCK_BYTES
  return Array.from({ length: count }, (_, i) => {
    // Lengths are spread evenly, and the first bytes make each block another.
    const bytes = new Uint8Array(least + ((i * STRIDE) % (most - least)))
    new DataView(bytes.buffer).setUint32(0, i)
    return [cidOf(crypto, RAW, bytes), bytes]
  })
}

function perSecond(count: number, run: () => void): number {
  const start = performance.now()
  run()
  return (count / (performance.now() - start)) * 1_000
}
