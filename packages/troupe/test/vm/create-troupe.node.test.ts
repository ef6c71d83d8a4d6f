import { homedir } from 'node:os'
import { defaultCacheDirectory, openBundleCache } from '@troupe/bundles'
import { loadCrypto } from '@troupe/crypto'
import { toEthereumAddress } from '@troupe/hypervisor'
import { MemoryStore } from '@troupe/ipld/store'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { bundle, createTroupe, networks, readStateCar } from 'troupe'
import { describe, expect, it } from 'vitest'

const FIL = 10n ** 18n
const code = (value: string) => expect.objectContaining({ code: value })
const crypto = await loadCrypto()
const cache = defaultCacheDirectory(process.env, process.platform, homedir())
const hasBundle = openBundleCache(cache, crypto)
  .list()
  .some(({ name }) => name === 'v18/mainnet')

describe('a new network', () => {
  it('has funded accounts, each with an Ethereum account beside it', async () => {
    await using vm = await createTroupe()
    expect(vm.accounts).toHaveLength(10)
    for (const [index, account] of vm.accounts.entries()) {
      expect(await vm.resolve(account)).toMatchObject({
        id: `t0${100 + index}`,
        type: 'account',
        balance: 10_000n * FIL,
      })
      expect(await vm.resolve(account.ethereum)).toMatchObject({
        id: `t0${110 + index}`,
        type: 'ethaccount',
        delegated: vm.format(account.delegated),
        ethereum: toEthereumAddress(account.delegated, crypto),
        balance: 10_000n * FIL,
      })
    }
  })

  it('has the actors of the system, and says that their gas is calibrated', async () => {
    await using vm = await createTroupe()
    const types = await Promise.all(
      [0n, 1n, 2n, 3n, 10n, 99n].map(async (id) => (await vm.resolve(id))?.type),
    )
    expect(types).toEqual(['system', 'init', 'reward', 'cron', 'eam', 'account'])
    const { fidelity, value } = await vm.actor(vm.accounts[0] ?? '').view(2n)
    expect(value).toEqual(vm.accounts[0]?.address.bytes)
    expect(fidelity.level).toBe('calibrated')
  })

  it('creates accounts for keys that are sent to', async () => {
    await using vm = await createTroupe({ accounts: { count: 1 } })
    const to = 't1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za'
    await vm.send({ to, value: 3n })
    expect(await vm.resolve(to)).toMatchObject({ id: 't0102', key: to, type: 'account', balance: 3n })
  })

  it('pays the reward of its blocks from the first on', async () => {
    await using vm = await createTroupe({ accounts: { count: 1 } })
    const before = await vm.balanceOf(2n)
    await vm.mine()
    expect(await vm.balanceOf(2n)).toBeLessThan(before)
    expect(await vm.balanceOf(99n)).toBe(before - (await vm.balanceOf(2n)))
  })

  it('has as many accounts as wanted, with as much', async () => {
    await using vm = await createTroupe({ accounts: { count: 3, balance: 7n } })
    expect(vm.accounts).toHaveLength(3)
    expect(await vm.balanceOf(vm.accounts[2] ?? '')).toBe(7n)
    await using none = await createTroupe({ accounts: { count: 0 } })
    await expect(none.send({ to: 99n })).rejects.toThrow(code('message/from'))
  })

  it('may be of any network version that the native actors know', async () => {
    await using vm = await createTroupe({ network: networks.filecoin(21) })
    await vm.send({ to: vm.accounts[1] ?? '', value: 1n })
    await expect(createTroupe({ network: networks.filecoin(28) })).resolves.toBeDefined()
    expect(() => networks.filecoin(14)).toThrow(code('network/unsupported-version'))
  })
})

describe('a CAR', () => {
  it('of a state is enough to begin another chain with', async () => {
    await using vm = await createTroupe()
    await vm.send({ to: vm.accounts[1] ?? '', value: 5n })
    const car = await vm.exportCar()
    const state = readStateCar(car, crypto)
    expect(state.root).toEqual(vm.root)
    expect(state.epoch).toBe(0n)
    await using copy = await createTroupe({ state })
    expect(copy.root).toEqual(vm.root)
    await copy.send({ to: copy.accounts[1] ?? '', value: 5n })
    expect(await copy.balanceOf(copy.accounts[1] ?? '')).toBe(10_000n * FIL + 10n)
  })

  it('that is no state, or not whole, is refused', async () => {
    await using vm = await createTroupe({ accounts: { count: 1 } })
    const car = await vm.exportCar()
    expect(() => readStateCar(car.subarray(0, car.length - 1), crypto)).toThrow(code('car/truncated'))
    const changed = car.slice()
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    expect(() => readStateCar(changed, crypto)).toThrow(code('blockstore/hash-mismatch'))
    const header = await vm.exportCar(vm.chain.head.cid)
    // A block names the state that it was executed on, which is there: it is a snapshot as Filecoin's are.
    expect(readStateCar(header, crypto).epoch).toBe(0n)
    const { code: other } = (await vm.getActor(1n)) ?? expect.fail()
    const noState = await vm.exportCar(other)
    expect(() => readStateCar(noState, crypto)).toThrow(code('state/not-a-state'))
    await expect(vm.exportCar(vm.chain.head.key)).rejects.toThrow(code('blockstore/absent'))
  })
})

describe('a bundle', () => {
  it('that is not there is asked for by name', async () => {
    await expect(bundle('v0')).rejects.toThrow(code('bundle/unknown'))
  })

  it('takes the place of the native actors, and is exact', async ({ skip }) => {
    if (!hasBundle) return skip('the official actors are not in the cache: troupe bundle add v18.tar.zst')
    const store = new MemoryStore()
    await using vm = await createTroupe({
      actors: await bundle('v18'),
      runtimes: [wasmRuntime()],
      accounts: { count: 2 },
      store,
    })
    const { fidelity, value } = await vm.actor(vm.accounts[0] ?? '').view(2n)
    expect(value).toEqual(vm.accounts[0]?.address.bytes)
    expect(fidelity).toEqual({ level: 'exact', reasons: [] })
    await vm.send({ to: vm.accounts[1] ?? '', value: 1n })
    expect(await vm.balanceOf(101n)).toBe(10_000n * FIL + 1n)
  })
})
