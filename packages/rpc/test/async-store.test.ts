import { MemoryBlockstore, toInterfaceBlockstore } from '@troupe/ipld'
import { MemoryStore } from '@troupe/ipld/store'
import { createRpc, type RpcNotification } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { expect, it } from 'vitest'

it('a chain whose blocks are elsewhere answers all the same', async () => {
  const store = new MemoryStore()
  const origin = await createTroupe({ store })
  await origin.send({ to: 't0101', value: 5n })
  const blocks = new MemoryBlockstore()
  for (const [cid, bytes] of store.entries()) blocks.put(cid, bytes)
  let reads = 0
  const plain = toInterfaceBlockstore(blocks)
  const elsewhere = {
    ...plain,
    async *get(...parameters: Parameters<typeof plain.get>) {
      reads++
      await new Promise((resolve) => setTimeout(resolve))
      yield* plain.get(...parameters)
    },
  }
  await using vm = await createTroupe({
    store: elsewhere as never,
    state: { root: origin.root, epoch: origin.head.epoch },
  })
  const rpc = createRpc(vm)
  const [alice, bob] = vm.accounts.map(({ ethereum }) => ethereum.toLowerCase())
  expect(await rpc.call('eth_getBalance', [bob])).toBe('0x21e19e0c9bab2400000')
  expect(await rpc.call('Filecoin.StateLookupID', [vm.format(vm.accounts[1]?.address as never), null])).toBe(
    't0101',
  )
  expect(reads).toBeGreaterThan(0)
  const told: RpcNotification[] = []
  const session = rpc.openSession({ notify: (message) => told.push(message) })
  await rpc.call('eth_subscribe', ['newHeads'], session)
  const filter = await rpc.call('eth_newBlockFilter', [], session)
  const hash = await rpc.call('eth_sendTransaction', [{ from: alice, to: bob, value: '0x5' }])
  expect(await rpc.call('eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x1', from: alice })
  expect(await rpc.call('eth_getFilterChanges', [filter], session)).toHaveLength(1)
  await expect.poll(() => told).toHaveLength(1)
  await origin.close()
})
