import { createRpc } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'

const FIL = 10n ** 18n

describe('the faucet', () => {
  it('gives to an address of any kind, out of what nobody has, and makes an account of it', async () => {
    await using vm = await createTroupe({ accounts: { count: 2 } })
    const rpc = createRpc(vm)
    const [first, second] = vm.accounts
    if (first === undefined || second === undefined) throw new Error('no accounts')
    const before = await Promise.all(vm.accounts.map(({ address }) => vm.balanceOf(address)))
    const fresh = `0x${'ab'.repeat(20)}`
    expect(await rpc.call('troupe_faucet', [fresh])).toMatch(/^bafy/u)
    expect(await vm.balanceOf(fresh)).toBe(100n * FIL)
    await rpc.call('troupe_faucet', [fresh, '0x5'])
    expect(await vm.balanceOf(fresh)).toBe(100n * FIL + 5n)
    await rpc.call('troupe_faucet', [vm.format(first.address), 7])
    expect(await vm.balanceOf(first.address)).toBe((before[0] ?? 0n) + 7n)
    expect(await vm.balanceOf(second.address)).toBe(before[1])
  })

  it('gives so much at once, and not more', async () => {
    await using vm = await createTroupe({ accounts: { count: 1 } })
    const rpc = createRpc(vm)
    const most = 1_000_000n * FIL
    await rpc.call('troupe_faucet', ['f0100', String(most)])
    await expect(rpc.call('troupe_faucet', ['f0100', String(most + 1n)])).rejects.toMatchObject({
      code: 'rpc/invalid-params',
    })
  })

  it.each(['', 'f5abc', '0x12', 'x'.repeat(121)])(
    'gives nothing to what is no address: %s',
    async (address) => {
      await using vm = await createTroupe({ accounts: { count: 0 } })
      await expect(createRpc(vm).call('troupe_faucet', [address])).rejects.toMatchObject({
        code: 'rpc/invalid-params',
      })
    },
  )

  it('does not wait for a block that somebody else has to make', async () => {
    await using vm = await createTroupe({ mining: 'manual', accounts: { count: 1 } })
    const rpc = createRpc(vm)
    await rpc.call('troupe_faucet', ['f0100', 1])
    expect(vm.pool.size).toBe(1)
    const before = await vm.balanceOf(100n)
    await vm.mine()
    expect(await vm.balanceOf(100n)).toBe(before + 1n)
  })
})
