import { loadCrypto } from '@troupe/crypto'
import { MemoryStore } from '@troupe/ipld/store'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'
import { FIRST_ID, genesisOf } from '../src/many-accounts.ts'

describe('a network of many accounts', () => {
  it('is one that a local chain begins on', async () => {
    const store = new MemoryStore()
    const root = genesisOf(store, await loadCrypto(), 20)
    await using vm = await createTroupe({ store, state: { root }, accounts: { count: 1 } })
    await vm.send({ to: FIRST_ID + 19n, value: 1n })
    expect(await vm.balanceOf(FIRST_ID + 19n)).toBe(10n ** 20n + 1n)
  })
})
