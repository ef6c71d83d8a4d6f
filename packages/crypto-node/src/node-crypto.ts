import type { CryptoProvider } from '@troupe/crypto'
import { loadNodeCrypto } from './load-node-crypto.ts'

/** This cryptography, named by where its code is: for a chain that lives in a worker, to which no object with methods can be handed. */
export function nodeCrypto(): { readonly module: string } {
  return { module: import.meta.url }
}

/** What the descriptor's module is asked for. */
export function create(): Promise<CryptoProvider> {
  return loadNodeCrypto()
}
