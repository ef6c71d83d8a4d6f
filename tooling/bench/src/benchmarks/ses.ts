import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import { loadNodeCrypto } from '@troupe/crypto-node'
import {
  GasTracker,
  METHOD_CONSTRUCTOR,
  MemoryBudget,
  methodNumber,
  NV28,
  withUserActors,
} from '@troupe/hypervisor'
import { encodeIpld } from '@troupe/ipld'
import { CODE_HEADER, sesRuntime } from '@troupe/runtime-ses'
import { become, Engines, FirstImage, type JsEngine } from '@troupe/runtime-ses/engine'
import { bundleSdk, nodeParts } from '@troupe/runtime-ses/node'
import { type CodeNetwork, createCodeNetwork, EXHAUSTIONS, SMALL_SDK } from '@troupe/testkit'
import type { Benchmark, BenchmarkContext, Measurement } from '../benchmark.ts'
import { JAVASCRIPT_KERNELS } from '../javascript-kernels.ts'
import { timeInterleaved, timeRepeated } from '../sampling.ts'
import { geometricMean, pairwiseRatios, spreadOf } from '../statistics.ts'
import { runInXsnap } from '../xsnap.ts'

const RULES = withUserActors(NV28)
const ROUNDS = 7
/** Gas of an attack: a tenth of a block's. */
const ATTACK_GAS = 1_000_000_000n
/** Attacks that end sooner are repeated, and counted among the calls: they say more about the call around them. */
const LEAST_GAS = 50_000_000
const ATTACK_ROUNDS = 15
const QUICK_ATTACK_ROUNDS = 10
/** What the FVM's prices take a gas for. */
const FVM_NANOSECONDS = 0.1

const EMPTY = `(function (require, exports) {
  const { defineActor, M } = require('@troupe/sdk-js');
  exports.default = defineActor('Empty', { state: {}, facets: { public: M.interface('Empty', { nothing: M.call().returns() }) }, methods: { public: { nothing() {} } } });
})`

/** Calls the next actor as often as the parameters say. */
const CALLER = `({ 2(host, { data }) { for (let i = 0; i < data[0]; i++) host.send({ to: new Uint8Array([0, 102]), method: 1n, parameters: undefined, value: 0n, gasLimit: undefined, readOnly: false, locksSender: false }) } })`
const NESTED_CALLS = 20
/** Who else runs the kernels. */
const [V8_WITH_SES, XSNAP] = ['V8 with ses', 'xsnap']
const XSNAP_RUNS = 15

/** What actors in hardened JavaScript cost the host. */
export const ses: Benchmark = {
  name: 'ses',
  about:
    'Actors in hardened JavaScript: a message to an empty method of an actor of the SDK, from end to end; a call from one actor to another, without the SDK; an engine that is given an image, one that is made for it, and one that boots from files in a new process; the time of ten kernels, metered, over that in V8 with neither hardening nor gas, and beside it V8 with `ses` and, with `--xsnap`, `xsnap` of Agoric; and what a gas costs where somebody tries to make it cost most.',
  async run(context) {
    const crypto = await loadNodeCrypto()
    const sdk = await bundleSdk()
    const runtimeWith = (script: string) => sesRuntime({ parts: nodeParts(() => script), crypto })
    const networkOf = (runtime: ReturnType<typeof runtimeWith>, ...scripts: string[]): Promise<CodeNetwork> =>
      createCodeNetwork(
        scripts.map((script) => new TextEncoder().encode(CODE_HEADER + script)),
        { rules: RULES, runtimes: [runtime] },
      )
    const small = runtimeWith(SMALL_SDK)
    context.report('messages')
    const empty = await networkOf(runtimeWith(sdk), EMPTY)
    must(empty.send({ from: 1, method: METHOD_CONSTRUCTOR, params: encodeIpld([]) }))
    const method = methodNumber(crypto, 'Nothing')
    const message = timeRepeated(() => must(empty.send({ method })), context.sampling)
    const nested = await measureNested(await networkOf(small, CALLER, '({ 1() {} })'), context)
    context.report('engines')
    const engines = new Engines(RULES, { engine: nodeParts(() => '').engine, crypto, store: undefined })
    const first = new FirstImage({
      parts: nodeParts(() => sdk),
      crypto,
      store: undefined,
      expected: undefined,
      block: undefined,
    })
    const { cid, image } = first.load(engines)
    const waiting = engines.create()
    const [reset, cold] = timeInterleaved(
      [() => give(waiting, image), () => give(engines.create(), image)],
      context.sampling,
    ) as [number[], number[]]
    context.report('boots')
    const boots = await measureBoots(cid.toString(), context)
    const kernels = measureKernels(engines, image, context)
    context.report('attacks')
    const attacks = measureAttacks(await networkOf(small, attackedActor()), context)
    return {
      measurements: [
        measured('empty method, end to end', 'ms', message, 0.5),
        measured('nested call', 'ms', nested, 0.3),
        measured('reset of an engine', 'ms', reset, 0.2),
        measured('new engine with an image', 'ms', cold, 5),
        measured(
          'boot from files',
          'ms',
          boots.map(({ wall }) => wall),
          30,
        ),
        measured(
          'boot from files, processor time',
          'ms',
          boots.map(({ processor }) => processor),
        ),
        ...kernels,
        ...attacks.measurements,
      ],
      notes: [
        ...attacks.notes,
        ...(context.xsnap === undefined ? ["Agoric's engine is measured too with `--xsnap FILE`."] : []),
      ],
    }
  },
}

