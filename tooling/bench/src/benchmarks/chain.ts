import type { CryptoProvider } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { compileFixture } from '@troupe/fixtures'
import type { ChainStore } from '@troupe/ipld/store'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { createTroupe, type MessageRequest, type Troupe } from 'troupe'
import type { Benchmark, Measurement } from '../benchmark.ts'
import { FIRST_ID, genesisOf, type StoreKind, withStore } from '../many-accounts.ts'
import { spreadOf } from '../statistics.ts'

const SIZES = [1_000, 10_000, 100_000, 1_000_000] as const
const QUICK_SIZES = [1_000, 10_000] as const
/** The size that targets are set for. */
const TARGET_SIZE = 10_000
/** Messages of a block: one commit for each so many. */
const BLOCK = 500
/** Messages of a sample. */
const SAMPLE = 5_000
/** Signing takes longer than executing. */
const SIGNED_SAMPLE = 500
const TRANSFER_GAS = 2_000_000n
const CALL_GAS = 20_000_000n
/** Steps through the accounts that no cache foresees: a prime. */
const STRIDE = 7_919
const MIB = 2 ** 20

/** Local chains, from the outside. */
export const chain: Benchmark = {
  name: 'chain',
  about: `Whole local chains, by what their users call: transfers between accounts in blocks of ${BLOCK} (one commit each, on disk a synced one), calls of a Wasm actor that changes its state and emits an event, snapshots, forks and exports, by number of accounts.`,
  async run({ quick, report }) {
    const crypto = await loadNodeCrypto()
    const samples = quick ? 2 : 5
    const measurements: Measurement[] = [await creation(crypto, samples * 2)]
    const points: Record<string, { x: number; y: number }[]> = { memory: [], LMDB: [] }
    for (const size of quick ? QUICK_SIZES : SIZES)
      for (const kind of ['memory', 'LMDB'] as const) {
        report(`${size} accounts, ${kind}`)
        const row = await withStore(kind, crypto, (store) => measure(store, crypto, size, kind, samples))
        measurements.push(...row)
        points[kind]?.push({ x: size, y: spreadOf(row[0]?.samples ?? []).median })
      }
    return {
      measurements,
      charts: [
        {
          name: 'chain-transfers',
          title: 'transfers, by number of accounts',
          xLabel: 'accounts',
          yLabel: 'messages/s',
          series: Object.entries(points).map(([name, line]) => ({ name, points: line })),
        },
      ],
    }
  },
}

async function creation(crypto: CryptoProvider, count: number): Promise<Measurement> {
  const samples: number[] = []
  for (let index = 0; index < count; index++) {
    const start = performance.now()
    const vm = await createTroupe({ crypto, runtimes: [wasmRuntime()] })
    // The first one compiles what the others find compiled.
    if (index > 0) samples.push(performance.now() - start)
    await vm.close()
  }
  return { name: 'createTroupe with Wasm', unit: 'ms', samples, target: { value: 50, better: 'lower' } }
}

async function measure(
  store: ChainStore,
  crypto: CryptoProvider,
  size: number,
  kind: StoreKind,
  samples: number,
): Promise<Measurement[]> {
  const vm = await createTroupe({
    ...{ crypto, store, runtimes: [wasmRuntime()], mining: 'manual', accounts: { count: 1 } },
    state: { root: genesisOf(store, crypto, size) },
  })
  const label = `${kind}, ${size.toLocaleString('en')} accounts`
  const isTarget = size === TARGET_SIZE
  const repeated = async (work: () => Promise<number>): Promise<number[]> => {
    await work()
    const rates: number[] = []
    for (let sample = 0; sample < samples; sample++) rates.push(await work())
    return rates
  }
  const result: Measurement[] = [
    {
      name: `transfers (${label})`,
      unit: 'messages/s',
      samples: await repeated(() => throughput(vm, SAMPLE, transfers(size))),
      ...(isTarget
        ? { target: { value: kind === 'memory' ? 20_000 : 10_000, better: 'higher' } as const }
        : {}),
    },
  ]
  if (!isTarget) return result

  const [account] = vm.accounts
  result.push({
    name: `signed transfers (${label})`,
    unit: 'messages/s',
    samples: await repeated(() =>
      throughput(vm, SIGNED_SAMPLE, () => ({ from: account, to: FIRST_ID, gasLimit: TRANSFER_GAS }), true),
    ),
  })
  const counter = await deployCounter(vm)
  result.push({
    name: `calls of a Wasm actor (${label})`,
    unit: 'messages/s',
    samples: await repeated(() =>
      throughput(vm, SAMPLE, (index) => ({
        from: FIRST_ID + BigInt((index * STRIDE) % size),
        ...{ to: counter, method: 2, params: [1], gasLimit: CALL_GAS },
      })),
    ),
    target: { value: 4_000, better: 'higher' },
  })
  const earlier = vm.root
  await vm.mine()
  const later = vm.root
  const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  result.push({
    name: `checkout (${label})`,
    unit: 'ms',
    samples: await repeated(() =>
      milliseconds(async () => vm.checkout(vm.root.equals(later) ? earlier : later)),
    ),
    target: { value: 1, better: 'lower' },
  })
  result.push({
    name: `fork (${label})`,
    unit: 'ms',
    samples: await repeated(() => milliseconds(() => vm.fork())),
    target: { value: 1, better: 'lower' },
  })
  result.push({
    name: `CAR export (${label})`,
    unit: 'MB/s',
    samples: await repeated(async () => {
      const start = performance.now()
      const { length } = await vm.exportCar()
      return length / MIB / ((performance.now() - start) / 1000)
    }),
    target: { value: 100, better: 'higher' },
  })
  return result
}

/** Messages per second, from their sending to the outcome of the last. */
async function throughput(
  vm: Troupe,
  count: number,
  request: (index: number) => MessageRequest,
  signed = false,
): Promise<number> {
  const start = performance.now()
  const sent: ReturnType<Troupe['trySend']>[] = []
  for (let index = 0; index < count; index++) {
    sent.push(vm.trySend(request(index), { signed }))
    if (index % BLOCK === BLOCK - 1) await vm.mine()
  }
  const outcomes = await Promise.all(sent)
  const seconds = (performance.now() - start) / 1000
  const failed = outcomes.find(({ exit }) => exit.code !== 0)
  if (failed !== undefined) throw new Error(`a message ended with ${failed.exit.name}`)
  return count / seconds
}

function transfers(size: number): (index: number) => MessageRequest {
  const account = (index: number): bigint => FIRST_ID + BigInt((index * STRIDE) % size)
  return (index) => ({ from: account(index), to: account(index + 1), value: 1n, gasLimit: TRANSFER_GAS })
}

async function deployCounter(vm: Troupe): Promise<bigint> {
  const code = await compileFixture('counter', { generation: 4 })
  const deployed = vm.deploy(code, { from: FIRST_ID })
  // Two messages: the code, and the actor.
  for (let block = 0; block < 2; block++) {
    await new Promise((resolve) => setImmediate(resolve))
    await vm.mine()
  }
  return (await deployed).address.id as bigint
}
