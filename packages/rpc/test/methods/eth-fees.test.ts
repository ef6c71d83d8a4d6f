import { createRpc } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'

describe('fees', () => {
  it('are those of the next block', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    expect(await rpc.call('eth_baseFee')).toBe(`0x${vm.head.baseFee.toString(16)}`)
    expect(await rpc.call('eth_maxPriorityFeePerGas')).toBe('0x186a0')
    expect(await rpc.call('eth_gasPrice')).toBe(`0x${(vm.head.baseFee + 100_000n).toString(16)}`)
    await expect(rpc.call('eth_blobBaseFee')).rejects.toMatchObject({ number: -32004 })
  })

  it('have a history of blocks, with the base fee after the newest', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    for (const gasPremium of [7n, 9n])
      await vm.send({ from: vm.accounts[0]?.delegated ?? '', to: 't0101', value: 1n, gasPremium })
    await vm.mine({ epochs: 3n })
    const history = (await rpc.call('eth_feeHistory', ['0x3', 'latest', [0, 50, 100]])) as {
      oldestBlock: string
      baseFeePerGas: string[]
      gasUsedRatio: number[]
      reward: string[][]
    }
    expect(history.oldestBlock).toBe('0x1')
    expect(history.baseFeePerGas).toHaveLength(4)
    expect(history.baseFeePerGas.at(-1)).toBe(`0x${vm.head.baseFee.toString(16)}`)
    expect(history.gasUsedRatio[0]).toBeGreaterThan(0)
    expect(history.gasUsedRatio[2]).toBe(0)
    expect(history.reward).toEqual([
      ['0x7', '0x7', '0x7'],
      ['0x9', '0x9', '0x9'],
      ['0x186a0', '0x186a0', '0x186a0'],
    ])
    // There are no more blocks than there are.
    expect(await rpc.call('eth_feeHistory', [100, '0x1'])).toMatchObject({ oldestBlock: '0x0' })
    expect(await rpc.call('eth_feeHistory', [100, '0x1'])).not.toHaveProperty('reward')
  })

  it.each([
    ['more than 1,024 blocks', ['0x401', 'latest'], /^blockCount/u],
    ['a percentile of 101', [1, 'latest', [101]], /^rewardPercentiles\[0\]/u],
    ['percentiles in another order', [1, 'latest', [50, 49]], /^rewardPercentiles\[1\]/u],
    ['more than 100 percentiles', [1, 'latest', Array(101).fill(1)], /^rewardPercentiles/u],
  ])('have no history of %s', async (_, params, message) => {
    await using vm = await createTroupe()
    await expect(createRpc(vm).call('eth_feeHistory', params)).rejects.toMatchObject({
      number: -32602,
      message: expect.stringMatching(message),
    })
  })
})
