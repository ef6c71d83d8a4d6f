import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { openBundleCache } from '@troupe/bundles'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { openLmdbStore } from '@troupe/store-lmdb'
import { type Account, createTroupe, networks } from 'troupe'
import { describe, expect, it } from 'vitest'
import { cacheDirectories } from '../../src/cache-directories.ts'
import { type OpenedChain, openChain } from '../../src/dev/open-chain.ts'
import { temporaryDirectory } from '../support/run.ts'

const crypto = await loadNodeCrypto()
type Setup = Parameters<typeof openChain>[0]

/** Opens the chain in a project's directory. */
function open(project: string, { wanted, ...options }: Partial<Setup> = {}): Promise<OpenedChain> {
  const directory = join(project, '.troupe', 'chain')
  return openChain(
    {
      ...{ accounts: 2, balance: 5n, blockMs: undefined, directory, fork: undefined, isFresh: false },
      requireFidelity: undefined,
      caches: {
        bundles: join(project, 'bundles'),
        code: join(project, 'code'),
        images: join(project, 'images'),
        scripts: join(project, 'scripts'),
      },
      wanted: { ...nothing, ...wanted },
      ...options,
    },
    crypto,
  )
}

const nothing = { actors: undefined, chainId: undefined, network: undefined, gas: undefined }

