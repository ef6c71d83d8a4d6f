import { createRpc, type RpcNotification } from '@troupe/rpc'
import { describe, expect, it } from 'vitest'
import { createEmitterVm, EMITTER, topicOf } from '../emitter-chain.ts'

const emit = { to: 200n, from: 't0100' }
const numbersOf = (logs: unknown): string[] =>
  (logs as { blockNumber: string }[]).map(({ blockNumber }) => blockNumber)

describe('logs', () => {
  it('are found by block, address and topics', async () => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm)
    for (const method of [2n, 3n, 2n, 99n]) await vm.send({ ...emit, method })
    const all = (await rpc.call('eth_getLogs', [{ fromBlock: 'earliest', toBlock: 'latest' }])) as object[]
    expect(all).toHaveLength(3)
    const block = (await rpc.call('eth_getBlockByNumber', ['0x2'])) as {
      hash: string
      timestamp: string
      transactions: string[]
    }
    expect(all[1]).toEqual({
      ...{ address: EMITTER, topics: [topicOf(3n), topicOf(7n)], data: '0x0102', removed: false },
      ...{ blockNumber: '0x2', blockHash: block.hash, transactionHash: block.transactions[0] },
      ...{ logIndex: '0x0', transactionIndex: '0x0', blockTimestamp: block.timestamp },
    })
    for (const [query, numbers] of [
      [{}, []],
      [{ fromBlock: '0x2', toBlock: '0x3' }, ['0x2', '0x3']],
      [{ fromBlock: '0x0', toBlock: '0xff' }, ['0x1', '0x2', '0x3']],
      [{ blockHash: block.hash }, ['0x2']],
      [{ fromBlock: '0x0', address: EMITTER.toUpperCase().replace('0X', '0x') }, ['0x1', '0x2', '0x3']],
      [{ fromBlock: '0x0', address: [`0x${'12'.repeat(20)}`, EMITTER], topics: [] }, ['0x1', '0x2', '0x3']],
      [{ fromBlock: '0x0', address: `0x${'12'.repeat(20)}` }, []],
      [{ fromBlock: '0x0', topics: [topicOf(2n)] }, ['0x1', '0x3']],
      [{ fromBlock: '0x0', topics: [[topicOf(2n), topicOf(3n)], topicOf(7n)] }, ['0x1', '0x2', '0x3']],
      [{ fromBlock: '0x0', topics: [null, topicOf(7n)] }, ['0x1', '0x2', '0x3']],
      [{ fromBlock: '0x0', topics: [topicOf(7n)] }, []],
      [{ fromBlock: '0x0', topics: [null, null, null] }, []],
    ] as const)
      expect(numbersOf(await rpc.call('eth_getLogs', [query]))).toEqual(numbers)
  })

  it.each([
    ['a range that ends before it begins', { fromBlock: '0x2', toBlock: '0x1' }, -32602],
    ['a hash and a number', { fromBlock: '0x0', blockHash: topicOf(1n) }, -32602],
    ['five topics', { topics: [null, null, null, null, null] }, -32602],
    ['a topic of 31 bytes', { topics: [`0x${'00'.repeat(31)}`] }, -32602],
    ['201 addresses', { address: Array(201).fill(EMITTER) }, -32602],
    ['a block that nobody knows', { blockHash: topicOf(1n) }, -32001],
  ])('are not looked for by %s', async (_, query, number) => {
    await using vm = await createEmitterVm()
    await vm.mine()
    await expect(createRpc(vm).call('eth_getLogs', [query])).rejects.toMatchObject({ number })
  })

  it('are at most as many as the limits say, of as many blocks', async () => {
    await using vm = await createEmitterVm()
    for (let i = 0; i < 3; i++) await vm.send({ ...emit, method: 2n })
    const query = { fromBlock: '0x1' }
    expect(
      await createRpc(vm, { limits: { logs: 3, logBlocks: 3 } }).call('eth_getLogs', [query]),
    ).toHaveLength(3)
    for (const limits of [{ logs: 2 }, { logBlocks: 2 }])
      await expect(createRpc(vm, { limits }).call('eth_getLogs', [query])).rejects.toMatchObject({
        number: -32005,
      })
  })
})

