import { loadNodeCrypto } from '@troupe/crypto-node'
import { Executor, ExitCode, Machine, NV20 } from '@troupe/hypervisor'
import { RAW } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { createTestNetwork, idOf } from '@troupe/testkit'
import type { Benchmark, BenchmarkContext, Measurement } from '../benchmark.ts'
import { compileKernel } from '../compile-kernel.ts'
import { hostImports, readModule, transformModule } from '../instances.ts'
import { largestActor, NO_OFFICIAL_ACTOR } from '../official-actor.ts'
import { timeInterleaved, timeRepeated } from '../sampling.ts'
import { spreadOf } from '../statistics.ts'

/** What the looping actor does, as the last digit of its method number. */
const SENDS = 0
const SYSCALLS = 1
const FAILING_SYSCALLS = 2
const NOTHING = 9

const SEND_COUNT = 200
const SYSCALL_COUNT = 10_000

/** What calls cost, between actors and into the kernel. */
export const calls: Benchmark = {
  name: 'calls',
  about:
    'A send from Wasm to a fresh instance of an empty actor with one page of memory; a syscall that answers (`gas.available`), and one that fails (`ipld.block_stat` of no block); and an instance of the largest official actor. The message around them is taken off.',
  async run(context) {
    const [send, syscall, failing] = await measureLoops(context)
    const instances = await measureInstances(context)
    return {
      measurements: [
        { ...(send as Measurement), target: { value: 120, better: 'lower' } },
        syscall as Measurement,
        failing as Measurement,
        ...instances,
      ],
      ...(instances.length > 0 ? {} : { notes: [`No instance: ${NO_OFFICIAL_ACTOR}.`] }),
    }
  },
}

async function measureLoops({ sampling }: BenchmarkContext): Promise<Measurement[]> {
  const execute = await createLoop()
  const loops = [
    { name: 'send', unit: 'µs', perMillisecond: 1e3, count: SEND_COUNT, kind: SENDS },
    { name: 'syscall', unit: 'ns', perMillisecond: 1e6, count: SYSCALL_COUNT, kind: SYSCALLS },
    {
      name: 'failing syscall',
      unit: 'ns',
      perMillisecond: 1e6,
      count: SYSCALL_COUNT,
      kind: FAILING_SYSCALLS,
    },
  ]
  const runs = [...loops, { count: 1, kind: NOTHING }].map(
    ({ count, kind }) =>
      () =>
        execute(count * 10 + kind),
  )
  const times = timeInterleaved(runs, sampling)
  const around = spreadOf(times.at(-1) as number[]).median
  return loops.map(({ name, unit, perMillisecond, count }, index) => ({
    name,
    unit,
    samples: (times[index] as number[]).map(
      (milliseconds) => ((milliseconds - around) * perMillisecond) / count,
    ),
  }))
}

/** A machine with the looping actor (f0101) and the empty one (f0102), and what sends the first a message. */
async function createLoop(): Promise<(method: number) => void> {
  const network = await createTestNetwork({
    rules: NV20,
    actors: { 100: { code: 'account', balance: 10n ** 24n } },
  })
  const { machine, blocks, store, crypto } = network
  for (const [id, name] of [
    [101n, 'loop'],
    [102n, 'empty'],
  ] as const) {
    const code = store.putBlock(RAW, await compileKernel(name))
    machine.state.setActor(id, { code, head: machine.emptyTuple, sequence: 0n, balance: 0n })
  }
  const { context, externs } = machine
  const executor = new Executor(
    Machine.create({
      rules: NV20,
      context,
      blocks,
      root: machine.flush(),
      crypto,
      externs,
      runtimes: [wasmRuntime()],
    }),
  )
  let sequence = 0n
  return (method) => {
    const message = {
      version: 0n,
      from: idOf(100),
      to: idOf(101),
      sequence: sequence++,
      value: 0n,
      gasLimit: 10_000_000_000n,
      gasFeeCap: 0n,
      gasPremium: 0n,
      method: BigInt(method),
      params: new Uint8Array(),
    }
    const { receipt, failure } = executor.execute(message, { length: 100 })
    if (receipt.exitCode !== ExitCode.OK)
      throw new Error(`exit code ${receipt.exitCode}: ${failure?.message}`)
  }
}

async function measureInstances({ sampling }: BenchmarkContext): Promise<Measurement[]> {
  const bytes = largestActor(await loadNodeCrypto())
  if (bytes === undefined) return []
  const parsed = readModule(bytes)
  const module = new WebAssembly.Module(transformModule(parsed))
  const imports: Record<string, Record<string, () => number>> = hostImports()
  for (const { module: group, name } of parsed.imports) {
    imports[group] ??= {}
    imports[group][name] = () => 0
  }
  const times = timeRepeated(() => void new WebAssembly.Instance(module, imports), sampling)
  return [
    {
      name: 'instance of storageminer v10',
      unit: 'µs',
      samples: times.map((milliseconds) => milliseconds * 1e3),
    },
  ]
}
