import { setTimeout as sleep } from 'node:timers/promises'
import type { CryptoProvider } from '@troupe/crypto'
import { type Account, deriveAccounts } from 'troupe'
import { createRandom } from '../random.ts'
import { DevProcess } from './dev-process.ts'
import { signTransfer } from './transfer.ts'

/** How `troupe dev` is killed. */
export interface KillDevOptions {
  readonly seed: number
  readonly kills: number
  /** Milliseconds from the moment that it is there to the kill, at most. */
  readonly longestLifeMs: number
  /** Called after each kill. */
  readonly onKill?: (kills: number) => void
}

/** What was seen. */
export interface KillDevReport {
  readonly kills: number
  /** Transactions whose receipt somebody had seen. */
  readonly receipts: number
  /** Those that were sent when the process was killed, and are there all the same. */
  readonly unseen: number
  /** Milliseconds from the start of the process until it was there again, at most. */
  readonly slowestStartMs: number
  /** What was wrong, a line each, with the number of the kill in front. */
  readonly problems: readonly string[]
}

/** What is known of a transaction. */
interface Seen {
  readonly hash: string
  readonly block: string
}

const SENDERS = 4
/** Receipts of earlier lives that are asked for again after each kill. */
const SAMPLE = 20

/**
 * Has clients send transactions to `troupe dev`, kills it at a random moment, and starts it again on what it left: every transaction whose receipt somebody has seen is in
 * the same block, and balances and sequence numbers are those of all transactions that are there.
 */
export async function killDev(
  directory: string,
  crypto: CryptoProvider,
  { kills, longestLifeMs, onKill, seed }: KillDevOptions,
): Promise<KillDevReport> {
  const random = createRandom(seed)
  const problems: string[] = []
  const seen: Seen[] = []
  const accounts = deriveAccounts(crypto, { count: SENDERS + 1 })
  const receiver = accounts[SENDERS] as Account
  let [included, slowestStartMs] = [0n, 0]
  const start = async (options: readonly string[]): Promise<Client> => {
    const before = performance.now()
    const dev = await DevProcess.start(['--dir', directory, '--accounts', String(SENDERS + 1), ...options])
    slowestStartMs = Math.max(slowestStartMs, performance.now() - before)
    return new Client(dev)
  }
  const client = await start([])
  const funds = await client.balance(receiver)
  await client.dev.end()
  for (let kill = 1; kill <= kills; kill++) {
    // Blocks with each transaction, and blocks of several.
    const life = await start(kill % 2 === 0 ? ['--block-time', '0.05'] : [])
    const sending = accounts.slice(0, SENDERS).map((account) => life.sendUntilGone(account, receiver, crypto))
    await sleep(1 + random(longestLifeMs))
    await life.dev.kill()
    const fresh = (await Promise.all(sending)).flat()
    seen.push(...fresh)

    const left = await start([])
    const older = Array.from(
      { length: Math.min(SAMPLE, seen.length) },
      () => seen[random(seen.length)] as Seen,
    )
    for (const { block, hash } of [...fresh, ...older]) {
      const found = await left.receiptBlock(hash)
      if (found !== block) problems.push(`kill ${kill}: ${hash} was in block ${block}, and is in ${found}`)
    }
    const counts = await Promise.all(accounts.slice(0, SENDERS).map((account) => left.count(account)))
    included = counts.reduce((sum, count) => sum + count, 0n)
    const received = (await left.balance(receiver)) - funds
    if (received !== included)
      problems.push(`kill ${kill}: ${included} transactions are there, of which ${received} arrived`)
    if (included < BigInt(seen.length))
      problems.push(`kill ${kill}: ${included} transactions are there, and ${seen.length} had receipts`)
    const status = await left.dev.end()
    if (status !== 0) problems.push(`kill ${kill}: troupe dev ended with ${status}`)
    onKill?.(kill)
  }
  return { kills, receipts: seen.length, unseen: Number(included) - seen.length, slowestStartMs, problems }
}

/** There is nobody any more who answers. */
class GoneError extends Error {}

/** A client of one life. */
class Client {
  readonly dev: DevProcess

  constructor(dev: DevProcess) {
    this.dev = dev
  }

  async count({ ethereum }: Account): Promise<bigint> {
    return BigInt((await this.#call('eth_getTransactionCount', [ethereum, 'latest'])) as string)
  }

  async balance({ ethereum }: Account): Promise<bigint> {
    return BigInt((await this.#call('eth_getBalance', [ethereum, 'latest'])) as string)
  }

  /** The hash of the block that has a transaction; `undefined` where none has. */
  async receiptBlock(hash: string): Promise<string | undefined> {
    const receipt = await this.#call('eth_getTransactionReceipt', [hash])
    return (receipt as { blockHash: string } | null)?.blockHash
  }

  /** Sends one transaction after the other, each when the receipt of the last is there, until nobody answers. Gives those with a receipt. */
  async sendUntilGone(from: Account, to: Account, crypto: CryptoProvider): Promise<Seen[]> {
    const seen: Seen[] = []
    try {
      for (let nonce = await this.count(from); ; nonce++) {
        const hash = (await this.#call('eth_sendRawTransaction', [
          signTransfer(crypto, from, to, nonce),
        ])) as string
        let block: string | undefined
        while (block === undefined) block = await this.receiptBlock(hash)
        seen.push({ hash, block })
      }
    } catch (error) {
      if (!(error instanceof GoneError)) throw error
      return seen
    }
  }

  /** @throws where nobody answers, or the answer is an error */
  async #call(method: string, params: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const text = await fetch(this.dev.url, { method: 'POST', body })
      .then((response) => response.text())
      .catch((cause: unknown) => {
        throw new GoneError('nobody answers', { cause })
      })
    const { error, result } = JSON.parse(text) as {
      readonly error?: { message: string }
      readonly result?: unknown
    }
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }
}