describe('a filter', () => {
  it('of logs gives what is new, and takes back what a return to an earlier block has removed', async () => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm)
    await vm.send({ ...emit, method: 2n })
    const id = await rpc.call('eth_newFilter', [{ topics: [topicOf(2n)] }])
    expect(await rpc.call('eth_getFilterChanges', [id])).toEqual([])
    await vm.send({ ...emit, method: 2n })
    await vm.send({ ...emit, method: 3n })
    expect(numbersOf(await rpc.call('eth_getFilterChanges', [id]))).toEqual(['0x2'])
    expect(await rpc.call('eth_getFilterChanges', [id])).toEqual([])
    await vm.checkout(1n)
    await vm.mine()
    await vm.send({ ...emit, method: 2n })
    expect(await rpc.call('eth_getFilterChanges', [id])).toMatchObject([
      { blockNumber: '0x2', removed: true },
      { blockNumber: '0x3', removed: false },
    ])
    expect(numbersOf(await rpc.call('eth_getFilterLogs', [id]))).toEqual(['0x3'])
  })

  it('of logs gives those of the blocks that it names', async () => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm)
    const filters = [
      { fromBlock: '0x2', toBlock: '0x3' },
      { fromBlock: '0x3' },
      { toBlock: '0x1' },
      { fromBlock: 'latest', toBlock: 'latest' },
    ]
    const ids = await Promise.all(filters.map((filter) => rpc.call('eth_newFilter', [filter])))
    for (let index = 0; index < 4; index++) await vm.send({ ...emit, method: 2n })
    const found = await Promise.all(ids.map((id) => rpc.call('eth_getFilterChanges', [id])))
    expect(found.map(numbersOf)).toEqual([
      ['0x2', '0x3'],
      ['0x3', '0x4'],
      ['0x1'],
      ['0x1', '0x2', '0x3', '0x4'],
    ])
  })

  it('of blocks gives their hashes', async () => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm)
    const id = await rpc.call('eth_newBlockFilter')
    await vm.mine()
    await vm.mine({ epochs: 3n })
    const hashes = await Promise.all(
      ['0x1', '0x4'].map(
        async (number) => ((await rpc.call('eth_getBlockByNumber', [number])) as { hash: string }).hash,
      ),
    )
    expect(await rpc.call('eth_getFilterChanges', [id])).toEqual(hashes)
    await expect(rpc.call('eth_getFilterLogs', [id])).rejects.toMatchObject({ number: -32000 })
  })

  it('of very many blocks gives them bit by bit', async () => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm, { limits: { logBlocks: 3 } })
    const id = await rpc.call('eth_newBlockFilter')
    for (let i = 0; i < 8; i++) await vm.mine()
    const counts: number[] = []
    for (let i = 0; i < 4; i++)
      counts.push(((await rpc.call('eth_getFilterChanges', [id])) as unknown[]).length)
    expect(counts).toEqual([3, 3, 2, 0])
  })

  it('of transactions gives their hashes as they come', async () => {
    await using vm = await createEmitterVm({ mining: 'manual' })
    const rpc = createRpc(vm, { limits: { logs: 2 } })
    const id = await rpc.call('eth_newPendingTransactionFilter')
    const cid = await vm.post({ ...emit, method: 2n })
    expect(await rpc.call('eth_getFilterChanges', [id])).toEqual([
      `0x${Buffer.from(cid.multihash.digest).toString('hex')}`,
    ])
    for (let i = 0; i < 3; i++) await vm.post({ ...emit, method: 2n })
    await expect(rpc.call('eth_getFilterChanges', [id])).rejects.toMatchObject({ number: -32005 })
    expect(await rpc.call('eth_getFilterChanges', [id])).toEqual([])
  })

  it('is gone once it is uninstalled, or nobody has asked it for long', async () => {
    await using vm = await createEmitterVm()
    let now = 0
    const rpc = createRpc(vm, { limits: { filterIdleMs: 1000, filters: 2 }, now: () => now })
    const first = await rpc.call('eth_newBlockFilter')
    expect(await rpc.call('eth_uninstallFilter', [first])).toBe(true)
    expect(await rpc.call('eth_uninstallFilter', [first])).toBe(false)
    const [second, third] = [
      await rpc.call('eth_newBlockFilter'),
      await rpc.call('eth_newPendingTransactionFilter'),
    ]
    await expect(rpc.call('eth_newBlockFilter')).rejects.toMatchObject({ number: -32005 })
    now = 1000
    await rpc.call('eth_getFilterChanges', [second])
    now = 1001
    await expect(rpc.call('eth_getFilterChanges', [third])).rejects.toMatchObject({ number: -32001 })
    expect(await rpc.call('eth_getFilterChanges', [second])).toEqual([])
    await rpc.call('eth_newBlockFilter')
  })

  it('has a number for a name, as others have', async () => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm)
    for (let index = 0; index < 100; index++)
      expect(await rpc.call('eth_newBlockFilter')).toMatch(/^0x[1-9a-f][0-9a-f]{16,31}$/u)
  })

  it('that nobody asks gives way to a new one of its client, and one that is asked does not', async () => {
    await using vm = await createEmitterVm()
    let now = 0
    const rpc = createRpc(vm, { limits: { filters: 2, filterGraceMs: 100 }, now: () => now })
    const [left, asked] = [await rpc.call('eth_newBlockFilter'), await rpc.call('eth_newBlockFilter')]
    now = 99
    await rpc.call('eth_getFilterChanges', [asked])
    await expect(rpc.call('eth_newBlockFilter')).rejects.toMatchObject({ number: -32005 })
    now = 100
    const third = await rpc.call('eth_newBlockFilter')
    await expect(rpc.call('eth_getFilterChanges', [left])).rejects.toMatchObject({ number: -32001 })
    for (const id of [asked, third]) expect(await rpc.call('eth_getFilterChanges', [id])).toEqual([])
  })

  it('has its place beside those of others, however many they make', async () => {
    await using vm = await createEmitterVm()
    let now = 0
    const limits = { filters: 6, sharedFilters: 8, filterGraceMs: 100 }
    const rpc = createRpc(vm, { limits, now: () => now })
    const made = (client: string): Promise<unknown> => rpc.call('eth_newBlockFilter', [], undefined, client)
    const isThere = (id: unknown): Promise<boolean> =>
      rpc.call('eth_getFilterChanges', [id]).then(
        () => true,
        () => false,
      )
    const greedy: unknown[] = []
    for (let index = 0; index < 6; index++, now++) greedy.push(await made('greedy'))
    await expect(made('greedy')).rejects.toMatchObject({ number: -32005 })
    const others = [await made('a'), await made('b')]
    // No room is left: whoever has most gives way.
    others.push(await made('c'), await made('a'))
    expect(await Promise.all(others.map(isThere))).toEqual([true, true, true, true])
    expect(await Promise.all(greedy.map(isThere))).toEqual([false, false, true, true, true, true])
    // Whoever would have as many as anybody takes nothing from others.
    others.push(await made('a'))
    await expect(made('a')).rejects.toMatchObject({ number: -32005 })
    expect(await Promise.all(others.map(isThere))).toEqual([true, true, true, true, true])
    // A session of its own has all of its own.
    const session = rpc.openSession()
    for (let index = 0; index < 6; index++) await rpc.call('eth_newBlockFilter', [], session)
    expect(await Promise.all(others.map(isThere))).not.toContain(false)
  })

  it('of each of very many clients gives way only where nobody asks it', async () => {
    await using vm = await createEmitterVm()
    let now = 0
    const rpc = createRpc(vm, { limits: { sharedFilters: 3, filterGraceMs: 100 }, now: () => now })
    const made = (client: string): Promise<unknown> => rpc.call('eth_newBlockFilter', [], undefined, client)
    for (const client of ['a', 'b', 'c']) await made(client)
    await expect(made('d')).rejects.toMatchObject({ number: -32005 })
    now = 100
    expect(await made('d')).toMatch(/^0x/u)
  })

  it('is one of its session', async () => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm)
    const session = rpc.openSession()
    const id = await rpc.call('eth_newBlockFilter', [], session)
    await expect(rpc.call('eth_getFilterChanges', [id])).rejects.toMatchObject({ number: -32001 })
    expect(await rpc.call('eth_uninstallFilter', [id])).toBe(false)
    expect(await rpc.call('eth_unsubscribe', [id], session)).toBe(false)
    expect(await rpc.call('eth_getFilterChanges', [id], session)).toEqual([])
  })
})

