/** What the official actors of version 18 keep, as their descriptions have it: there where their bundle is in the user's cache. */
import { homedir } from 'node:os'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import { loadCrypto } from '@troupe/crypto'
import type { IpldValue } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { decodeWith, encodeWith, type Schema } from '@troupe/schema'
import { bundle, createTroupe, type StateChange } from 'troupe'
import { createInterfaces } from 'troupe/trace'
import { expect, it } from 'vitest'

const crypto = await loadCrypto()
const interfaces = createInterfaces(crypto)
const hasBundle = openBundleCache(defaultCacheDirectory(process.env, process.platform, homedir()), crypto)
  .list()
  .some(({ name }) => name === 'v18/mainnet')

/** Code of a contract that puts 42 into its first word, and returns it: `PUSH1 42 PUSH1 0 SSTORE PUSH1 32 PUSH1 0 RETURN`, behind a constructor. */
const CONTRACT = Uint8Array.fromHex('600a600c600039600a6000f3602a60005560206000f3')

function parameters(actor: string, method: bigint, value: IpldValue): Uint8Array {
  return encodeWith(interfaces.method(actor, method)?.parameters as Schema, value)
}

it('what actors of version 18 write is what is described', async ({ skip }) => {
  if (!hasBundle) return skip('the official actors are not in the cache: troupe bundle add v18.tar.zst')
  await using vm = await createTroupe({
    actors: await bundle('v18'),
    runtimes: [wasmRuntime()],
    accounts: { count: 2 },
  })
  const [alice, bob] = vm.accounts.map(({ address }) => address.bytes) as [Uint8Array, Uint8Array]
  const { manifest } = vm.chain.machineAfter()
  const changesOf = async (to: bigint, method: bigint, params: Uint8Array): Promise<StateChange[]> => {
    const before = vm.root
    await vm.send({ to, method, params })
    return vm.diff(before)
  }

  const wallet = { signers: [alice, bob], numApprovalsThreshold: 2, unlockDuration: 0, startEpoch: 0 }
  const created = await changesOf(
    1n,
    2n,
    parameters('init', 2n, {
      codeCid: manifest.code('multisig') ?? expect.fail(),
      constructorParams: parameters('multisig', 1n, wallet),
    }),
  )
  expect(created.find(({ path }) => path === '/t0104')?.after).toMatchObject({
    type: 'multisig',
    state: { signers: ['t0100', 't0101'], numApprovalsThreshold: 2n, nextTxId: 0n },
  })

  const proposal = { to: bob, value: 5, method: 0, params: new Uint8Array() }
  const proposed = await changesOf(104n, 2n, parameters('multisig', 2n, proposal))
  expect(proposed.find(({ path }) => path === '/t0104/pendingTxs/0')?.after).toMatchObject({
    value: 5n,
    approved: ['t0100'],
  })

  await changesOf(10n, 4n, parameters('eam', 4n, CONTRACT))
  const invoked = await changesOf(105n, 3844450837n, parameters('evm', 3844450837n, new Uint8Array()))
  expect(invoked.find(({ path }) => path === '/t0105/contractState/0x0')).toMatchObject({
    before: undefined,
    after: 42n,
  })

  // And every actor of the state, whole.
  const { state } = vm.chain.machineAfter()
  const types = new Set<string>()
  for (const [id, { code, head }] of state.entries()) {
    const type = manifest.nameOf(code)
    const schema = interfaces.actor(type)?.state
    const bytes = vm.chain.blocks.blocks.get(head)
    if (type === undefined || schema === undefined || bytes === undefined) continue
    types.add(type)
    expect([id, decodeWith(schema, bytes).isDescribed]).toEqual([id, true])
  }
  expect([...types].sort()).toEqual(['account', 'cron', 'evm', 'init', 'multisig', 'reward', 'system'])
})
