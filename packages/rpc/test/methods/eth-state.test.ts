import { createRpc } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'

describe('the state of an account', () => {
  it('is that of any block, and of the last one before an epoch without', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    const [alice, bob] = vm.accounts
    await vm.send({ from: alice?.delegated ?? '', to: bob?.ethereum ?? '', value: 5n })
    await vm.mine({ epochs: 4n })
    await vm.send({ from: alice?.delegated ?? '', to: bob?.ethereum ?? '', value: 6n })
    const funds = 10_000n * 10n ** 18n
    const balanceAt = async (block: unknown): Promise<bigint> =>
      BigInt((await rpc.call('eth_getBalance', [bob?.ethereum, block])) as string)
    expect(await balanceAt('earliest')).toBe(funds)
    expect(await balanceAt('0x1')).toBe(funds + 5n)
    expect(await balanceAt('0x3')).toBe(funds + 5n)
    expect(await balanceAt({ blockNumber: '0x6' })).toBe(funds + 11n)
    expect(await balanceAt(null)).toBe(funds + 11n)
    expect(await rpc.call('eth_getTransactionCount', [alice?.ethereum, '0x1'])).toBe('0x1')
    expect(await rpc.call('eth_getTransactionCount', [alice?.ethereum])).toBe('0x2')
    await expect(balanceAt('0x7')).rejects.toMatchObject({ number: -32001 })
  })

  it('counts what waits for a block, where that is asked for', async () => {
    await using vm = await createTroupe({ mining: 'manual' })
    const rpc = createRpc(vm)
    const from = vm.accounts[0]?.delegated ?? ''
    const sent = vm.send({ from, to: 't0100', value: 1n })
    const who = vm.accounts[0]?.ethereum
    expect(await rpc.call('eth_getTransactionCount', [who, 'latest'])).toBe('0x0')
    expect(await rpc.call('eth_getTransactionCount', [who, 'pending'])).toBe('0x1')
    await vm.mine()
    await sent
  })

  it('is empty where there is nobody, and has no code where there is no contract', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    const nobody = `0x${'12'.repeat(20)}`
    for (const who of [nobody, vm.accounts[0]?.ethereum, '0xff00000000000000000000000000000000000001']) {
      expect(await rpc.call('eth_getCode', [who, 'latest'])).toBe('0x')
      expect(await rpc.call('eth_getStorageAt', [who, '0x0', 'latest'])).toBe(`0x${'0'.repeat(64)}`)
    }
    expect(await rpc.call('eth_getBalance', [nobody])).toBe('0x0')
    expect(await rpc.call('eth_getTransactionCount', [nobody, 'pending'])).toBe('0x0')
  })

  it('is proved otherwise than Ethereum does', async () => {
    await using vm = await createTroupe()
    await expect(
      createRpc(vm).call('eth_getProof', [vm.accounts[0]?.ethereum, [], 'latest']),
    ).rejects.toMatchObject({
      number: -32004,
    })
  })
})
