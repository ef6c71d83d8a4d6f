import { type Address, INVOKE_CONTRACT, idAddress } from '@troupe/hypervisor'
import { MemoryStore } from '@troupe/ipld/store'
import { createProvider, createRpc, type RpcNotification } from '@troupe/rpc'
import { BrowserProvider } from 'ethers'
import { FIRST_QUEUED_SEQUENCE, type Troupe } from 'troupe'
import { createPublicClient, custom, type Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { createContractVm } from './contract-chain.ts'
import { topicOf } from './emitter-chain.ts'

/** Makes a contract that stores the first word of its input, and logs it as a topic. */
const INITCODE = Uint8Array.from(Buffer.from('60098060095f395ff35f35805f555f5fa100', 'hex'))
const FIRST_NONCE = `0x${FIRST_QUEUED_SEQUENCE.toString(16)}`

const QUEUE = idAddress(12n)

type Fields = { readonly [field: string]: unknown }

/** Calldata of a contract as its actor takes it. */
const parametersOf = (word: bigint): Uint8Array =>
  Uint8Array.of(0x58, 32, ...Buffer.from(topicOf(word).slice(2), 'hex'))

/** Calls the contract now, and another time at the end of the block; in one block. */
async function play(vm: Troupe, to: Address) {
  const rpc = createRpc(vm)
  vm.mining = 'manual'
  const [alice, bob] = vm.accounts
  const left = vm.send({
    ...{ from: alice, to: QUEUE, method: 'Enqueue', gasPremium: 9n },
    params: [to.bytes, INVOKE_CONTRACT, parametersOf(2n), 30_000_000n, false],
  })
  const called = vm.send({ from: bob, to, method: INVOKE_CONTRACT, params: parametersOf(1n), gasPremium: 7n })
  await vm.mine()
  const outcomes = [await left, await called] as const
  const queued = outcomes[0].queued[0] ?? expect.fail()
  return { rpc, queued, left: outcomes[0], hashes: [...outcomes.map(({ hash }) => hash), queued.hash] }
}

async function scene(options: Parameters<typeof createContractVm>[0] = {}) {
  const vm = await createContractVm(options)
  const contract = await vm.deployContract(INITCODE)
  const { ethereumAddress } = contract
  return { vm, contract, to: contract.address, address: ethereumAddress.toLowerCase() }
}

const senderOf = (transaction: unknown): unknown => (transaction as Fields)['from']
const ofQuantity = (value: unknown): number => Number(value)

describe('a message at the end of a block', () => {
  it('is a transaction of the block, behind the others, and costs nobody anything', async () => {
    const { vm, to, address } = await scene()
    const { hashes, left, queued, rpc } = await play(vm, to)
    const block = (await rpc.call('eth_getBlockByNumber', ['latest', true])) as Fields & {
      transactions: Fields[]
    }
    expect(block.transactions.map(({ hash }) => hash)).toEqual(hashes)
    expect(await rpc.call('eth_getBlockTransactionCountByNumber', ['latest'])).toBe('0x3')
    const transaction = await rpc.call('eth_getTransactionByHash', [queued.hash])
    expect(transaction).toEqual(block.transactions[2])
    expect(transaction).toMatchObject({
      ...{ blockNumber: '0x2', transactionIndex: '0x2', nonce: FIRST_NONCE, to: address, input: topicOf(2n) },
      ...{ from: block.transactions[0]?.['from'], gasPrice: '0x0', maxFeePerGas: '0x0', r: '0x0' },
    })
    for (const [method, parameters] of [
      ['eth_getTransactionByBlockNumberAndIndex', ['0x2', '0x2']],
      ['eth_getTransactionBySenderAndNonce', [senderOf(transaction), FIRST_NONCE]],
    ] as const)
      expect(await rpc.call(method, [...parameters]), method).toEqual(transaction)
    expect(await rpc.call('eth_getRawTransactionByHash', [queued.hash])).toBeNull()

    const receipts = (await rpc.call('eth_getBlockReceipts', ['latest'])) as Fields[]
    const receipt = await rpc.call('eth_getTransactionReceipt', [queued.hash])
    expect(receipts[2]).toEqual(receipt)
    expect(receipts.map((one) => one['queuedBy'])).toEqual([undefined, undefined, left.hash])
    expect(receipt).toMatchObject({
      ...{ status: '0x1', gasUsed: `0x${queued.gas.used.toString(16)}`, effectiveGasPrice: '0x0' },
      ...{ messageCid: String(queued.cid), logs: [{ topics: [topicOf(2n)], logIndex: '0x1' }] },
    })
    // Its gas is a part of that of the first, and not summed up again.
    const [first, second, third] = receipts.map(({ cumulativeGasUsed }) => ofQuantity(cumulativeGasUsed))
    expect(third).toBe(second)
    expect(second).toBe(ofQuantity(receipts[0]?.['gasUsed']) + ofQuantity(receipts[1]?.['gasUsed']))
    expect(first).toBe(Number(left.gas.used))
    expect(ofQuantity(block['gasUsed'])).toBe(second)
    expect((await vm.block())?.gasUsed).toBe(BigInt(second ?? 0))
    expect(await rpc.call('eth_feeHistory', ['0x1', 'latest', [0, 100]])).toMatchObject({
      gasUsedRatio: [Number(second) / 10_000_000_000],
      reward: [['0x7', '0x9']],
    })
  })

  it('has logs that are found like any others', async () => {
    const { vm, to, address } = await scene()
    const told: RpcNotification['params'][] = []
    const listening = createRpc(vm)
    const session = listening.openSession({ notify: ({ params }) => told.push(params) })
    await listening.call('eth_subscribe', ['logs', { topics: [topicOf(2n)] }], session)
    const filter = await listening.call('eth_newFilter', [{ address }], session)
    const { hashes, rpc } = await play(vm, to)
    const all = (await rpc.call('eth_getLogs', [{ fromBlock: '0x0' }])) as Fields[]
    expect(
      all.map(({ logIndex, transactionHash, transactionIndex }) => [
        logIndex,
        transactionHash,
        transactionIndex,
      ]),
    ).toEqual([
      ['0x0', hashes[1], '0x1'],
      ['0x1', hashes[2], '0x2'],
    ])
    expect(await rpc.call('eth_getLogs', [{ fromBlock: '0x0', topics: [topicOf(2n)] }])).toEqual([all[1]])
    expect(await listening.call('eth_getFilterChanges', [filter], session)).toEqual(all)
    await expect.poll(() => told.map(({ result }) => result)).toEqual([all[1]])
    const { logsBloom } = (await rpc.call('eth_getBlockByNumber', ['latest'])) as { logsBloom: Hex }
    const blooms = (await rpc.call('eth_getBlockReceipts', ['latest'])) as { logsBloom: Hex }[]
    expect(BigInt(logsBloom)).toBe(blooms.reduce((sum, one) => sum | BigInt(one.logsBloom), 0n))
    expect(BigInt(blooms[2]?.logsBloom ?? 0)).not.toBe(0n)
  })

  it('is traced like any other', async () => {
    const { vm, to, address } = await scene()
    const { hashes, queued, rpc } = await play(vm, to)
    const calls = { tracer: 'callTracer', tracerConfig: { withLog: true } }
    const block = (await rpc.call('debug_traceBlockByNumber', ['latest', calls])) as Fields[]
    expect(block.map(({ txHash }) => txHash)).toEqual(hashes)
    const traced = await rpc.call('debug_traceTransaction', [queued.hash, calls])
    expect(block[2]?.['result']).toEqual(traced)
    expect(traced).toMatchObject({
      ...{ to: address, input: topicOf(2n), gasUsed: `0x${queued.gas.used.toString(16)}` },
      logs: [{ topics: [topicOf(2n)], index: '0x1' }],
    })
    const steps = (await rpc.call('debug_traceTransaction', [queued.hash])) as { structLogs: Fields[] }
    expect(steps.structLogs.map(({ op }) => op)).toContain('LOG1')
    const config = { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }
    const zero = topicOf(0n)
    expect(await rpc.call('debug_traceTransaction', [queued.hash, config])).toMatchObject({
      pre: { [address]: { storage: { [zero]: topicOf(1n) } } },
      post: { [address]: { storage: { [zero]: topicOf(2n) } } },
    })
    const flat = (await rpc.call('trace_block', ['latest'])) as Fields[]
    expect([...new Set(flat.map(({ transactionHash }) => transactionHash))]).toEqual(hashes)
    const own = flat.filter(({ transactionPosition }) => transactionPosition === 2)
    expect(own[0]).toMatchObject({ action: { to: address, input: topicOf(2n) } })
    expect(await rpc.call('trace_transaction', [queued.hash])).toEqual(own)
    expect(
      await rpc.call('trace_filter', [{ fromBlock: '0x2', toBlock: '0x2', toAddress: address }]),
    ).toHaveLength(2)
  })

  it("is in none of Filecoin's lists, but is found by its CID", async () => {
    const { vm, to } = await scene()
    const { left, queued, rpc } = await play(vm, to)
    const name = { '/': String(queued.cid) }
    const listed = (await rpc.call('Filecoin.ChainGetMessagesInTipset', [null])) as { Cid: unknown }[]
    expect(listed).toHaveLength(2)
    expect(listed[0]?.Cid).toEqual({ '/': String(left.cid) })
    expect(await rpc.call('Filecoin.ChainGetBlockMessages', [{ '/': String(vm.head.block) }])).toMatchObject({
      Cids: listed.map(({ Cid }) => Cid),
    })
    const message = { CID: name, From: 't0100', Nonce: Number(FIRST_QUEUED_SEQUENCE), GasFeeCap: '0' }
    expect(await rpc.call('Filecoin.ChainGetMessage', [name])).toMatchObject(message)
    for (const [method, parameters] of [
      ['Filecoin.StateSearchMsg', [null, name, -1, true]],
      ['Filecoin.StateWaitMsg', [name, 0, -1, true]],
    ] as const)
      expect(await rpc.call(method, [...parameters]), method).toMatchObject({
        ...{ Message: name, Height: 2, TipSet: [{ '/': String(vm.head.block) }] },
        Receipt: { ExitCode: 0, GasUsed: Number(queued.gas.used), EventsRoot: { '/': expect.any(String) } },
      })
    expect(await rpc.call('Filecoin.StateReplay', [null, name])).toMatchObject({
      ...{ MsgCid: name, Msg: message, MsgRct: { GasUsed: Number(queued.gas.used) } },
      GasCost: { TotalCost: '0' },
    })
    expect(await rpc.call('Filecoin.EthGetTransactionHashByCid', [name])).toBe(queued.hash)
    expect(await rpc.call('Filecoin.EthGetMessageCidByTransactionHash', [queued.hash])).toEqual(name)
  })

  it('is still there when the chain is opened again, or has gone another way', async () => {
    const store = new MemoryStore()
    const { vm, to } = await scene({ store })
    const start = vm.head.block
    const { queued, rpc } = await play(vm, to)
    const receipt = (await rpc.call('eth_getTransactionReceipt', [queued.hash])) as Fields
    const again = await createContractVm({ store })
    expect(await createRpc(again).call('eth_getTransactionReceipt', [queued.hash])).toEqual(receipt)
    const first = again.head.block
    await again.checkout(start)
    expect(await createRpc(again).call('eth_getTransactionReceipt', [queued.hash])).toBeNull()
    // The same message, in another block.
    await again.mine({ epochs: 3n })
    await play(again, to)
    const other = (await createRpc(again).call('eth_getTransactionReceipt', [queued.hash])) as Fields
    expect(other).toMatchObject({ transactionIndex: '0x2', queuedBy: expect.stringMatching(/^0x/u) })
    expect(other['blockNumber']).not.toBe(receipt['blockNumber'])
    await again.checkout(first)
    expect(await createRpc(again).call('eth_getTransactionReceipt', [queued.hash])).toEqual(receipt)
  })

  it('is read by clients that know nothing of it', async () => {
    const { vm, to } = await scene()
    const { queued, hashes } = await play(vm, to)
    const client = createPublicClient({ transport: custom(createProvider(vm), { retryCount: 0 }) })
    const hash = queued.hash as Hex
    expect(await client.getTransactionReceipt({ hash })).toMatchObject({
      status: 'success',
      transactionIndex: 2,
    })
    const { transactions } = await client.getBlock({ includeTransactions: true })
    expect(transactions.map((one) => one.hash)).toEqual(hashes)
    expect(transactions[2]?.nonce).toBe(Number(FIRST_QUEUED_SEQUENCE))
    const provider = new BrowserProvider(createProvider(vm))
    expect(await provider.getTransaction(hash)).toMatchObject({ hash, nonce: Number(FIRST_QUEUED_SEQUENCE) })
    expect((await provider.getTransactionReceipt(hash))?.logs).toHaveLength(1)
    provider.destroy()
  })
})