/** Milliseconds of a boot. */
interface Boot {
  readonly wall: number
  readonly processor: number
}

type Image = ReturnType<FirstImage['load']>['image']

function measured(name: string, unit: string, samples: readonly number[], value?: number): Measurement {
  return {
    name,
    unit,
    samples,
    ...(value === undefined ? {} : { target: { value, better: 'lower' as const } }),
  }
}

function must({ receipt, failure }: ReturnType<CodeNetwork['send']>): void {
  if (receipt.exitCode !== 0) throw new Error(`exit code ${receipt.exitCode}: ${failure?.message}`)
}

function meter() {
  return { rules: RULES, gas: new GasTracker(2n ** 60n), memory: new MemoryBudget(2 ** 31) }
}

function give(engine: JsEngine, image: Image): void {
  engine.instance.begin(meter())
  become(engine, image)
  engine.instance.end()
}

async function measureNested(network: CodeNetwork, { sampling }: BenchmarkContext): Promise<number[]> {
  const run = (count: number) => () => must(network.send({ params: Uint8Array.of(count) }))
  const [none, many] = timeInterleaved([run(0), run(NESTED_CALLS)], sampling) as [number[], number[]]
  return many.map((time, i) => (time - (none[i] as number)) / NESTED_CALLS)
}

/** Milliseconds in processes of their own from asking for the runtime to its image, all of which is in files. What Node takes to load the modules is not counted. */
async function measureBoots(image: string, { quick }: BenchmarkContext): Promise<Boot[]> {
  const cache = mkdtempSync(join(tmpdir(), 'troupe-bench-'))
  const program = `
    import { NV28 } from '@troupe/hypervisor'
    import { loadCrypto } from '@troupe/crypto'
    import { create } from ${JSON.stringify(import.meta.resolve('@troupe/runtime-ses').replace('index', 'ses'))}
    import '@troupe/runtime-ses/node'
    await loadCrypto()
    const [begin, start] = [performance.now(), process.cpuUsage()]
    const runtime = await create({ cache: ${JSON.stringify(cache)}, image: '${image}' })
    runtime.imageCid(NV28)
    const { user, system } = process.cpuUsage(start)
    console.log(JSON.stringify({ wall: performance.now() - begin, processor: (user + system) / 1000 }))`
  const boot = async (): Promise<Boot> => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
    })
    return JSON.parse(stdout) as Boot
  }
  try {
    await boot()
    const samples: Boot[] = []
    for (let i = 0; i < (quick ? 3 : ROUNDS); i++) samples.push(await boot())
    return samples
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
}

/** How long kernels take here, in V8 with `ses` and no meter, and in `xsnap` with its own: all over V8 alone. */
function measureKernels(
  engines: Engines,
  image: Image,
  { quick, report, sampling, xsnap }: BenchmarkContext,
): Measurement[] {
  const inV8WithSes = compartmentOfV8()
  const ratios: Record<string, number[]> = { kernels: [], [V8_WITH_SES]: [], [XSNAP]: [] }
  const kernels = Object.entries(JAVASCRIPT_KERNELS).flatMap(([name, source]) => {
    report(name)
    const native = new Function(`return ${source}`)() as Kernel
    const withSes = inV8WithSes(source)
    const engine = engines.create()
    engine.instance.begin(meter())
    become(engine, image)
    const evaluate = `new Compartment().evaluate(${JSON.stringify(`(${source})`)})`
    const kernel = engine.instance.run(() => engine.evaluate(evaluate))
    const hardened: Kernel = (rounds) =>
      engine.instance.run(() => engine.int(engine.apply(kernel, [BigInt(rounds)])))
    const rounds = roundsFor(native)
    const expected = native(rounds)
    const check = (result: number): void => {
      if (result !== expected) throw new Error(`${name} gives ${result}, and in V8 ${expected}`)
    }
    const [slow, ses, fast] = timeInterleaved(
      [hardened, withSes, native].map((run) => () => check(run(rounds))),
      sampling,
    ) as [number[], number[], number[]]
    const leastOf = (times: readonly number[]): number => spreadOf(times).min / spreadOf(fast).min
    ratios['kernels']?.push(leastOf(slow))
    ratios[V8_WITH_SES]?.push(leastOf(ses))
    const measurements = [
      measured(name, '', pairwiseRatios(slow, fast)),
      measured(`${name}, ${V8_WITH_SES}`, '', pairwiseRatios(ses, fast)),
    ]
    if (xsnap === undefined) return measurements
    const { result, times } = runInXsnap(xsnap, { source, argument: rounds, runs: quick ? 3 : XSNAP_RUNS })
    check(result)
    ratios[XSNAP]?.push(leastOf(times))
    const fastest = spreadOf(fast).min
    return [
      ...measurements,
      measured(
        `${name}, ${XSNAP}`,
        '',
        times.map((time) => time / fastest),
      ),
    ]
  })
  const means = Object.entries(ratios).filter(([, values]) => values.length > 0)
  return [
    ...kernels,
    ...means.map(([name, values]) =>
      measured(
        `${name}, geometric mean of the fastest runs`,
        '',
        [geometricMean(values)],
        name === 'kernels' ? 20 : undefined,
      ),
    ),
    measured('kernels, the worst', '', [Math.max(...(ratios['kernels'] ?? []))]),
  ]
}