describe('the chain of troupe dev', () => {
  it('goes on where it stood, as it was made', async () => {
    const project = temporaryDirectory()
    const first = await open(project, { wanted: { ...nothing, chainId: 7n } })
    const { root } = await first.vm.mine()
    await first.vm.close()
    const second = await open(project)
    expect(second.settings).toEqual({ chainId: 7n, actors: 'native', network: 'local', gas: 'fvm' })
    expect(second.vm.root).toEqual(root)
    expect(second.vm.chain.rules.chainId).toBe(7n)
    await second.vm.close()
    const fresh = await open(project, { isFresh: true })
    expect(fresh.vm.head.epoch).toBe(0n)
    expect(fresh.settings.chainId).toBe(31_415_926n)
    await fresh.vm.close()
  })

  it('has the gas that it was made with, where its messages are transactions', async () => {
    const project = temporaryDirectory()
    const first = await open(project, { balance: 10n ** 18n, wanted: { ...nothing, gas: 'ethereum' } })
    const [{ delegated: from }, { delegated: to }] = first.vm.accounts as [Account, Account]
    expect((await first.vm.send({ from, to, value: 1n })).gas.used).toBe(21_000n)
    await first.vm.close()
    const second = await open(project)
    expect(second.settings.gas).toBe('ethereum')
    expect((await second.vm.send({ from, to, value: 1n })).gas.used).toBe(21_000n)
    await second.vm.close()
  })

  it('is of one process, which is named', async () => {
    const project = temporaryDirectory()
    const { vm } = await open(project)
    for (const isFresh of [false, true])
      await expect(open(project, { isFresh })).rejects.toMatchObject({
        code: 'dev/locked',
        message: expect.stringContaining(String(process.pid)),
      })
    await vm.mine()
    await vm.close()
  })

  it('is not taken where it is not as it is wanted', async () => {
    const project = temporaryDirectory()
    await (await open(project)).vm.close()
    for (const wanted of [
      { ...nothing, chainId: 1n },
      { ...nothing, actors: 'v18' },
      { ...nothing, network: 28 },
      { ...nothing, gas: 'ethereum' as const },
    ])
      await expect(open(project, { wanted })).rejects.toMatchObject({ code: 'dev/other-settings' })
    await expect(open(project, { fork: 'state.car' })).rejects.toMatchObject({ code: 'dev/chain-exists' })
    const same = { chainId: 31_415_926n, actors: 'native', network: 'local', gas: 'fvm' } as const
    await (await open(project, { wanted: same })).vm.close()
  })

  it('is not made over something else', async () => {
    const project = temporaryDirectory()
    const directory = join(project, '.troupe', 'chain')
    await (await openLmdbStore(directory, crypto, { name: 'something else' })).close()
    for (const isFresh of [false, true])
      await expect(open(project, { isFresh })).rejects.toMatchObject({ code: 'dev/not-a-chain' })
    expect(existsSync(join(directory, 'data.mdb'))).toBe(true)
    const other = temporaryDirectory()
    mkdirSync(join(other, '.troupe', 'chain'), { recursive: true })
    writeFileSync(join(other, '.troupe/chain/data.mdb'), 'something else')
    await expect(open(other, { isFresh: true })).rejects.toMatchObject({ code: 'store-lmdb/not-a-store' })
  })

  it('is made anew where a process ended before it had a block', async () => {
    const project = temporaryDirectory()
    const name = JSON.stringify({ kind: 'troupe dev', chainId: '7', actors: 'fork', network: 28 })
    await (await openLmdbStore(join(project, '.troupe', 'chain'), crypto, { name })).close()
    const { settings, vm } = await open(project)
    expect(settings).toEqual({ chainId: 31_415_926n, actors: 'native', network: 'local', gas: 'fvm' })
    await vm.close()
  })

  it.each([
    ['local', networks.local],
    [28, networks.filecoin(28)],
  ] as const)('begins with the state in a CAR, by rules that it recognises: %s', async (network, made) => {
    const project = temporaryDirectory()
    const fork = join(project, 'state.car')
    await using source = await createTroupe({ network: made })
    const [from, to] = source.accounts
    if (from === undefined || to === undefined) throw new Error('no accounts')
    await source.send({ from, to: to.delegated, value: 5n })
    writeFileSync(fork, await source.exportCar())
    const first = await open(project, { fork })
    expect(first.settings).toEqual({ chainId: 31_415_926n, actors: 'fork', network, gas: 'fvm' })
    expect(first.vm.root).toEqual(source.root)
    await first.vm.send({ from: to, to: from, value: 1n })
    const { root } = first.vm
    await first.vm.close()
    const second = await open(project)
    expect(second.settings).toEqual(first.settings)
    expect(second.vm.root).toEqual(root)
    await second.vm.close()
  })

  it('begins with official actors, where their bundle is in the cache', async (context) => {
    const { bundles } = cacheDirectories({ env: process.env, platform: process.platform, home: homedir() })
    if (
      !openBundleCache(bundles, crypto)
        .list()
        .some(({ name }) => name === 'v18/mainnet')
    )
      context.skip('the bundle v18 is not in the cache')
    const project = temporaryDirectory()
    const [code, images, scripts] = ['code', 'images', 'scripts'].map((name) => join(project, name)) as [
      string,
      string,
      string,
    ]
    const caches = { bundles, code, images, scripts }
    const first = await open(project, { caches, balance: 10n ** 18n, wanted: { ...nothing, actors: 'v18' } })
    expect(first.settings).toEqual({ chainId: 31_415_926n, actors: 'v18', network: 28, gas: 'fvm' })
    const [from, to] = first.vm.accounts
    if (from === undefined || to === undefined) throw new Error('no accounts')
    expect((await first.vm.send({ from, to, value: 1n })).fidelity.level).toBe('exact')
    await first.vm.close()
    // What it is made of is in its store.
    const second = await open(project, { requireFidelity: 'exact' })
    expect(second.settings).toEqual(first.settings)
    expect(second.vm.head.epoch).toBe(1n)
    await second.vm.close()
  })

  it('has results as good as they have to be, or is not made', async () => {
    const project = temporaryDirectory()
    const gas = { ...nothing, gas: 'ethereum' } as const
    for (const [requireFidelity, wanted, advice] of [
      ['exact', nothing, '--actors v18'],
      ['calibrated', gas, '--gas ethereum'],
    ] as const)
      await expect(open(project, { requireFidelity, wanted })).rejects.toMatchObject({
        ...{ code: 'dev/fidelity', advice: expect.stringContaining(advice) },
        cause: { code: 'machine/fidelity' },
      })
    const { vm } = await open(project, { requireFidelity: 'calibrated', balance: 10n ** 18n })
    const [from, to] = vm.accounts as [Account, Account]
    expect((await vm.send({ from, to, value: 1n })).fidelity.level).toBe('exact')
    const impersonated = vm.send({ from: 1n, to, gasFeeCap: 0n }, { impersonate: true })
    await expect(impersonated).rejects.toMatchObject({ code: 'message/fidelity' })
    await vm.close()
    await expect(open(project, { requireFidelity: 'exact' })).rejects.toMatchObject({ code: 'dev/fidelity' })
    // The option is not of the chain, which is still there.
    await (await open(project)).vm.close()
  })

  it('is not made of a file that is no state', async () => {
    const project = temporaryDirectory()
    const fork = join(project, 'state.car')
    writeFileSync(fork, 'no CAR')
    await expect(open(project, { fork })).rejects.toMatchObject({ code: expect.stringMatching(/^car\//u) })
    await expect(open(project, { fork: `${fork}2` })).rejects.toMatchObject({ code: 'file/unreadable' })
    await expect(open(project, { wanted: { ...nothing, actors: 'v18' } })).rejects.toMatchObject({
      code: 'bundle/unknown',
    })
    expect(existsSync(join(project, '.troupe'))).toBe(false)
  })
})
