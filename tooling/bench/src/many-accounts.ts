/** @module States of networks with many accounts, and the stores for them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGenesis, MESSAGE_QUEUE_ACTORS, NATIVE_ACTORS, userInitActor } from '@troupe/actors'
import type { CryptoProvider } from '@troupe/crypto'
import { type Address, secp256k1Address } from '@troupe/hypervisor'
import { CborStore, type Cid } from '@troupe/ipld'
import { type ChainStore, MemoryStore } from '@troupe/ipld/store'
import { storeNativeManifest } from '@troupe/runtime-native'
import { openLmdbStore } from '@troupe/store-lmdb'
import { deriveAccounts, networks } from 'troupe'

/** Where a chain is kept. */
export type StoreKind = 'memory' | 'LMDB'

/** Id of the first account. */
export const FIRST_ID = 100n
const BALANCE = 10n ** 20n

/** A network of accounts in the ids from 100 on. Nobody has their keys, but for the first one's. */
export function genesisOf(store: ChainStore, crypto: CryptoProvider, size: number): Cid {
  const blocks = new CborStore(store, crypto)
  const { networkName, rules } = networks.local
  const actors = NATIVE_ACTORS.map((actor) => (actor.name === userInitActor.name ? userInitActor : actor))
  const [account] = deriveAccounts(crypto, { count: 1 })
  const addressOf = (index: number): Address => {
    if (index === 0 && account !== undefined) return account.address
    const key = new Uint8Array(65).fill(4)
    new DataView(key.buffer).setUint32(1, index)
    return secp256k1Address(crypto, key)
  }
  const root = createGenesis(blocks, {
    ...{ rules, networkName, installsCode: true },
    manifest: storeNativeManifest(blocks, actors, {}, MESSAGE_QUEUE_ACTORS),
    accounts: Array.from({ length: size }, (_, index) => ({ address: addressOf(index), balance: BALANCE })),
  })
  store.commit()
  return root
}

/** Does some work with a store that is new, and gone afterwards. */
export async function withStore<T>(
  kind: StoreKind,
  crypto: CryptoProvider,
  work: (store: ChainStore) => Promise<T>,
): Promise<T> {
  if (kind === 'memory') return work(new MemoryStore())
  const directory = await mkdtemp(join(tmpdir(), 'troupe-bench-'))
  try {
    await using store = await openLmdbStore(directory, crypto)
    return await work(store)
  } finally {
    await rm(directory, { recursive: true })
  }
}
