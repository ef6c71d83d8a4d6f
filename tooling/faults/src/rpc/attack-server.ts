import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../random.ts'
import { type Attack, batches, crowd, leaks, malformed, nesting, slowHttp, slowSockets } from './attacks.ts'
import { DevProcess } from './dev-process.ts'
import { GoodClient } from './good-client.ts'

/** How a server is attacked. */
export interface AttackOptions {
  readonly seed: number
  /** Milliseconds of each attack. */
  readonly attackMs: number
  /** How often all of them come. */
  readonly rounds: number
  /** Called before each attack. */
  readonly onAttack?: (name: string) => void
}

/** What was seen. */
export interface AttackServerReport {
  /** What each attack did, a line each. */
  readonly attacks: readonly string[]
  /** Answers to the client that does nothing wrong, and the milliseconds of the slowest. */
  readonly answers: number
  readonly slowestMs: number
  /** MiB of the process before the attacks, at most, and at rest after each round; `undefined` where the system does not say. */
  readonly memory:
    | { readonly before: number; readonly peak: number; readonly after: readonly number[] }
    | undefined
  readonly problems: readonly string[]
}

const ATTACKS: Readonly<Record<string, Attack>> = {
  malformed,
  batches,
  nesting,
  'slow HTTP': slowHttp,
  'slow WebSockets': slowSockets,
  leaks,
  crowd,
}

/** Seconds between blocks: there is something to tell subscribers all the time. */
const BLOCK_SECONDS = '0.1'
const MIB = 2 ** 20
/** What clients may make the server hold is 128 MiB; a heap that is collected now and then, and what the system has for sockets, come on top. */
const MAX_GROWTH_MIB = 512
/** MiB that later rounds may leave behind more than the first. */
const MAX_LEAK_MIB = 64
const REST_MS = 2_000
/** The limits that can be read from outside. */
const GAUGES = { 'troupe_connections{transport="websocket"}': 256, troupe_rpc_running_requests: 1_024 }

/** Attacks `troupe dev` in every way that there is, one after the other, while a client that does nothing wrong goes on as if nothing was. */
export async function attackServer({
  attackMs,
  onAttack,
  rounds,
  seed,
}: AttackOptions): Promise<AttackServerReport> {
  const dev = await DevProcess.start(['--in-memory', '--block-time', BLOCK_SECONDS, '--accounts', '1'])
  const { hostname: host, port } = new URL(dev.url)
  const random = createRandom(seed)
  const attacks: string[] = []
  const problems: string[] = []
  const after: number[] = []
  const client = await GoodClient.start(dev.url)
  await sleep(REST_MS / 4)
  const before = dev.memory()
  for (let round = 0; round < rounds; round++) {
    for (const [name, attack] of Object.entries(ATTACKS)) {
      onAttack?.(name)
      const signal = AbortSignal.timeout(attackMs)
      const [report, high] = await Promise.all([
        attack({ host, port: Number(port), random, signal }),
        highest(dev.url, signal),
      ])
      attacks.push(report.what)
      problems.push(...report.problems.map((problem) => `${name}: ${problem}`))
      for (const [gauge, limit] of Object.entries(GAUGES))
        if ((high.get(gauge) ?? 0) > limit)
          problems.push(`${name}: ${gauge} was ${high.get(gauge)}, over ${limit}`)
    }
    await sleep(REST_MS)
    after.push((dev.memory()?.now ?? 0) / MIB)
  }
  const { answers, problems: seen, slowestMs } = await client.stop()
  problems.push(...seen)
  const memory = dev.memory()
  if (before !== undefined && memory !== undefined) {
    const growth = (memory.peak - before.now) / MIB
    if (growth > MAX_GROWTH_MIB) problems.push(`memory grew by ${Math.round(growth)} MiB`)
    // A heap that is not collected yet is no leak: one of the later rounds has to have given back what the first had.
    const leak = rounds === 1 ? 0 : Math.min(...after.slice(1)) - (after[0] as number)
    if (leak > MAX_LEAK_MIB)
      problems.push(`${Math.round(leak)} MiB more than after the first round were held after each later one`)
  }
  const status = await dev.end()
  if (status !== 0) problems.push(`troupe dev ended with ${status}`)
  return {
    ...{ attacks, answers, problems, slowestMs },
    memory:
      before === undefined || memory === undefined
        ? undefined
        : { before: before.now / MIB, peak: memory.peak / MIB, after },
  }
}

/** The highest values of the gauges that limits are about, looked at until the signal. */
async function highest(url: string, signal: AbortSignal): Promise<Map<string, number>> {
  const high = new Map<string, number>()
  while (!signal.aborted) {
    // Whether it answers is the good client's to say.
    const text = await fetch(`${url}/metrics`).then(
      (response) => response.text(),
      () => '',
    )
    for (const gauge of Object.keys(GAUGES)) {
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${gauge} `))
      high.set(gauge, Math.max(high.get(gauge) ?? 0, Number(line?.slice(gauge.length + 1) ?? 0)))
    }
    await sleep(200)
  }
  return high
}
