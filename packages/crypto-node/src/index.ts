/**
 * The fast {@link CryptoProvider} for Node: `await loadNodeCrypto()`.
 *
 * It gives the same bytes as the portable provider of `@troupe/crypto` and says in `implementations` which library answers for what.
 *
 * @module
 */
export { loadNodeCrypto } from './load-node-crypto.ts'
export { nodeCrypto } from './node-crypto.ts'
