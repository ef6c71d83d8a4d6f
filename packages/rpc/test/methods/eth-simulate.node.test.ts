import type { Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { deployDemo, encoded } from '../deploy-demo.ts'
import { FORWARDER_CODE, forwarded } from '../forwarder-contract.ts'

const RICH = `0x${'c0'.repeat(20)}`
const POOR = `0x${'c1'.repeat(20)}`
const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const word = (digits: string): Hex => `0x${digits.padStart(64, '0')}`
const funded = { [RICH]: { balance: '0xde0b6b3a7640000' } }

interface Block {
  readonly number: string
  readonly hash: string
  readonly parentHash: string
  readonly timestamp: string
  readonly baseFeePerGas: string
  readonly gasUsed: string
  readonly transactions: readonly (string | { readonly hash: string })[]
  readonly calls: readonly {
    readonly status: string
    readonly returnData: string
    readonly gasUsed: string
    readonly logs: readonly { readonly address: string; readonly topics: readonly string[] }[]
    readonly error?: object
  }[]
}

async function simulator(limits: Parameters<typeof deployDemo>[0] = {}) {
  const demo = await deployDemo(limits)
  const simulate = (blockStateCalls: object[], options: object = {}, block = 'latest'): Promise<Block[]> =>
    demo.call('eth_simulateV1', { blockStateCalls, ...options }, block)
  return { ...demo, simulate }
}

describe('eth_simulateV1', () => {
  it('executes calls on what those before them left, over blocks, and keeps nothing of it', async () => {
    const { vm, call, from, simulate, to } = await simulator()
    const { position } = vm.head
    const store = encoded('store', [7n, 'x'])
    const blocks = await simulate([
      { calls: [{ from, to, data: store }] },
      {
        calls: [
          { from, to, data: encoded('value') },
          { from, to, data: encoded('require42', [1n]) },
        ],
      },
      { blockOverrides: { number: '0x9' }, calls: [{ to, data: encoded('whoAmI') }] },
    ])
    expect(blocks.map(({ number }) => number)).toEqual(['0x2', '0x3', '0x9'])
    const latest: Block = await call('eth_getBlockByNumber', 'latest', false)
    expect(blocks.map(({ parentHash }) => parentHash)).toEqual([
      latest.hash,
      ...blocks.slice(0, 2).map(({ hash }) => hash),
    ])
    const [stored, asked, last] = blocks.map(({ calls }) => calls)
    expect(stored).toMatchObject([{ status: '0x1', returnData: word('5'), logs: [{ address: to }] }])
    expect(asked).toMatchObject([
      { status: '0x1', returnData: word('7'), logs: [] },
      {
        ...{ status: '0x0', returnData: '0x', logs: [] },
        error: {
          code: 3,
          message: 'execution reverted: not the answer',
          data: expect.stringMatching(/^0x08c379a0/u),
        },
      },
    ])
    expect(last?.[0]?.returnData.slice(-64)).toBe(word('9').slice(2))
    expect(vm.head.position).toEqual(position)
    expect(await call('eth_call', { to, data: encoded('value') })).toBe(word('5'))
    await vm.close()
  })

  it('finds accounts and blocks otherwise, for what comes after too', async () => {
    const { vm, simulate, to } = await simulator()
    const [first, second] = await simulate([
      {
        blockOverrides: { number: '0x20', time: '0x70000000', baseFeePerGas: '0x7' },
        stateOverrides: { ...funded, [to]: { stateDiff: { [word('0')]: word('2a') } } },
        calls: [{ from: RICH, to: POOR, value: '0x5' }],
      },
      {
        calls: [
          { from: POOR, to: RICH, value: '0x5' },
          { to, data: encoded('value') },
        ],
      },
    ])
    expect(first).toMatchObject({ number: '0x20', timestamp: '0x70000000', baseFeePerGas: '0x7' })
    expect(first?.gasUsed).toBe(first?.calls[0]?.gasUsed)
    expect(second).toMatchObject({ number: '0x21', timestamp: '0x70000001', baseFeePerGas: '0x0' })
    expect(second?.calls).toMatchObject([{ status: '0x1' }, { returnData: word('2a') }])
    await vm.close()
  })

  it('lets contracts find the hashes of blocks, simulated or not', async () => {
    const { vm, call, simulate } = await simulator()
    // blockhash(calldataload(0))
    const asker = { [POOR]: { code: '0x5f35405f5260205ff3' } }
    const asked = (number: number): object => ({ to: POOR, data: word(number.toString(16)) })
    const [first, second, third] = await simulate([
      { stateOverrides: asker },
      { blockOverrides: { number: '0x5' } },
      { calls: [0, 1, 2, 4, 5, 6].map(asked) },
    ])
    const real: Block[] = await Promise.all(
      ['0x0', '0x1'].map((number) => call('eth_getBlockByNumber', number, false)),
    )
    // An epoch without a block has the one before.
    const hashes = [...real, first, first, second].map((block) => block?.hash)
    expect(third?.calls.map(({ returnData }) => returnData)).toEqual([...hashes, word('0')])
    await vm.close()
  })

  it('tells of transfers of value, in the order of what happened, and of none that was taken back', async () => {
    const { vm, simulate, to } = await simulator()
    const forwarder = `0x${'f0'.repeat(20)}`
    const overrides = { ...funded, [forwarder]: { code: FORWARDER_CODE } }
    const data = forwarded(to, encoded('store', [1n, '']))
    const calls = [
      { from: RICH, to: forwarder, data, value: '0x3' },
      { from: RICH, to: forwarder, data: forwarded(to, encoded('require42', [1n])), value: '0x0' },
      { from: RICH, to: forwarder, data: forwarded(to, encoded('custom')), value: '0x3' },
    ]
    const [told] = await simulate([{ stateOverrides: overrides, calls }], { traceTransfers: true })
    const logs = told?.calls[0]?.logs ?? []
    expect(logs.map(({ address }) => address)).toEqual([
      `0x${'ee'.repeat(20)}`,
      `0x${'ee'.repeat(20)}`,
      to,
      forwarder,
    ])
    expect(logs.slice(0, 2)).toMatchObject([
      { topics: [TRANSFER, word(RICH.slice(2)), word(forwarder.slice(2))], data: word('3') },
      {
        topics: [TRANSFER, word(forwarder.slice(2)), word(to.slice(2))],
        logIndex: '0x1',
        blockNumber: '0x2',
      },
    ])
    expect(told?.calls.slice(1)).toMatchObject([
      { status: '0x0', logs: [] },
      { status: '0x0', logs: [] },
    ])
    const [silent] = await simulate([{ stateOverrides: overrides, calls }])
    expect(silent?.calls[0]?.logs).toHaveLength(2)
    await vm.close()
  })

  it('creates contracts, gives whole transactions, and says what else an instruction ended with', async () => {
    const { vm, call, from, simulate, to, data } = await simulator()
    const [block] = await simulate(
      [
        {
          stateOverrides: { [POOR]: { code: '0xfe' } },
          calls: [
            { from, data },
            { from, to: POOR, gas: '0x5f5e100' },
          ],
        },
      ],
      { returnFullTransactions: true },
    )
    expect(block?.calls).toMatchObject([
      { status: '0x1', returnData: await call('eth_getCode', to) },
      {
        status: '0x0',
        error: { code: -32015, message: expect.stringMatching(/^vm execution error: invalid opcode/u) },
      },
    ])
    expect(block?.transactions).toMatchObject([
      { from, to: null, input: data, nonce: '0x1', blockNumber: '0x2', transactionIndex: '0x0' },
      { from, to: POOR, nonce: '0x2', blockHash: block?.hash },
    ])
    await vm.close()
  })

  it('checks nonces and fees where that is wanted', async () => {
    const { vm, call, from, simulate } = await simulator()
    const validated = async (fields: object, block: object = {}): Promise<unknown> => {
      const calls = [{ from, to: POOR, ...fields }]
      return simulate([{ ...block, calls }], { validation: true }).catch((error: unknown) => error)
    }
    const fees = { maxFeePerGas: '0x3b9aca00', gas: '0x989680' }
    expect(await validated({ ...fees, nonce: '0x0' })).toMatchObject({ number: -38010 })
    expect(await validated({ ...fees, nonce: '0x9' })).toMatchObject({ number: -38011 })
    expect(await validated({ gas: '0x989680' })).toMatchObject({ number: -38012 })
    expect(await validated({ ...fees, nonce: '0x1' })).toMatchObject([{ calls: [{ status: '0x1' }] }])
    const [block] = (await validated(fees)) as Block[]
    expect(block?.baseFeePerGas).toBe(await call('eth_baseFee'))
    // Without it they do not matter.
    const [loose] = await simulate([{ calls: [{ from, to: POOR, nonce: '0x9' }] }])
    expect(loose?.calls[0]?.status).toBe('0x1')
    await vm.close()
  })

  it.each([
    ['a sender without funds', [{ calls: [{ from: POOR, to: RICH, value: '0x1' }] }], -38014],
    ['too little gas', [{ calls: [{ from: POOR, to: RICH, gas: '0x5' }] }], -38013],
    ['no gas', [{ calls: [{ from: POOR, to: RICH, gas: '0x0' }] }], -38013],
    ['more gas than a block has', [{ calls: [{ to: RICH, gas: '0x2540be401' }] }], -38015],
    ['a block that is there', [{ blockOverrides: { number: '0x1' } }], -38020],
    [
      'blocks that go back',
      [{ blockOverrides: { number: '0x9' } }, { blockOverrides: { number: '0x9' } }],
      -38020,
    ],
    ['a time that is over', [{ blockOverrides: { time: '0x1' } }], -38021],
    ['another coinbase', [{ blockOverrides: { feeRecipient: RICH } }], -32004],
    ['no list', {}, -32602],
    [
      'a premium above the fee',
      [{ calls: [{ to: RICH, maxFeePerGas: '0x1', maxPriorityFeePerGas: '0x2' }] }],
      -32602,
    ],
  ])('refuses %s', async (_, blocks, number) => {
    const { vm, simulate } = await simulator()
    await expect(simulate(blocks as object[])).rejects.toMatchObject({ number })
    await vm.close()
  })

  it('is at an end where its limits are', async () => {
    const { vm, simulate, to } = await simulator({
      simulatedBlocks: 2,
      simulatedCalls: 3,
      simulatedGas: 20_000_000,
    })
    const asked = { to, data: encoded('value') }
    await expect(simulate([{ calls: [asked, asked] }, { calls: [asked] }])).resolves.toHaveLength(2)
    await expect(simulate([{}, {}, {}])).rejects.toMatchObject({ number: -38026 })
    await expect(simulate([{ calls: [asked, asked, asked, asked] }])).rejects.toMatchObject({
      number: -38026,
    })
    const spender = { stateOverrides: { [POOR]: { code: '0x5b600056' } }, calls: [{ to: POOR }, asked] }
    await expect(simulate([spender])).rejects.toMatchObject({ number: -38026 })
    await vm.close()
  })
})
