import { createRpc } from '@troupe/rpc'
import { describe, expect, it } from 'vitest'
import { deployDemo, encoded } from '../deploy-demo.ts'

describe('traces as Lotus has them', () => {
  it('are those of a block, a transaction, and whatever a filter wants', async () => {
    const { vm, call, creation, from, send, to } = await deployDemo()
    const hash = await send(encoded('spawn'))
    const traces: { traceAddress: number[]; result: { address?: string } }[] = await call(
      'trace_transaction',
      hash,
    )
    const child = traces[1]?.result.address
    expect(traces).toMatchObject([
      {
        type: 'call',
        traceAddress: [],
        subtraces: 1,
        action: { callType: 'call', from, to },
        transactionHash: hash,
        blockNumber: 2,
      },
      {
        type: 'create',
        traceAddress: [0],
        subtraces: 0,
        action: { from: to },
        result: { address: expect.any(String) },
      },
    ])
    expect(await call('trace_block', '0x2')).toEqual(traces)
    expect(await call('trace_replayBlockTransactions', '0x2', ['trace'])).toMatchObject([
      {
        transactionHash: hash,
        trace: [{ traceAddress: [] }, { traceAddress: [0] }],
        stateDiff: null,
        vmTrace: null,
      },
    ])
    await vm.mine()
    const filtered = async (filter: object): Promise<string[]> => {
      const found: { transactionHash: string; traceAddress: number[] }[] = await call('trace_filter', {
        fromBlock: '0x0',
        ...filter,
      })
      return found.map(
        ({ traceAddress, transactionHash }) =>
          `${transactionHash === hash ? 'spawn' : 'create'} ${traceAddress}`,
      )
    }
    expect(await filtered({})).toEqual(['create ', 'spawn ', 'spawn 0'])
    expect(await filtered({ after: 1, count: 1 })).toEqual(['spawn '])
    expect(await filtered({ fromAddress: [to] })).toEqual(['spawn 0'])
    expect(await filtered({ toAddress: child })).toEqual(['spawn 0'])
    expect(await filtered({ toBlock: '0x1' })).toEqual(['create '])
    expect(await call('trace_transaction', creation)).toMatchObject([
      { type: 'create', result: { address: to } },
    ])
    await expect(call('trace_replayBlockTransactions', '0x2', ['vmTrace'])).rejects.toMatchObject({
      number: -32004,
    })
    await vm.close()
  })

  it('are looked for in no more gas than a limit says', async () => {
    const { vm, call, creation } = await deployDemo()
    const { gasUsed }: { gasUsed: string } = await call('eth_getTransactionReceipt', creation)
    const found = (traceGas: number): Promise<unknown> =>
      createRpc(vm, { limits: { traceGas } }).call('trace_filter', [{ fromBlock: '0x0' }])
    await expect(found(Number(gasUsed))).resolves.toHaveLength(1)
    await expect(found(Number(gasUsed) - 1)).rejects.toMatchObject({ number: -32005 })
    await vm.close()
  })

  it('are looked for in no more blocks than a limit says', async () => {
    const { vm, call } = await deployDemo({ traceBlocks: 1 })
    await expect(call('trace_filter', { fromBlock: '0x0' })).rejects.toMatchObject({ number: -32005 })
    await vm.close()
  })
})
