import type { Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { deployDemo, encoded } from '../deploy-demo.ts'

const STRANGER = `0x${'77'.repeat(20)}`
const word = (digits: string): Hex => `0x${digits.padStart(64, '0')}`

describe('methods of the specification beyond what most have', () => {
  it('tell all of an account, and many words of storage at once', async () => {
    const { vm, call, to } = await deployDemo()
    expect(await call('eth_getAccountInfo', to)).toEqual({
      ...{ balance: '0x0', nonce: '0x1' },
      code: await call('eth_getCode', to),
    })
    expect(await call('eth_getAccountInfo', STRANGER)).toEqual({ balance: '0x0', nonce: '0x0', code: '0x' })
    expect(await call('eth_getStorageValues', { [to]: ['0x0', '0x1'], [STRANGER]: ['0x0'] })).toEqual({
      [to]: [word('5'), word('0')],
      [STRANGER]: [word('0')],
    })
    const slots = Array.from({ length: 1025 }, (_, slot) => `0x${slot.toString(16)}`)
    const asked = { [to]: slots.slice(1), [STRANGER]: ['0x0'] }
    await expect(call('eth_getStorageValues', asked)).rejects.toMatchObject({ number: -32602 })
    await vm.close()
  })

  it('fill in what a sender has not said', async () => {
    const { vm, call, from, to } = await deployDemo()
    const request = { from, to, data: encoded('store', [7n, 'x']) }
    const { raw, tx }: { raw: Hex; tx: Record<string, string> } = await call('eth_fillTransaction', request)
    expect(raw).toMatch(/^0x02/u)
    expect(tx).toMatchObject({
      ...{ from, to, type: '0x2', nonce: '0x1', input: request.data, value: '0x0', accessList: [] },
      gas: await call('eth_estimateGas', request),
    })
    const legacy: { tx: object } = await call('eth_fillTransaction', { ...request, gasPrice: '0x77359400' })
    expect(legacy.tx).toMatchObject({ type: '0x0', gasPrice: '0x77359400' })
    await expect(
      call('eth_fillTransaction', { from, to, data: encoded('require42', [1n]) }),
    ).rejects.toMatchObject({ number: 3 })
    // What was filled in is taken as it is.
    expect(await call('eth_sendTransaction', tx)).toMatch(/^0x/u)
    await vm.close()
  })

  it('find a transaction by its sender and nonce, on whatever block, and in the pool', async () => {
    const { vm, call, creation, from, send } = await deployDemo()
    const hashes: Hex[] = [creation]
    for (let index = 0; index < 6; index++) {
      hashes.push(await send(encoded('store', [BigInt(index), ''])))
      if (index % 2 === 0) await call('hardhat_mine', '0x3')
    }
    await call('evm_setAutomine', false)
    hashes.push(await send(encoded('store', [9n, '']), { gas: '0x5f5e100' }))
    for (const [nonce, hash] of hashes.entries())
      expect(await call('eth_getTransactionBySenderAndNonce', from, `0x${nonce.toString(16)}`)).toEqual(
        await call('eth_getTransactionByHash', hash),
      )
    expect(await call('eth_getTransactionBySenderAndNonce', from, '0x8')).toBeNull()
    expect(await call('eth_getTransactionBySenderAndNonce', STRANGER, '0x0')).toBeNull()
    const waiting: { pending: object } = await call('txpool_contentFrom', from)
    expect(Object.keys(waiting.pending)).toEqual(['7'])
    expect(await call('txpool_contentFrom', STRANGER)).toEqual({ pending: {}, queued: {} })
    expect(await call('eth_pendingTransactions')).toMatchObject([{ hash: hashes[7], blockHash: null }])
    await vm.close()
  })

  it('give headers, raw transactions by their place, and what the node has', async () => {
    const { vm, call, creation } = await deployDemo()
    const { transactions, uncles, ...header }: Record<string, unknown> = await call(
      'eth_getBlockByNumber',
      '0x1',
      false,
    )
    expect([transactions, uncles]).toEqual([[creation], []])
    expect(await call('eth_getHeaderByNumber', '0x1')).toEqual(header)
    expect(await call('eth_getHeaderByHash', header['hash'])).toEqual(header)
    expect(await call('eth_getHeaderByNumber', '0x9')).toBeNull()
    const raw = await call('eth_getRawTransactionByHash', creation)
    expect(await call('debug_getRawTransaction', creation)).toBe(raw)
    expect(await call('eth_getRawTransactionByBlockNumberAndIndex', '0x1', '0x0')).toBe(raw)
    expect(await call('eth_getRawTransactionByBlockHashAndIndex', header['hash'], '0x0')).toBe(raw)
    expect(await call('eth_getRawTransactionByBlockNumberAndIndex', '0x1', '0x1')).toBeNull()
    expect(await call('eth_capabilities')).toMatchObject({
      head: { number: '0x1', hash: header['hash'] },
      logs: { disabled: false, oldestBlock: '0x0' },
      stateproofs: { disabled: true },
    })
    expect(await call('rpc_modules')).toMatchObject({ eth: '1.0', web3: '1.0' })
    expect(await call('debug_getBadBlocks')).toEqual([])
    await vm.close()
  })

  it('send what nobody has signed', async () => {
    const { vm, call, from } = await deployDemo()
    await call('hardhat_setBalance', STRANGER, '0xde0b6b3a7640000')
    const hash = await call('eth_sendUnsignedTransaction', { from: STRANGER, to: from, value: '0x1' })
    expect(await call('eth_getTransactionReceipt', hash)).toMatchObject({ status: '0x1', from: STRANGER })
    await expect(call('eth_sendTransaction', { from: STRANGER, to: from })).rejects.toMatchObject({
      number: 4100,
    })
    await vm.close()
  })
})
