import { createRpc } from '@troupe/rpc'
import { createTroupe, type Troupe, type TroupeOptions } from 'troupe'
import { describe, expect, it } from 'vitest'

const GENESIS = 1_767_225_600n

async function asked(options: TroupeOptions = {}, limits: Parameters<typeof createRpc>[1] = {}) {
  const vm: Troupe = await createTroupe(options as { thread?: 'inline' })
  const rpc = createRpc(vm, limits)
  return { vm, call: (method: string, ...params: unknown[]) => rpc.call(method, params) }
}

describe('a snapshot', () => {
  it('is returned to once, and takes the later ones with it', async () => {
    const { call, vm } = await asked()
    const balance = (): Promise<unknown> => call('eth_getBalance', vm.accounts[1]?.ethereum)
    const before = await balance()
    const first = await call('evm_snapshot')
    await vm.send({ to: vm.accounts[1]?.ethereum ?? '', value: 5n })
    const second = await call('anvil_snapshot')
    expect(second).not.toBe(first)
    await call('hardhat_setBalance', vm.accounts[1]?.ethereum, '0x7')
    expect(await balance()).toBe('0x7')
    expect(await call('evm_revert', first)).toBe(true)
    expect(await balance()).toBe(before)
    expect(await call('evm_revert', first)).toBe(false)
    expect(await call('anvil_revert', second)).toBe(false)
    await vm.close()
  })

  it('has what was edited before it', async () => {
    const { call, vm } = await asked()
    const who = vm.accounts[1]?.ethereum
    await call('hardhat_setBalance', who, '0x7')
    const snapshot = await call('evm_snapshot')
    await call('anvil_setBalance', who, '0x8')
    await call('evm_revert', snapshot)
    expect(await call('eth_getBalance', who)).toBe('0x7')
    await vm.close()
  })

  it('has the time that the next block was planned for', async () => {
    const { call, vm } = await asked()
    await call('evm_increaseTime', 300)
    const snapshot = await call('evm_snapshot')
    await call('evm_setNextBlockTimestamp', GENESIS + 3000n)
    await call('evm_revert', snapshot)
    await call('evm_mine')
    expect(vm.head.timestamp).toBe(GENESIS + 300n)
    const next = await call('evm_snapshot')
    await call('evm_increaseTime', 300)
    await call('evm_revert', next)
    await call('evm_mine')
    expect(vm.head.timestamp).toBe(GENESIS + 330n)
    await vm.close()
  })

  it('is one of a limited number', async () => {
    const { call, vm } = await asked({}, { limits: { snapshots: 2 } })
    for (let i = 0; i < 2; i++) await call('evm_snapshot')
    await expect(call('evm_snapshot')).rejects.toMatchObject({ number: -32005 })
    await vm.close()
  })
})

describe('blocks', () => {
  it('are made with every transaction, when asked, or at an interval', async () => {
    const { call, vm } = await asked()
    const transaction = { to: vm.accounts[1]?.ethereum, gas: '0x989680' }
    expect(await call('hardhat_getAutomine')).toBe(true)
    await call('evm_setAutomine', false)
    const hash = await call('eth_sendTransaction', transaction)
    expect(await call('eth_getTransactionReceipt', hash)).toBeNull()
    expect(await call('eth_getTransactionByHash', hash)).toMatchObject({ blockNumber: null })
    expect(await call('txpool_status')).toEqual({ pending: '0x1', queued: '0x0' })
    await call('evm_mine')
    expect(await call('eth_getTransactionReceipt', hash)).toMatchObject({ status: '0x1', blockNumber: '0x1' })
    await call('evm_setIntervalMining', [1, 5])
    expect(vm.mining).toEqual({ intervalMs: 1 })
    await call('evm_setIntervalMining', 0)
    expect(vm.mining).toBe('manual')
    await call('anvil_setIntervalMining', 60)
    expect(await call('anvil_getIntervalMining')).toBe(60)
    await call('anvil_setAutomine', true)
    expect(await call('anvil_getAutomine')).toBe(true)
    expect(await call('anvil_getIntervalMining')).toBeNull()
    await vm.close()
  })

  it('are as many as asked for, and beyond a limit epochs that have none', async () => {
    const { call, vm } = await asked({}, { limits: { minedBlocks: 5 } })
    await call('hardhat_mine', '0x5', '0x3c')
    // The first one is right after the last.
    expect(vm.head.epoch).toBe(9n)
    expect(await call('eth_getBlockByNumber', '0x7')).not.toBeNull()
    await call('anvil_mine', 100)
    expect(vm.head.epoch).toBe(109n)
    expect(await call('eth_getBlockByNumber', '0xa')).not.toBeNull()
    expect(await call('eth_getBlockByNumber', '0xb')).toBeNull()
    await expect(call('hardhat_mine', 2_000_000)).rejects.toMatchObject({ data: { code: 'chain/epochs' } })
    await vm.checkout(109n)
    expect(await call('evm_mine_detailed', { blocks: 2 })).toMatchObject([
      { number: '0x6e' },
      { number: '0x6f' },
    ])
    await vm.close()
  })

  it('can be taken back', async () => {
    const { call, vm } = await asked()
    await call('hardhat_mine', 3)
    await call('anvil_rollback', 2)
    expect(vm.head.epoch).toBe(1n)
    await expect(call('anvil_rollback', 2)).rejects.toMatchObject({ number: -32000 })
    await call('hardhat_reset')
    expect(vm.head.epoch).toBe(0n)
    await expect(call('anvil_reset', { forking: { jsonRpcUrl: 'http://x' } })).rejects.toMatchObject({
      number: -32004,
    })
    await vm.close()
  })
})

describe('time', () => {
  it('goes on with the next block, by whole epochs, and the answer says to when', async () => {
    const { call, vm } = await asked()
    expect(await call('evm_increaseTime', 3600)).toBe('0xe10')
    expect(vm.head.epoch).toBe(0n)
    expect(await call('evm_increaseTime', '0x1f')).toBe('0x3c')
    await call('evm_mine')
    expect(vm.head.timestamp).toBe(GENESIS + 3660n)
    const wanted = GENESIS + 10_000n
    expect(await call('evm_setNextBlockTimestamp', Number(wanted))).toBe(
      `0x${(GENESIS + 10_020n).toString(16)}`,
    )
    await vm.send({ to: vm.accounts[1]?.ethereum ?? '' })
    expect(vm.head.timestamp).toBe(GENESIS + 10_020n)
    await call('evm_mine', Number(GENESIS + 20_010n))
    expect(vm.head.timestamp).toBe(GENESIS + 20_010n)
    await expect(call('evm_setNextBlockTimestamp', Number(GENESIS))).rejects.toMatchObject({ number: -32602 })
    await expect(call('evm_increaseTime', 366 * 86_400 * 2)).rejects.toMatchObject({ number: -32000 })
    await vm.close()
  })
})
