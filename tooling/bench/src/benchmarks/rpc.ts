import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CryptoProvider } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { DevProcess, signTransfer } from '@troupe/faults'
import { type ChainStore, MemoryStore } from '@troupe/ipld/store'
import { createRpc } from '@troupe/rpc'
import { openLmdbStore } from '@troupe/store-lmdb'
import { type Account, createTroupe, deriveAccounts } from 'troupe'
import type { Benchmark, Measurement } from '../benchmark.ts'

/** Accounts that send; one more receives. */
const SENDERS = 16
/** Clients, each with a connection and a sender of its own. */
const RECEIPTS = 400
const QUICK_RECEIPTS = 100
const TRANSFERS = 3_000
const QUICK_TRANSFERS = 480
const MEMORY_TRANSFERS = 100_000
const QUICK_MEMORY_TRANSFERS = 5_000
/** Calls of a batch; the pool takes no more of one sender. */
const BATCH = 50
const STARTS = 7
const QUICK_STARTS = 3
const BLOCK_SECONDS = '0.2'
const MIB = 2 ** 20
const REST_MS = 2_000

/** What wallets and tools see of a chain that is served. */
export const rpc: Benchmark = {
  name: 'rpc',
  about: `What wallets see: milliseconds from \`eth_sendRawTransaction\` to the receipt in one process; transfers a second through \`troupe dev\` over HTTP, with its chain on disk, from ${SENDERS} clients that each wait for the answer to one before the next; milliseconds until \`troupe dev\` is ready, and what it holds after ${MEMORY_TRANSFERS} transactions.`,
  async run({ quick, report }) {
    const crypto = await loadNodeCrypto()
    const measurements: Measurement[] = []
    const root = mkdtempSync(join(tmpdir(), 'troupe-bench-'))
    try {
      report('receipts in one process')
      const count = quick ? QUICK_RECEIPTS : RECEIPTS
      measurements.push(await receipts('memory', new MemoryStore(), crypto, count))
      const store = await openLmdbStore(join(root, 'receipts'), crypto)
      measurements.push(await receipts('LMDB', store, crypto, count))

      report('troupe dev, from the start until it is ready')
      const starts = quick ? QUICK_STARTS : STARTS
      measurements.push(...(await readyTimes(root, starts)))

      const transfers = quick ? QUICK_TRANSFERS : TRANSFERS
      for (const [name, options, batch] of [
        ['a block each', [], 1],
        [`a block every ${BLOCK_SECONDS} s`, ['--block-time', BLOCK_SECONDS], 1],
        [`the same, in batches of ${BATCH}`, ['--block-time', BLOCK_SECONDS], BATCH],
      ] as const) {
        report(`transfers over HTTP: ${name}`)
        const directory = join(root, name.replaceAll(/\W/gu, '-'))
        const samples = await throughput(directory, crypto, options, transfers, batch, quick ? 2 : 4)
        measurements.push({
          ...{ name: `transfers over HTTP: ${name}`, unit: 'transfers/s', samples },
          target: { value: 1_500, better: 'higher' },
        })
      }

      const many = quick ? QUICK_MEMORY_TRANSFERS : MEMORY_TRANSFERS
      report(`memory after ${many} transactions`)
      const memory = await memoryAfter(join(root, 'memory'), crypto, many)
      if (memory !== undefined)
        for (const [when, { now, own }] of [
          ['at the start', memory.before],
          [`after ${many} transactions`, memory.after],
        ] as const) {
          measurements.push({ name: `memory of troupe dev ${when}`, unit: 'MiB', samples: [now / MIB] })
          measurements.push({ name: 'of it, no pages of files', unit: 'MiB', samples: [own / MIB] })
        }
      return { measurements }
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  },
}

/** Milliseconds from a transaction, signed already, to its receipt. */
async function receipts(
  kind: string,
  store: ChainStore,
  crypto: CryptoProvider,
  count: number,
): Promise<Measurement> {
  await using vm = await createTroupe({ crypto, store, accounts: { count: 2 } })
  const asked = createRpc(vm)
  const [from, to] = vm.accounts as [Account, Account]
  const warmUp = Math.ceil(count / 4)
  const samples: number[] = []
  for (let nonce = 0; nonce < count + warmUp; nonce++) {
    const raw = signTransfer(crypto, from, to, BigInt(nonce))
    const start = performance.now()
    const hash = await asked.call('eth_sendRawTransaction', [raw])
    const receipt = await asked.call('eth_getTransactionReceipt', [hash])
    if (nonce >= warmUp) samples.push(performance.now() - start)
    if (receipt === null) throw new Error(`the transaction ${hash} has no receipt`)
  }
  const target = { value: 2, better: 'lower' } as const
  return { name: `sendRawTransaction to receipt, ${kind}`, unit: 'ms', samples, target }
}

async function readyTimes(root: string, count: number): Promise<Measurement[]> {
  const samples: Record<'new' | 'kept', number[]> = { new: [], kept: [] }
  // What Node keeps of the command's own scripts is there afterwards, as for everybody but who starts it for the first time.
  await (await DevProcess.start(['--in-memory'])).end()
  for (let index = 0; index < count; index++) {
    const directory = join(root, `ready-${index}`)
    for (const kind of ['new', 'kept'] as const) {
      const start = performance.now()
      const dev = await DevProcess.start(['--dir', directory])
      samples[kind].push(performance.now() - start)
      await dev.end()
    }
  }
  return (['new', 'kept'] as const).map((kind) => ({
    ...{ name: `troupe dev is ready, with a ${kind} chain`, unit: 'ms', samples: samples[kind] },
    target: { value: 1_000, better: 'lower' },
  }))
}

/** Transfers a second, from the first that is sent until the last is in a block. */
async function throughput(
  directory: string,
  crypto: CryptoProvider,
  options: readonly string[],
  count: number,
  batch: number,
  samples: number,
): Promise<number[]> {
  const load = await Load.start(directory, crypto, options)
  try {
    const rates: number[] = []
    // The first one warms up what the others find compiled.
    for (let sample = 0; sample <= samples; sample++) {
      const signed = load.sign(count)
      const start = performance.now()
      await load.send(signed, batch)
      if (sample > 0) rates.push((count / (performance.now() - start)) * 1_000)
    }
    return rates
  } finally {
    await load.end()
  }
}

type Memory = NonNullable<ReturnType<DevProcess['memory']>>

/** What the process holds at the start, and at rest after so many transactions; `undefined` where the system does not say. */
async function memoryAfter(
  directory: string,
  crypto: CryptoProvider,
  count: number,
): Promise<{ readonly before: Memory; readonly after: Memory } | undefined> {
  const load = await Load.start(directory, crypto, ['--block-time', BLOCK_SECONDS])
  try {
    const before = load.memory
    for (let sent = 0; sent < count; sent += QUICK_MEMORY_TRANSFERS)
      await load.send(load.sign(QUICK_MEMORY_TRANSFERS), BATCH)
    await sleep(REST_MS)
    const after = load.memory
    return before === undefined || after === undefined ? undefined : { before, after }
  } finally {
    await load.end()
  }
}

/** Clients of a `troupe dev` that send transfers. */
class Load {
  readonly #dev: DevProcess
  readonly #crypto: CryptoProvider
  readonly #accounts: readonly Account[]
  readonly #agent = new Agent({ keepAlive: true, maxSockets: SENDERS })
  #sentByEach = 0

  private constructor(dev: DevProcess, crypto: CryptoProvider) {
    this.#dev = dev
    this.#crypto = crypto
    this.#accounts = deriveAccounts(crypto, { count: SENDERS + 1 })
  }

  static async start(directory: string, crypto: CryptoProvider, options: readonly string[]): Promise<Load> {
    const accounts = ['--accounts', String(SENDERS + 1)]
    return new Load(await DevProcess.start(['--dir', directory, ...accounts, ...options]), crypto)
  }

  get memory(): Memory | undefined {
    return this.#dev.memory()
  }

  /** Signs so many transfers, rounded down to as many of each sender: its transactions, in order. */
  sign(count: number): readonly (readonly string[])[] {
    const each = Math.floor(count / SENDERS)
    const first = this.#sentByEach
    this.#sentByEach += each
    const receiver = this.#accounts[SENDERS] as Account
    return this.#accounts
      .slice(0, SENDERS)
      .map((from) =>
        Array.from({ length: each }, (_, index) =>
          signTransfer(this.#crypto, from, receiver, BigInt(first + index)),
        ),
      )
  }

  /** Sends each sender's transactions in order, so many in a batch, and waits until all are in blocks. */
  async send(transactions: readonly (readonly string[])[], batch: number): Promise<void> {
    await Promise.all(
      transactions.map(async (own) => {
        for (let at = 0; at < own.length; at += batch) {
          const calls = own.slice(at, at + batch).map((raw) => callOf('eth_sendRawTransaction', [raw]))
          await this.#post(batch === 1 ? (calls[0] as string) : `[${calls.join(',')}]`)
        }
      }),
    )
    await Promise.all(
      this.#accounts.slice(0, SENDERS).map(async ({ ethereum }) => {
        const count = callOf('eth_getTransactionCount', [ethereum, 'latest'])
        while (Number((JSON.parse(await this.#post(count)) as { result: string }).result) < this.#sentByEach)
          await sleep(5)
      }),
    )
  }

  async end(): Promise<void> {
    this.#agent.destroy()
    await this.#dev.end()
  }

  /** @throws where an answer is an error */
  #post(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#dev.url, { method: 'POST', agent: this.#agent }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => {
          if (response.statusCode === 200 && !text.includes('"error"')) resolve(text)
          else reject(new Error(`status ${response.statusCode}: ${text.slice(0, 500)}`))
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

function callOf(method: string, params: readonly unknown[]): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
}
