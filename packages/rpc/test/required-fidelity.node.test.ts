import { createRpc, type RpcError } from '@troupe/rpc'
import { describe, expect, it } from 'vitest'
import { createContractVm } from './contract-chain.ts'

/** Makes a contract that asks for the hash of the block before where it is called with anything: local chains make that up. */
const INITCODE = '0x600d8060095f395ff336600557005b60014303405000'
const GAS = '0x5f5e100'
const refused = { number: -32003, data: { code: 'message/fidelity' } }

const failureOf = (answer: Promise<unknown>): Promise<RpcError> =>
  answer.then(
    () => expect.fail('it was answered'),
    (error: RpcError) => error,
  )

describe('a chain that requires a fidelity, asked by JSON-RPC', () => {
  it('refuses transactions and calls by a number, and goes on', async () => {
    await using vm = await createContractVm({ requireFidelity: 'calibrated' })
    const rpc = createRpc(vm)
    const [from] = vm.accounts.map(({ ethereum }) => ethereum)
    const hash = await rpc.call('eth_sendTransaction', [{ from, data: INITCODE, gas: GAS }])
    const { contractAddress: to } = (await rpc.call('eth_getTransactionReceipt', [hash])) as {
      contractAddress: string
    }
    const call = { from, to, data: '0x01', gas: GAS }
    const raw = await rpc.call('eth_signTransaction', [call])
    expect(await failureOf(rpc.call('eth_sendRawTransaction', [raw]))).toMatchObject(refused)
    expect(await failureOf(rpc.call('eth_sendRawTransactionSync', [raw]))).toMatchObject(refused)
    expect(await failureOf(rpc.call('eth_sendTransaction', [call]))).toMatchObject(refused)
    expect(await failureOf(rpc.call('eth_call', [call, 'latest']))).toMatchObject(refused)
    expect(await failureOf(rpc.call('eth_estimateGas', [call]))).toMatchObject(refused)
    expect(await rpc.call('eth_blockNumber')).toBe('0x1')
    expect(await rpc.call('txpool_status')).toEqual({ pending: '0x0', queued: '0x0' })
    expect(await rpc.call('eth_getTransactionCount', [from, 'pending'])).toBe('0x1')
    await rpc.call('eth_sendTransaction', [{ from, to, gas: GAS }])
    expect(await rpc.call('eth_blockNumber')).toBe('0x2')
  })

  it('tells whoever waits for the receipt of one that no block could have', async () => {
    await using vm = await createContractVm({ requireFidelity: 'calibrated' })
    const rpc = createRpc(vm)
    const [from] = vm.accounts.map(({ ethereum }) => ethereum)
    const created = await rpc.call('eth_sendTransaction', [{ from, data: INITCODE, gas: GAS }])
    const { contractAddress: to } = (await rpc.call('eth_getTransactionReceipt', [created])) as {
      contractAddress: string
    }
    await rpc.call('evm_setAutomine', [false])
    const call = { from, to, data: '0x01', gas: GAS, nonce: '0x1' }
    const hash = await rpc.call('eth_sendTransaction', [call])
    expect(await rpc.call('eth_getTransactionReceipt', [hash])).toBeNull()
    // What else its sender asks is not answered for it.
    expect(await rpc.call('eth_estimateGas', [{ from, to, gas: GAS }])).toMatch(/^0x/)
    await rpc.call('evm_mine')
    expect(await rpc.call('eth_blockNumber')).toBe('0x2')
    expect(await failureOf(rpc.call('eth_getTransactionReceipt', [hash]))).toMatchObject(refused)
    expect(await rpc.call('eth_getTransactionByHash', [hash])).toBeNull()
    expect(await rpc.call('txpool_status')).toEqual({ pending: '0x0', queued: '0x0' })
  })
})
