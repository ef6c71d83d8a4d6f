import { createProvider, ProviderRpcError } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'

describe('a provider', () => {
  it('answers, and throws errors with numbers', async () => {
    await using vm = await createTroupe()
    const provider = createProvider(vm)
    expect(await provider.request({ method: 'eth_chainId' })).toBe('0x1df5e76')
    for (const [request, number] of [
      [{ method: 'eth_nothing' }, 4200],
      [{ method: 'web3_sha3', params: ['0x1'] }, -32602],
      [{ method: 'web3_sha3', params: { data: '0x' } }, -32602],
      [{ method: 'eth_getProof', params: [] }, -32004],
      [{ method: 'eth_sign', params: [`0x${'12'.repeat(20)}`, '0x'] }, 4100],
    ] as const) {
      const error: unknown = await provider.request(request).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(ProviderRpcError)
      expect(error).toMatchObject({ code: number })
    }
  })

  it('tells of its connection, of accounts and of subscriptions', async () => {
    const vm = await createTroupe()
    const provider = createProvider(vm)
    const told: unknown[] = []
    provider.on('connect', ({ chainId }) => told.push(['connect', chainId]))
    provider.on('accountsChanged', (accounts) => told.push(['accounts', accounts.length]))
    provider.on('message', ({ data, type }) => told.push([type, data.subscription]))
    provider.on('disconnect', ({ code }) => told.push(['disconnect', code]))
    await provider.request({ method: 'eth_requestAccounts' })
    const subscription = await provider.request({ method: 'eth_subscribe', params: ['newHeads'] })
    await vm.mine()
    await vm.close()
    await expect(
      provider.request({ method: 'eth_sendRawTransaction', params: ['0x00'] }),
    ).rejects.toMatchObject({ code: 4900 })
    expect(told).toEqual([
      ['connect', '0x1df5e76'],
      ['accounts', 10],
      ['eth_subscription', subscription],
      ['disconnect', 4900],
    ])
  })

  it('tells nobody who does not listen any more, and nothing once it is closed', async () => {
    await using vm = await createTroupe()
    const provider = createProvider(vm)
    let count = 0
    const listener = (): void => void count++
    provider.on('message', listener).on('message', listener)
    await provider.request({ method: 'eth_subscribe', params: ['newHeads'] })
    await vm.mine()
    expect(count).toBe(1)
    provider.removeListener('message', listener)
    await vm.mine()
    expect(count).toBe(1)
    provider.on('message', listener)
    provider.close()
    await vm.mine()
    expect(count).toBe(1)
  })

  it('has a thousand listeners for an event, and not one more', async () => {
    await using vm = await createTroupe()
    const provider = createProvider(vm)
    for (let i = 0; i < 1000; i++) provider.on('message', () => {})
    expect(() => provider.on('message', () => {})).toThrow(expect.objectContaining({ code: 'rpc/limit' }))
  })
})
