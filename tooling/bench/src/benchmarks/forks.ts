import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { createTroupe, type Troupe } from 'troupe'
import type { Benchmark, Measurement } from '../benchmark.ts'
import { FIRST_ID, genesisOf, type StoreKind, withStore } from '../many-accounts.ts'

const SIZES = [1_000, 10_000, 100_000] as const
const QUICK_SIZES = [1_000, 10_000] as const
/** Forks that are made and kept for one figure of memory: one alone is less than what the collector leaves behind. */
const FORKS = 100
const KIB = 1_024

/** What forks of a chain cost, by how much state they share. */
export const forks: Benchmark = {
  name: 'forks',
  about: `Forks of one chain, after a first one: the time of a fork and of a block with one transfer on it, and the memory that each of ${FORKS} forks holds, as it is and with such a block, by number of accounts. They share the state: a fork should not grow with it, and a block only with the depth of its trees.`,
  async run({ quick, report }) {
    const crypto = await loadNodeCrypto()
    const measurements: Measurement[] = []
    for (const size of quick ? QUICK_SIZES : SIZES)
      for (const kind of ['memory', 'LMDB'] as const) {
        report(`${size} accounts, ${kind}`)
        const rows = await withStore(kind, crypto, async (store) => {
          await using vm = await createTroupe({
            ...{ crypto, store, mining: 'manual', accounts: { count: 1 } },
            state: { root: genesisOf(store, crypto, size) },
          })
          return await measure(vm, size, kind, quick ? 2 : 5)
        })
        measurements.push(...rows)
      }
    return {
      measurements,
      notes: ['Memory is the heap with array buffers, after a full collection.'],
    }
  },
}

async function measure(
  vm: Troupe,
  size: number,
  kind: StoreKind,
  samples: number,
): Promise<readonly Measurement[]> {
  const label = `${kind}, ${size.toLocaleString('en')} accounts`
  const rows = {
    fork: [] as number[],
    block: [] as number[],
    forkKib: [] as number[],
    blockKib: [] as number[],
  }
  // The first one reads what all of them share.
  await transferOn(await vm.fork(), size, 0)
  for (let sample = 0; sample < samples; sample++) {
    const kept: Troupe[] = []
    const before = await heldBytes()
    for (let index = 0; index < FORKS; index++)
      rows.fork.push(await timed(async () => void kept.push(await vm.fork())))
    const forked = await heldBytes()
    rows.forkKib.push((forked - before) / FORKS / KIB)
    for (const [index, fork] of kept.entries())
      rows.block.push(await timed(() => transferOn(fork, size, index)))
    rows.blockKib.push(((await heldBytes()) - forked) / FORKS / KIB)
    for (const fork of kept.splice(0)) await fork.close()
  }
  return [
    {
      ...{ name: `fork (${label})`, unit: 'ms', samples: rows.fork },
      target: { value: 1, better: 'lower' },
    },
    { name: `memory of a fork (${label})`, unit: 'KiB', samples: rows.forkKib },
    { name: `a transfer and its block on a fork (${label})`, unit: 'ms', samples: rows.block },
    { name: `memory of that block (${label})`, unit: 'KiB', samples: rows.blockKib },
  ]
}

/** A transfer between two of the accounts, in a block. */
async function transferOn(fork: Troupe, size: number, index: number): Promise<void> {
  const account = (step: number): bigint => FIRST_ID + BigInt((step * 7_919) % size)
  const sent = fork.trySend({ from: account(index), to: account(index + 1), value: 1n, gasLimit: 2_000_000n })
  await fork.mine()
  const { exit } = await sent
  if (exit.code !== 0) throw new Error(`the transfer ended with ${exit.name}`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What is held by somebody. What has been let go of just now may need another turn, and another collection. */
async function heldBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    collect()
  }
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