type Kernel = (rounds: number) => number

/** Evaluates in a compartment of a locked realm of V8, which has no meter. */
function compartmentOfV8(): (source: string) => Kernel {
  const realm = createContext({ console })
  runInContext(new TextDecoder().decode(nodeParts(() => '').lockdown()), realm)
  runInContext('lockdown()', realm)
  return (source) =>
    runInContext(`new Compartment().evaluate(${JSON.stringify(`(${source})`)})`, realm) as Kernel
}

/** So many that V8 takes about a millisecond. */
function roundsFor(native: (rounds: number) => number): number {
  for (let rounds = 1; ; rounds *= 2) {
    for (let i = 0; i < 3; i++) native(rounds)
    const start = performance.now()
    native(rounds)
    if (performance.now() - start > 0.7) return rounds
  }
}

const NOTHING = { name: 'a call that does nothing', body: '' }
/** Calls that do no more than begin, and take memory. */
const CALLS: typeof EXHAUSTIONS = [
  NOTHING,
  { name: 'a call whose memory grows', body: 'new Uint8Array(2e6)' },
  { name: 'a call whose memory grows much', body: 'new Uint8Array(20e6)' },
  {
    name: 'twenty calls in one another',
    body: `const [attack, depth = 1] = data; if (depth < 20) host.send({ to: new Uint8Array([0, 101]), method: 2n, parameters: { codec: 0x55, data: new Uint8Array([attack, depth + 1]) }, value: 0n, gasLimit: undefined, readOnly: false, locksSender: false })`,
  },
]
/** What somebody may try who wants a gas to cost most. */
const ATTACKS: typeof EXHAUSTIONS = [...EXHAUSTIONS, ...CALLS]

function attackedActor(): string {
  const bodies = ATTACKS.map(({ body }) => `(host, data) => { ${body} }`)
  return `(() => { const attacks = [${bodies.join(',\n')}]; return { 2: (host, { data }) => attacks[data[0]](host, data) } })()`
}

/**
 * Nanoseconds of processor time for each gas: the least of several rounds, in which the attacks take turns, so that what they run in has been compiled. After each comes a call that does
 * nothing, which finds what the attack has left: its time and its gas are the attack's.
 */
function measureAttacks(
  network: CodeNetwork,
  { quick }: BenchmarkContext,
): { measurements: Measurement[]; notes: string[] } {
  const send = (attack: number): number =>
    Number(network.send({ params: Uint8Array.of(attack), gasLimit: ATTACK_GAS }).receipt.gasUsed)
  const costs = ATTACKS.map(({ name }) => ({ name, nanoseconds: Infinity, gas: 0 }))
  for (let round = 0; round < (quick ? QUICK_ATTACK_ROUNDS : ATTACK_ROUNDS); round++)
    for (const [i, cost] of costs.entries()) {
      const start = process.cpuUsage()
      let used = 0
      while (used < LEAST_GAS) {
        cost.gas = send(i)
        used += cost.gas
      }
      used += send(ATTACKS.indexOf(NOTHING))
      const { user, system } = process.cpuUsage(start)
      cost.nanoseconds = Math.min(cost.nanoseconds, ((user + system) * 1000) / used)
    }
  costs.sort((a, b) => a.nanoseconds - b.nanoseconds)
  const isShort = ({ name, gas }: (typeof costs)[number]): boolean =>
    gas < LEAST_GAS || CALLS.some((call) => call.name === name)
  const [long, short] = [costs.filter((cost) => !isShort(cost)), costs.filter(isShort)]
  const values = long.map(({ nanoseconds }) => nanoseconds)
  const shown = (list: typeof costs): string =>
    list.map(({ name, nanoseconds }) => `${name} ${nanoseconds.toFixed(3)}`).join('; ')
  return {
    measurements: [
      measured('an attack, ns per gas', 'ns', values),
      measured('attacks, dearest over cheapest', '', [Math.max(...values) / Math.min(...values)], 4),
      measured(
        'calls that end at once, ns per gas: the dearest',
        'ns',
        [Math.max(...short.map(({ nanoseconds }) => nanoseconds))],
        FVM_NANOSECONDS,
      ),
    ],
    notes: [
      `Cheapest for the host, ns of processor time per gas: ${shown(long.slice(0, 4))}.`,
      `Dearest: ${shown(long.slice(-4))}. The FVM's prices are for ${FVM_NANOSECONDS}.`,
      `Of calls that end at once: ${shown(short)}.`,
    ],
  }
}
