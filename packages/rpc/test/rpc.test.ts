import { createRpc, type RpcNotification } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'

const request = (method: string, params: unknown[] = [], id: unknown = 1): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
const failure = (code: number): object =>
  expect.objectContaining({ error: expect.objectContaining({ code }) })

describe('a chain that is asked by JSON-RPC', () => {
  it('answers a request under its id', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    expect(await rpc.handle(request('eth_chainId', [], 'a'))).toEqual({
      jsonrpc: '2.0',
      id: 'a',
      result: '0x1df5e76',
    })
    expect(await rpc.handle(request('eth_blockNumber', [], null))).toEqual({
      jsonrpc: '2.0',
      id: null,
      result: '0x0',
    })
    expect(await rpc.handle({ id: 7, method: 'net_version' })).toEqual({
      jsonrpc: '2.0',
      id: 7,
      result: '31415926',
    })
  })

  it('answers a batch in its order, and leaves out notifications', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    const note = { jsonrpc: '2.0', method: 'eth_chainId' }
    expect(
      await rpc.handle([
        request('net_version', [], 1),
        note,
        request('nothing', [], 2),
        17,
        request('eth_chainId', [], 3),
      ]),
    ).toEqual([
      { jsonrpc: '2.0', id: 1, result: '31415926' },
      { jsonrpc: '2.0', id: 2, error: expect.objectContaining({ code: -32601 }) },
      { jsonrpc: '2.0', id: null, error: expect.objectContaining({ code: -32600 }) },
      { jsonrpc: '2.0', id: 3, result: '0x1df5e76' },
    ])
    expect(await rpc.handle(note)).toBeUndefined()
    expect(await rpc.handle({ ...note, method: 'nothing' })).toBeUndefined()
    expect(await rpc.handle([note, note])).toBeUndefined()
  })

  it.each([
    ['a number', 17],
    ['nothing', null],
    ['an object without a method', { jsonrpc: '2.0', id: 1 }],
    ['another version', { jsonrpc: '1.0', id: 1, method: 'eth_chainId' }],
    ['parameters by name', { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: { a: 1 } }],
    ['an id that is an object', { jsonrpc: '2.0', id: {}, method: 'eth_chainId' }],
    ['a name of 257 characters', request('e'.repeat(257))],
    ['an empty batch', []],
  ])('takes %s for no request', async (_, value) => {
    await using vm = await createTroupe()
    expect(await createRpc(vm).handle(value)).toEqual(failure(-32600))
  })

  it('takes a batch of as many requests as its limit says, and not one more', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm, { limits: { batch: 3 } })
    const batch = Array.from({ length: 4 }, () => request('eth_chainId'))
    expect(await rpc.handle(batch.slice(1))).toHaveLength(3)
    expect(await rpc.handle(batch)).toEqual(failure(-32005))
  })

  it('names the parameter that is wrong, missing or one too many', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    for (const [params, name] of [
      [[], 'data'],
      [['0x123'], 'data'],
      [[null], 'data'],
      [['0x', 1], 'parameter 2'],
    ] as const)
      expect(await rpc.handle(request('web3_sha3', [...params]))).toEqual(
        expect.objectContaining({ error: { code: -32602, message: expect.stringContaining(name) } }),
      )
    // Nothing at the end is as good as the end.
    expect(await rpc.call('web3_sha3', ['0x', null])).toMatch(/^0xc5d24601/u)
  })

  it('says no more than that the host failed, and tells who has to know', async () => {
    await using vm = await createTroupe()
    const failures: unknown[] = []
    const rpc = createRpc(vm, { onFailure: (error, method) => failures.push([String(error), method]) })
    Object.defineProperty(vm, 'accounts', {
      get: () => {
        throw new Error('secret')
      },
    })
    const response = await rpc.handle(request('eth_accounts'))
    expect(response).toEqual(failure(-32603))
    expect(JSON.stringify(response)).not.toContain('secret')
    expect(failures).toEqual([['Error: secret', 'eth_accounts']])
  })

  it('describes its methods', async () => {
    await using vm = await createTroupe()
    const { methods } = createRpc(vm)
    expect(methods.get('web3_sha3')).toMatchObject({ group: 'web3', access: 'read', unsupported: undefined })
    expect(methods.get('web3_sha3')?.parameters[0]).toMatchObject({ name: 'data', reader: { type: 'bytes' } })
  })
})

describe('a session', () => {
  it('is told of new heads until it unsubscribes', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    const told: RpcNotification[] = []
    const session = rpc.openSession({ notify: (message) => told.push(message) })
    const subscription = (await rpc.call('eth_subscribe', ['newHeads'], session)) as string
    await vm.mine()
    await vm.time.advance({ epochs: 5 })
    expect(told.map(({ params }) => params)).toEqual([
      { subscription, result: expect.objectContaining({ number: '0x1', baseFeePerGas: expect.any(String) }) },
      { subscription, result: expect.objectContaining({ number: '0x6' }) },
    ])
    expect(await rpc.call('eth_unsubscribe', [subscription], session)).toBe(true)
    expect(await rpc.call('eth_unsubscribe', [subscription], session)).toBe(false)
    await vm.mine()
    expect(told).toHaveLength(2)
  })

  it('frees what it holds when it is closed, and holds nothing any more', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    const told: RpcNotification[] = []
    const session = rpc.openSession({ notify: (message) => told.push(message) })
    await rpc.call('eth_subscribe', ['newHeads'], session)
    expect(session.count('subscription')).toBe(1)
    rpc.close()
    expect(session.isClosed).toBe(true)
    expect(session.count('subscription')).toBe(0)
    await vm.mine()
    expect(told).toEqual([])
    await expect(rpc.call('eth_subscribe', ['newHeads'], session)).rejects.toMatchObject({ number: -32004 })
  })

  it('has as many subscriptions as the limit says, and not one more', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm, { limits: { subscriptions: 2 } })
    const session = rpc.openSession({ notify: () => {} })
    for (let i = 0; i < 2; i++) await rpc.call('eth_subscribe', ['newHeads'], session)
    await expect(rpc.call('eth_subscribe', ['newHeads'], session)).rejects.toMatchObject({ number: -32005 })
  })

  it('is closed where it cannot be told, and the block goes on', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    const session = rpc.openSession({
      notify: () => {
        throw new Error('gone')
      },
    })
    await rpc.call('eth_subscribe', ['newHeads'], session)
    await vm.mine()
    expect(vm.head.epoch).toBe(1n)
    expect(session.isClosed).toBe(true)
  })

  it('cannot subscribe where nobody can be told', async () => {
    await using vm = await createTroupe()
    await expect(createRpc(vm).call('eth_subscribe', ['newHeads'])).rejects.toMatchObject({ number: -32004 })
  })
})