describe('a subscription', () => {
  it('tells of logs, and of transactions by hash or whole', async () => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm)
    const told: RpcNotification['params'][] = []
    const session = rpc.openSession({ notify: ({ params }) => told.push(params) })
    const subscribe = async (...params: unknown[]): Promise<unknown> =>
      rpc.call('eth_subscribe', params, session)
    const logs = await subscribe('logs', { address: EMITTER, topics: [topicOf(2n)] })
    const hashes = await subscribe('newPendingTransactions')
    const whole = await subscribe('newPendingTransactions', true)
    await vm.send({ ...emit, method: 3n })
    const { hash } = await vm.send({ ...emit, method: 2n })
    const of = (subscription: unknown): unknown[] =>
      told.filter((item) => item.subscription === subscription).map(({ result }) => result)
    expect(of(logs)).toMatchObject([{ transactionHash: hash, address: EMITTER }])
    expect(of(hashes)).toEqual([expect.any(String), hash])
    expect(of(whole)).toMatchObject([{ blockNumber: null }, { hash, to: EMITTER, blockHash: null }])
  })

  it.each([
    ['another type', ['syncing']],
    ['a filter of transactions', ['newPendingTransactions', {}]],
    ['whole logs', ['logs', true]],
    ['logs of a wrong topic', ['logs', { topics: ['0x1'] }]],
  ])('there is none for %s', async (_, params) => {
    await using vm = await createEmitterVm()
    const rpc = createRpc(vm)
    const session = rpc.openSession({ notify: () => {} })
    await expect(rpc.call('eth_subscribe', params, session)).rejects.toMatchObject({ number: -32602 })
    expect(session.count('subscription')).toBe(0)
  })
})
