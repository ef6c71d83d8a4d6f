import { setTimeout as wait } from 'node:timers/promises'

/** An answer of JSON-RPC, of which either is there. */
export interface ChainAnswer {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** A node that is asked. */
export interface Chain {
  readonly name: string
  ask(method: string, params: readonly unknown[]): Promise<ChainAnswer>
  close(): Promise<void>
}

/** The result of a question that has to have one. */
export async function resultOf(
  chain: Chain,
  method: string,
  ...params: readonly unknown[]
): Promise<unknown> {
  const { error, result } = await chain.ask(method, params)
  if (error !== undefined) throw new Error(`${chain.name}: ${method}: ${error.message}`)
  return result
}

/**
 * The receipt of a transaction, once there is one: anvil gives the hash before it has made the block.
 * @returns `undefined` where there is none after a while
 */
export async function receiptOf(chain: Chain, hash: string): Promise<Receipt | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const receipt = (await resultOf(chain, 'eth_getTransactionReceipt', hash)) as Receipt | null
    if (receipt !== null) return receipt
    await wait(ATTEMPT_MS)
  }
  return undefined
}

/** What the script reads of a receipt. */
export interface Receipt {
  readonly contractAddress: `0x${string}` | null
  readonly blockHash: `0x${string}`
  readonly blockNumber: `0x${string}`
}

const ATTEMPTS = 100
const ATTEMPT_MS = 20

/** Asks by HTTP. */
export async function askByHttp(
  url: string,
  method: string,
  params: readonly unknown[],
): Promise<ChainAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return (await response.json()) as ChainAnswer
}
