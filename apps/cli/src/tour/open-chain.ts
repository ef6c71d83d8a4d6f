import type { CryptoProvider } from '@troupe/crypto'
import { ATTO_PER_FIL, type Runtime } from '@troupe/hypervisor'
import { openLmdbStore } from '@troupe/store-lmdb'
import { createTroupe, type Network, networks, type Troupe } from 'troupe'

/** The network of the tour. */
export const NETWORK: Network = { ...networks.local, networkName: 'tour' }

/** What the chain is made of. */
export interface ChainParts {
  readonly crypto: CryptoProvider
  /** What runs actors, besides those of the system. */
  readonly runtimes: readonly Runtime[]
  /** Where the chain is kept. */
  readonly directory: string
}

/** Makes the chain of the tour in a directory, with two funded accounts, or opens the one that is there. A block is made for each message. */
export async function openChain({ crypto, directory, runtimes }: ChainParts): Promise<Troupe> {
  return createTroupe({
    network: NETWORK,
    store: await openLmdbStore(directory, crypto, { name: 'tour' }),
    accounts: { count: 2, balance: 1_000n * ATTO_PER_FIL },
    ...{ crypto, runtimes },
  })
}
