import type { Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { deployDemo, encoded } from '../deploy-demo.ts'
import { FORWARDER_CODE, forwarded } from '../forwarder-contract.ts'

describe('the call tracer', () => {
  it('tells of a creation', async () => {
    const { vm, call, creation, data, from, to } = await deployDemo()
    expect(await call('debug_traceTransaction', creation, { tracer: 'callTracer' })).toMatchObject({
      ...{ type: 'CREATE', from, to, input: data, value: '0x0' },
      gasUsed: ((await call('eth_getTransactionReceipt', creation)) as { gasUsed: string }).gasUsed,
    })
    await vm.close()
  })

  it('tells of calls in calls, and only of the outermost where that is wanted', async () => {
    const { vm, call, send, to } = await deployDemo()
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
    const { vm, call, from, send, to } = await deployDemo()
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
    const { vm, call, creation } = await deployDemo({ traceBytes: 1000 })
    await expect(call('debug_traceTransaction', creation, { tracer: 'callTracer' })).rejects.toMatchObject({
      number: -32005,
    })
    await vm.close()
  })

  it('shows calls between contracts as they are, with their reasons and their logs', async () => {
    const { vm, call, from, send, to } = await deployDemo()
    const forwarder = `0x${'f0'.repeat(20)}`
    await call('hardhat_setCode', forwarder, FORWARDER_CODE)
    const stored = await send(forwarded(to, encoded('store', [7n, 'x'])), { to: forwarder })
    const { logs }: { logs: object[] } = await call('eth_getTransactionReceipt', stored)
    const [inner, outer] = logs.map((log) => {
      const { address, data, topics } = log as { address: Hex; data: Hex; topics: Hex[] }
      return { address, data, topics }
    })
    const trace = await call('debug_traceTransaction', stored, {
      tracer: 'callTracer',
      tracerConfig: { withLog: true },
    })
    expect(trace).toMatchObject({
      ...{ from, to: forwarder, logs: [{ ...outer, position: '0x1', index: '0x1' }] },
      calls: [
        {
          ...{ type: 'CALL', from: forwarder, to, input: encoded('store', [7n, 'x']) },
          output: `0x${'5'.padStart(64, '0')}`,
          logs: [{ ...inner, position: '0x0', index: '0x0' }],
        },
      ],
    })
    const data = forwarded(to, encoded('require42', [1n]))
    const failed = await call('debug_traceCall', { from, to: forwarder, data }, 'latest', {
      tracer: 'callTracer',
      tracerConfig: { withLog: true },
    })
    expect(failed).toMatchObject({
      revertReason: 'not the answer',
      calls: [{ input: encoded('require42', [1n]), revertReason: 'not the answer' }],
    })
    // What was logged in a call that failed is taken back.
    expect(failed).not.toHaveProperty('logs')
    await vm.close()
  })

  it('is none of code of its own', async () => {
    const { vm, call, creation } = await deployDemo()
    await expect(
      call('debug_traceTransaction', creation, { tracer: '{result: function() {}}' }),
    ).rejects.toMatchObject({ number: -32004 })
    await vm.close()
  })

  it('has the code of what was created', async () => {
    const { vm, call, creation, to } = await deployDemo()
    expect(await call('debug_traceTransaction', creation, { tracer: 'callTracer' })).toMatchObject({
      output: await call('eth_getCode', to),
    })
    await vm.close()
  })
})

describe('small tracers', () => {
  it('count functions, say nothing, or are several in one', async () => {
    const { vm, call, creation, send, to } = await deployDemo()
    const hash = await send(encoded('store', [7n, 'x']))
    const traced = (tracer: string, tracerConfig?: object): Promise<unknown> =>
      call('debug_traceTransaction', hash, { tracer, tracerConfig })
    const counts = { [`${encoded('store', [7n, 'x']).slice(0, 10)}-128`]: 1 }
    expect(await traced('4byteTracer')).toEqual(counts)
    expect(await traced('noopTracer')).toEqual({})
    expect(await traced('muxTracer', { '4byteTracer': null, callTracer: { onlyTopCall: true } })).toEqual({
      '4byteTracer': counts,
      callTracer: await traced('callTracer'),
    })
    await expect(traced('muxTracer', { muxTracer: {} })).rejects.toMatchObject({ number: -32602 })
    // A creation has no function.
    expect(await call('debug_traceTransaction', creation, { tracer: '4byteTracer' })).toEqual({})
    expect(await traced('flatCallTracer')).toMatchObject([
      { action: { to }, blockNumber: 2, transactionHash: hash, transactionPosition: 0 },
    ])
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
    const { vm, call, send } = await deployDemo()
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
    // A word that is read is there with the step that reads it.
    expect(structLogs.find(({ op }) => op === 'SLOAD')?.storage).toEqual({
      [slot]: `0x${'5'.padStart(64, '0')}`,
    })
    const stored = structLogs.findLast(({ op }) => op === 'SSTORE')
    expect(stored?.storage).toEqual({ [slot]: `0x${'7'.padStart(64, '0')}` })
    // The next step has what this one has left.
    for (const [index, step] of structLogs.slice(0, 50).entries())
      expect(Math.abs(step.gas - step.gasCost - (structLogs[index + 1]?.gas ?? 0))).toBeLessThanOrEqual(1)
    await vm.close()
  })

  it('tells how deep a step is, and no more than is wanted', async () => {
    const { vm, call, from, to } = await deployDemo()
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
    const { vm, call, from, to } = await deployDemo({ traceBytes: 10_000 })
    await expect(
      call('debug_traceCall', { from, to, data: encoded('spawn') }, 'latest'),
    ).rejects.toMatchObject({ number: -32005 })
    expect(await call('eth_call', { from, to, data: encoded('value') })).toMatch(/5$/u)
    await vm.close()
  })
})

describe('the prestate tracer', () => {
  it('tells what a transaction found', async () => {
    const { vm, call, from, send, to } = await deployDemo()
    const before = await call('eth_getBalance', from)
    const hash = await send(encoded('store', [7n, 'x']))
    const pre: Record<string, unknown> = await call('debug_traceTransaction', hash, {
      tracer: 'prestateTracer',
    })
    expect(pre[from]).toEqual({ balance: before, nonce: 1 })
    expect(Object.keys(pre).sort()).toEqual([from, to].sort())
    expect(pre[to]).toMatchObject({
      balance: '0x0',
      code: await call('eth_getCode', to),
      storage: { [`0x${'0'.repeat(64)}`]: `0x${'5'.padStart(64, '0')}` },
    })
    await vm.close()
  })

  it('tells what became different, of transactions and of calls', async () => {
    const { vm, call, from, send, to } = await deployDemo()
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

  it('tells of the words of storage that were touched, and of no other', async () => {
    const { vm, call, from, to } = await deployDemo()
    const [slot, other] = [`0x${'0'.repeat(64)}`, `0x${'9'.repeat(64)}`]
    await call('hardhat_setStorageAt', to, other, slot.replace(/0$/u, '8'))
    const traced = async (data: Hex, tracerConfig: object = {}): Promise<unknown> =>
      (
        (await call('debug_traceCall', { from, to, data }, 'latest', {
          tracer: 'prestateTracer',
          tracerConfig,
        })) as Record<string, { storage?: object }>
      )[to]
    expect(await traced(encoded('value'))).toMatchObject({
      storage: { [slot]: `0x${'5'.padStart(64, '0')}` },
    })
    expect(await traced(encoded('value'), { disableStorage: true })).not.toHaveProperty('storage')
    expect(await traced(encoded('value'), { disableCode: true })).not.toHaveProperty('code')
    expect(await traced(encoded('owner'))).not.toHaveProperty('storage')
    await vm.close()
  })

  it('reads no more storage than a limit says', async () => {
    const { vm, call, send } = await deployDemo({ traceWords: 0 })
    const hash = await send(encoded('store', [7n, 'x']))
    await expect(call('debug_traceTransaction', hash, { tracer: 'prestateTracer' })).rejects.toMatchObject({
      number: -32005,
    })
    await vm.close()
  })
})
