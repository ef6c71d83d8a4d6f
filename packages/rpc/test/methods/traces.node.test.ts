import { createRpc } from '@troupe/rpc'
import type { Troupe } from 'troupe'
import { encodeDeployData, encodeFunctionData, type Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { createContractVm } from '../contract-chain.ts'
import { demoAbi, demoBytecode } from '../demo-contract.ts'

const encoded = (functionName: string, args: unknown[] = []): Hex =>
  encodeFunctionData({ abi: demoAbi, functionName, args } as never)

/** A contract that was deployed, at block 1, by the first account. */
async function deployed(limits: NonNullable<Parameters<typeof createRpc>[1]>['limits'] = {}) {
  const vm: Troupe = await createContractVm()
  const rpc = createRpc(vm, { limits: limits ?? {} })
  const call = async (method: string, ...params: unknown[]): Promise<never> =>
    (await rpc.call(method, params)) as never
  const from = vm.accounts[0]?.ethereum.toLowerCase() as Hex
  const data = encodeDeployData({ abi: demoAbi, bytecode: demoBytecode, args: [5n] })
  const creation: Hex = await call('eth_sendTransaction', { from, data })
  const { contractAddress: to }: { contractAddress: Hex } = await call('eth_getTransactionReceipt', creation)
  const send = (input: Hex, fields: object = {}): Promise<Hex> =>
    call('eth_sendTransaction', { from, to, data: input, ...fields })
  return { vm, call, from, to, data, creation, send }
}

describe('the call tracer', () => {
  it('tells of a creation', async () => {
    const { vm, call, creation, data, from, to } = await deployed()
    expect(await call('debug_traceTransaction', creation, { tracer: 'callTracer' })).toMatchObject({
      ...{ type: 'CREATE', from, to, input: data, value: '0x0' },
      gasUsed: ((await call('eth_getTransactionReceipt', creation)) as { gasUsed: string }).gasUsed,
    })
    await vm.close()
  })

  it('tells of calls in calls, and only of the outermost where that is wanted', async () => {
    const { vm, call, send, to } = await deployed()
    const hash = await send(encoded('spawn'))
    const trace: { calls: unknown[] } = await call('debug_traceTransaction', hash, { tracer: 'callTracer' })
    expect(trace).toMatchObject({
      type: 'CALL',
      to,
      input: encoded('spawn'),
      calls: [{ type: 'CREATE', from: to }],
    })
    const config = { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }
    expect(await call('debug_traceTransaction', hash, config)).not.toHaveProperty('calls')
    expect(await call('debug_traceBlockByNumber', '0x2', { tracer: 'callTracer' })).toEqual([
      { txHash: hash, result: trace },
    ])
    await vm.close()
  })

  it('tells why a call reverted', async () => {
    const { vm, call, from, send, to } = await deployed()
    const data = encoded('require42', [41n])
    const reverted = {
      error: 'execution reverted',
      revertReason: 'not the answer',
      output: expect.stringMatching(/^0x08c379a0/u),
    }
    expect(
      await call('debug_traceCall', { from, to, data }, 'latest', { tracer: 'callTracer' }),
    ).toMatchObject(reverted)
    const hash = await send(data, { gas: '0x5f5e100' })
    expect(await call('eth_getTransactionReceipt', hash)).toMatchObject({ status: '0x0' })
    expect(await call('debug_traceTransaction', hash, { tracer: 'callTracer' })).toMatchObject(reverted)
    await vm.close()
  })

  it('is at an end where its bytes are', async () => {
    const { vm, call, creation } = await deployed({ traceBytes: 1000 })
    await expect(call('debug_traceTransaction', creation, { tracer: 'callTracer' })).rejects.toMatchObject({
      number: -32005,
    })
    await vm.close()
  })

  it.each([
    ['code of its own', { tracer: '{result: function() {}}' }],
    ['logs', { tracer: 'callTracer', tracerConfig: { withLog: true } }],
  ])('there is none for %s', async (_, config) => {
    const { vm, call, creation } = await deployed()
    await expect(call('debug_traceTransaction', creation, config)).rejects.toMatchObject({ number: -32004 })
    await vm.close()
  })
})

describe('the tracer of instructions', () => {
  interface Traced {
    readonly gas: number
    readonly failed: boolean
    readonly returnValue: string
    readonly structLogs: {
      readonly op: string
      readonly depth: number
      readonly pc: number
      readonly gas: number
      readonly gasCost: number
      readonly stack?: string[]
      readonly memory?: string[]
      readonly storage?: object
    }[]
  }

  it('tells every step, with the stack before it, and the storage that it is about', async () => {
    const { vm, call, send } = await deployed()
    const hash = await send(encoded('store', [7n, 'x']))
    const { failed, gas, returnValue, structLogs }: Traced = await call('debug_traceTransaction', hash)
    expect({ failed, gas, returnValue }).toEqual({
      failed: false,
      gas: Number(((await call('eth_getTransactionReceipt', hash)) as { gasUsed: string }).gasUsed),
      returnValue: `0x${'5'.padStart(64, '0')}`,
    })
    expect(structLogs.slice(0, 3)).toMatchObject([
      { pc: 0, op: 'PUSH1', depth: 1, stack: [] },
      { pc: 2, op: 'PUSH1', depth: 1, stack: ['0x80'] },
      { pc: 4, op: 'MSTORE', depth: 1, stack: ['0x80', '0x40'] },
    ])
    expect(structLogs.at(-1)?.op).toBe('RETURN')
    const slot = `0x${'0'.repeat(64)}`
    const stored = structLogs.findLast(({ op }) => op === 'SSTORE')
    expect(stored?.storage).toEqual({ [slot]: `0x${'7'.padStart(64, '0')}` })
    // The next step has what this one has left.
    for (const [index, step] of structLogs.slice(0, 50).entries())
      expect(Math.abs(step.gas - step.gasCost - (structLogs[index + 1]?.gas ?? 0))).toBeLessThanOrEqual(1)
    await vm.close()
  })

  it('tells how deep a step is, and no more than is wanted', async () => {
    const { vm, call, from, to } = await deployed()
    const request = { from, to, data: encoded('spawn') }
    const { structLogs }: Traced = await call('debug_traceCall', request, 'latest', {
      disableStack: true,
      disableStorage: true,
      enableMemory: true,
    })
    expect(new Set(structLogs.map(({ depth }) => depth))).toEqual(new Set([1, 2]))
    expect(structLogs.at(-1)).toMatchObject({ op: 'RETURN', depth: 1 })
    for (const { memory, stack, storage } of structLogs)
      expect([stack, storage, memory === undefined]).toEqual([undefined, undefined, false])
    const limited: Traced = await call('debug_traceCall', request, 'latest', { limit: 5 })
    expect(limited.structLogs).toHaveLength(5)
    await vm.close()
  })

  it('stops at a limit', async () => {
    const { vm, call, from, to } = await deployed({ traceBytes: 10_000 })
    await expect(
      call('debug_traceCall', { from, to, data: encoded('spawn') }, 'latest'),
    ).rejects.toMatchObject({ number: -32005 })
    expect(await call('eth_call', { from, to, data: encoded('value') })).toMatch(/5$/u)
    await vm.close()
  })
})

describe('the prestate tracer', () => {
  it('tells what a transaction found', async () => {
    const { vm, call, from, send, to } = await deployed()
    const before = await call('eth_getBalance', from)
    const hash = await send(encoded('store', [7n, 'x']))
    const pre: Record<string, unknown> = await call('debug_traceTransaction', hash, {
      tracer: 'prestateTracer',
    })
    expect(pre[from]).toEqual({ balance: before, nonce: 1 })
    expect(pre[to]).toMatchObject({
      balance: '0x0',
      code: await call('eth_getCode', to),
      storage: { [`0x${'0'.repeat(64)}`]: `0x${'5'.padStart(64, '0')}` },
    })
    await vm.close()
  })

  it('tells what became different, of transactions and of calls', async () => {
    const { vm, call, from, send, to } = await deployed()
    const data = encoded('store', [7n, 'x'])
    const slot = `0x${'0'.repeat(64)}`
    const storage = (value: string): object => ({ storage: { [slot]: `0x${value.padStart(64, '0')}` } })
    const config = { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }
    const expected = { pre: { [to]: storage('5') }, post: { [to]: { ...storage('7'), balance: '0x3' } } }
    const called = await call('debug_traceCall', { from, to, data, value: '0x3' }, 'latest', config)
    expect(called).toMatchObject(expected)
    const hash = await send(data, { value: '0x3' })
    const traced: { post: Record<string, object> } = await call('debug_traceTransaction', hash, config)
    expect(traced).toMatchObject(expected)
    expect(traced.post[from]).toMatchObject({ nonce: 2 })
    await vm.close()
  })

  it('reads no more storage than a limit says', async () => {
    const { vm, call, send } = await deployed({ traceWords: 0 })
    const hash = await send(encoded('store', [7n, 'x']))
    await expect(call('debug_traceTransaction', hash, { tracer: 'prestateTracer' })).rejects.toMatchObject({
      number: -32005,
    })
    await vm.close()
  })
})

describe('traces as Lotus has them', () => {
  it('are those of a block, a transaction, and whatever a filter wants', async () => {
    const { vm, call, creation, from, send, to } = await deployed()
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

  it('are looked for in no more blocks than a limit says', async () => {
    const { vm, call } = await deployed({ traceBlocks: 1 })
    await expect(call('trace_filter', { fromBlock: '0x0' })).rejects.toMatchObject({ number: -32005 })
    await vm.close()
  })
})
