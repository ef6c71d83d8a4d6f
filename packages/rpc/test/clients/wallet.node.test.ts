import { createRpc } from '@troupe/rpc'
import { encodeFunctionData, parseEventLogs, parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { createContractVm } from '../contract-chain.ts'
import { demoAbi, demoBytecode } from '../demo-contract.ts'

/** A number as a wallet reads it. */
const toNumber = (quantity: unknown): number => Number(quantity as string)

/**
 * A wallet that keeps its keys: the node is asked for what a transaction needs, and given it signed. What it asks, and in which order, is how MetaMask adds a network and sends a
 * transaction on it (eth-json-rpc-middleware, and its list of what a network has to answer).
 */
describe('a wallet that signs itself', () => {
  it('finds the network, estimates, sends, and finds what became of it', async () => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    const asked = new Set<string>()
    let id = 0
    const ask = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
      asked.add(method)
      const answer = (await rpc.handle({ jsonrpc: '2.0', id: ++id, method, params })) as {
        readonly result?: unknown
        readonly error?: { readonly message: string }
      }
      if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`)
      return answer.result
    }
    const [alice] = vm.accounts
    const account = privateKeyToAccount(`0x${alice?.secretKey.toHex() ?? ''}`)

    // It adds the network.
    const chainId = toNumber(await ask('eth_chainId'))
    expect(await ask('net_version')).toBe(String(chainId))
    expect(toNumber(await ask('eth_blockNumber'))).toBe(0)

    // It shows the account.
    expect(toNumber(await ask('eth_getBalance', account.address, 'latest'))).toBeGreaterThan(0)

    const send = async (request: { readonly to?: `0x${string}`; readonly data: `0x${string}` }) => {
      const { baseFeePerGas } = (await ask('eth_getBlockByNumber', 'latest', false)) as Record<string, string>
      expect(toNumber(await ask('eth_gasPrice'))).toBeGreaterThan(0)
      expect(await ask('eth_feeHistory', '0x5', 'latest', [10, 50, 90])).toMatchObject({ oldestBlock: '0x0' })
      const gas = await ask('eth_estimateGas', { from: account.address, ...request, value: '0x0' })
      const nonce = toNumber(await ask('eth_getTransactionCount', account.address, 'pending'))
      const raw = await account.signTransaction({
        ...{ type: 'eip1559', chainId, nonce, gas: BigInt(gas as string), ...request },
        maxPriorityFeePerGas: 100_000n,
        maxFeePerGas: 2n * BigInt(baseFeePerGas ?? '0x0') + 100_000n,
      })
      expect(parseTransaction(raw).nonce).toBe(nonce)
      const hash = await ask('eth_sendRawTransaction', raw)
      return (await ask('eth_getTransactionReceipt', hash)) as Record<string, string>
    }

    // It deploys a contract, reads and writes it, and shows its events.
    const created = await send({ data: `${demoBytecode}${'7'.padStart(64, '0')}` })
    expect(created).toMatchObject({ status: '0x1', from: account.address.toLowerCase() })
    const to = created['contractAddress'] as `0x${string}`
    expect(await ask('eth_getCode', to, 'latest')).toMatch(/^0x6/)
    const read = { to, data: encodeFunctionData({ abi: demoAbi, functionName: 'value' }) }
    expect(toNumber(await ask('eth_call', read, 'latest'))).toBe(7)
    const written = await send({
      to,
      data: encodeFunctionData({ abi: demoAbi, functionName: 'store', args: [8n, 'by hand'] }),
    })
    expect(toNumber(await ask('eth_call', read, 'latest'))).toBe(8)
    const block = written['blockNumber']
    const logs = await ask('eth_getLogs', { address: to, fromBlock: block, toBlock: block })
    expect(parseEventLogs({ abi: demoAbi, logs: logs as never })).toMatchObject([
      { eventName: 'Stored', args: { who: account.address, value: 8n, note: 'by hand' } },
    ])
    expect(await ask('eth_getTransactionByHash', written['transactionHash'])).toMatchObject({
      to,
      nonce: '0x1',
    })

    // The least that a network answers for MetaMask.
    expect([...asked].sort()).toEqual([
      'eth_blockNumber',
      'eth_call',
      'eth_chainId',
      'eth_estimateGas',
      'eth_feeHistory',
      'eth_gasPrice',
      'eth_getBalance',
      'eth_getBlockByNumber',
      'eth_getCode',
      'eth_getLogs',
      'eth_getTransactionByHash',
      'eth_getTransactionCount',
      'eth_getTransactionReceipt',
      'eth_sendRawTransaction',
      'net_version',
    ])
  })
})
