import { createRpc } from '@troupe/rpc'
import { createTroupe, type Troupe } from 'troupe'
import { describe, expect, it } from 'vitest'

/** A chain with a block of two messages at epoch 1, none from 2 to 5, and an empty one at 6. */
async function withBlocks(): Promise<{
  vm: Troupe
  call: (method: string, ...params: unknown[]) => Promise<never>
}> {
  const vm = await createTroupe({ mining: 'manual' })
  const [alice, bob] = vm.accounts
  const sent = [
    vm.send({ from: alice?.delegated ?? '', to: bob?.ethereum ?? '', value: 5n }),
    vm.send({ from: bob?.address ?? '', to: 't0110', value: 7n }, { signed: true }),
  ]
  await vm.mine()
  await Promise.all(sent)
  await vm.mine({ epochs: 5n })
  const rpc = createRpc(vm)
  return { vm, call: async (method, ...params) => (await rpc.call(method, params)) as never }
}

describe('a block', () => {
  it('is found by its number, its hash and by what it is at the moment', async () => {
    const { vm, call } = await withBlocks()
    const block: { hash: string; number: string } = await call('eth_getBlockByNumber', '0x1', false)
    expect(block).toMatchObject({ number: '0x1', hash: expect.stringMatching(/^0x[0-9a-f]{64}$/u) })
    expect(await call('eth_getBlockByHash', block.hash, false)).toEqual(block)
    expect(await call('eth_getBlockByNumber', 1, false)).toEqual(block)
    for (const [tag, number] of [
      ['latest', '0x6'],
      ['pending', '0x6'],
      ['safe', '0x6'],
      ['finalized', '0x6'],
      ['earliest', '0x0'],
    ])
      expect(await call('eth_getBlockByNumber', tag, false)).toMatchObject({ number })
    await vm.close()
  })

  it('names the one before, and says what a Filecoin block says of time and gas', async () => {
    const { vm, call } = await withBlocks()
    const first: { hash: string } = await call('eth_getBlockByNumber', '0x1')
    expect(await call('eth_getBlockByNumber', '0x6')).toMatchObject({
      parentHash: first.hash,
      timestamp: `0x${(1_767_225_600 + 6 * 30).toString(16)}`,
      gasLimit: '0x2540be400',
      gasUsed: '0x0',
      transactions: [],
      uncles: [],
    })
    expect(await call('eth_getBlockByNumber', '0x0')).toMatchObject({ parentHash: `0x${'0'.repeat(64)}` })
    await vm.close()
  })

  it('is nothing where there is none: an epoch without, the future, another hash', async () => {
    const { vm, call } = await withBlocks()
    expect(await call('eth_getBlockByNumber', '0x3', false)).toBeNull()
    expect(await call('eth_getBlockByNumber', '0x7', false)).toBeNull()
    expect(await call('eth_getBlockByHash', `0x${'1'.repeat(64)}`, false)).toBeNull()
    expect(await call('eth_getBlockTransactionCountByNumber', '0x3')).toBeNull()
    expect(await call('eth_getBlockReceipts', '0x3')).toBeNull()
    await vm.close()
  })

  it('has its messages as transactions, with receipts that add up', async () => {
    const { vm, call } = await withBlocks()
    const block: { transactions: { hash: string }[]; gasUsed: string } = await call(
      'eth_getBlockByNumber',
      '0x1',
      true,
    )
    const [alice, bob] = vm.accounts
    expect(block.transactions).toMatchObject([
      {
        from: alice?.ethereum.toLowerCase(),
        to: bob?.ethereum.toLowerCase(),
        ...{ value: '0x5', nonce: '0x0', transactionIndex: '0x0', type: '0x2' },
      },
      // Accounts of Filecoin have their id behind a mask.
      { from: '0xff00000000000000000000000000000000000065', to: alice?.ethereum.toLowerCase(), value: '0x7' },
    ])
    const hashes = block.transactions.map(({ hash }) => hash)
    expect(await call('eth_getBlockByNumber', '0x1', false)).toMatchObject({ transactions: hashes })
    expect(await call('eth_getBlockTransactionCountByNumber', 'earliest')).toBe('0x0')
    expect(await call('eth_getBlockTransactionCountByNumber', '0x1')).toBe('0x2')
    const receipts: Record<string, string>[] = await call('eth_getBlockReceipts', '0x1')
    expect(receipts.map(({ transactionHash }) => transactionHash)).toEqual(hashes)
    const used = receipts.map(({ gasUsed }) => BigInt(gasUsed ?? 0))
    expect(receipts.map(({ cumulativeGasUsed }) => BigInt(cumulativeGasUsed ?? 0))).toEqual([
      used[0],
      (used[0] ?? 0n) + (used[1] ?? 0n),
    ])
    expect(BigInt(block.gasUsed)).toBe((used[0] ?? 0n) + (used[1] ?? 0n))
    for (const [index, hash] of hashes.entries()) {
      expect(await call('eth_getTransactionReceipt', hash)).toEqual(receipts[index])
      expect(await call('eth_getTransactionByHash', hash)).toEqual(block.transactions[index])
      expect(await call('eth_getTransactionByBlockNumberAndIndex', '0x1', index)).toEqual(
        block.transactions[index],
      )
    }
    expect(await call('eth_getTransactionByBlockNumberAndIndex', '0x1', '0x2')).toBeNull()
    expect(await call('eth_getTransactionReceipt', `0x${'1'.repeat(64)}`)).toBeNull()
    await vm.close()
  })

  it('is not there any more after the chain has returned to an earlier one, nor are its transactions', async () => {
    const { vm, call } = await withBlocks()
    const block: { hash: string; transactions: string[] } = await call('eth_getBlockByNumber', '0x1')
    await vm.checkout(0n)
    expect(await call('eth_getBlockByNumber', '0x1')).toBeNull()
    expect(await call('eth_getTransactionReceipt', block.transactions[0])).toBeNull()
    // Whoever knows its hash finds it, but for those who want it to be canonical.
    expect(await call('eth_getBlockByHash', block.hash)).toEqual(block)
    const reference = { blockHash: block.hash, requireCanonical: true }
    await expect(call('eth_getBlockReceipts', reference)).rejects.toMatchObject({ number: -32000 })
    await vm.close()
  })
})

describe('the reference to a block', () => {
  it.each([
    ['a word', 'newest'],
    ['nothing', null],
    ['two references in one', { blockNumber: '0x1', blockHash: `0x${'1'.repeat(64)}` }],
    ['none in an object', {}],
    ['a number of 257 bits', `0x1${'0'.repeat(64)}`],
    ['a fraction', 1.5],
  ])('is not %s', async (_, block) => {
    await using vm = await createTroupe()
    await expect(createRpc(vm).call('eth_getBlockReceipts', [block])).rejects.toMatchObject({
      number: -32602,
      message: expect.stringMatching(/^block/u),
    })
  })
})
