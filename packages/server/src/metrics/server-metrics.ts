import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ChainReading } from '../endpoint/endpoint.ts'
import { Counter, Gauge, Histogram } from './instruments.ts'

/** Seconds. */
const LATENCY_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const NANOSECONDS = 1e9
/** Milliseconds between two looks at the event loop. */
const LAG_RESOLUTION_MS = 20

/** Why clients were turned away, or cut off. */
export type RejectionReason =
  | 'malformed'
  | 'rate'
  | 'busy'
  | 'body'
  | 'memory'
  | 'host'
  | 'origin'
  | 'token'
  | 'http'
  | 'connections'
  | 'displaced'
  | 'sockets'
  | 'slow'

/** What is counted, as Prometheus takes it. */
export class ServerMetrics {
  readonly #calls = new Counter(
    'troupe_rpc_calls_total',
    'Calls that were answered, by method and number of the error (0: none).',
    ['method', 'code'],
  )
  readonly #latency = new Histogram(
    'troupe_rpc_call_seconds',
    'Time from a call to its answer.',
    LATENCY_BOUNDS,
    ['method'],
  )
  readonly #running = new Gauge('troupe_rpc_running_requests', 'Requests that are answered at present.')
  readonly #rejected = new Counter(
    'troupe_rejected_total',
    'Requests and connections that were turned away or cut off, by reason.',
    ['reason'],
  )
  readonly #connections = new Gauge('troupe_connections', 'Open connections, by what they carry.', [
    'transport',
  ])
  readonly #lag: ReturnType<typeof monitorEventLoopDelay> = monitorEventLoopDelay({
    resolution: LAG_RESOLUTION_MS,
  })

  constructor() {
    this.#lag.enable()
  }

  answered(method: string, code: number, milliseconds: number): void {
    this.#calls.add(1, method, String(code))
    this.#latency.observe(milliseconds / 1000, method)
  }

  rejected(reason: RejectionReason): void {
    this.#rejected.add(1, reason)
  }

  running(count: number): void {
    this.#running.set(count)
  }

  connections(transport: 'http' | 'websocket', count: number): void {
    this.#connections.set(count, transport)
  }

  /** The text of all metrics. @param chain what the chain says of itself; nothing where it does not answer */
  render(chain: ChainReading | undefined): string {
    const instruments = [
      ...[this.#calls, this.#latency, this.#running, this.#rejected, this.#connections],
      ...(chain === undefined ? [] : chainGauges(chain)),
      ...this.#processGauges(),
    ]
    return `${instruments.flatMap((instrument) => instrument.render()).join('\n')}\n`
  }

  close(): void {
    this.#lag.disable()
  }

  #processGauges(): Gauge[] {
    const { external, heapUsed, rss } = process.memoryUsage()
    const lag = new Gauge(
      'troupe_event_loop_lag_seconds',
      'How late the event loop was, since the last time that this was asked.',
      ['quantile'],
    )
    for (const quantile of [0.5, 0.99])
      lag.set(
        Math.max(0, this.#lag.percentile(100 * quantile) / NANOSECONDS - LAG_RESOLUTION_MS / 1000),
        String(quantile),
      )
    this.#lag.reset()
    return [
      gauge('process_resident_memory_bytes', 'Memory of the process.', rss),
      gauge('nodejs_heap_size_used_bytes', 'Memory of JavaScript in the thread of the server.', heapUsed),
      gauge('nodejs_external_memory_bytes', 'Memory outside of the heap that JavaScript holds.', external),
      gauge(
        'process_start_time_seconds',
        'When the process started, since 1970.',
        Math.round((Date.now() - performance.now()) / 1000),
      ),
      lag,
    ]
  }
}

function chainGauges({ baseFee, epoch, pending, store, timestamp }: ChainReading): Gauge[] {
  return [
    gauge('troupe_chain_epoch', 'Epoch of the last block.', Number(epoch)),
    gauge('troupe_chain_timestamp_seconds', 'Time of the last block, since 1970.', Number(timestamp)),
    gauge('troupe_chain_base_fee', 'attoFIL for one gas, in the next block.', Number(baseFee)),
    gauge('troupe_pool_messages', 'Messages that wait for a block.', pending),
    gauge('troupe_store_blocks', 'Blocks of IPLD in the store.', store.blocks),
    gauge('troupe_store_bytes', 'Bytes of all blocks of IPLD in the store.', store.blockBytes),
  ]
}

function gauge(name: string, help: string, value: number): Gauge {
  const made = new Gauge(name, help)
  made.set(value)
  return made
}
