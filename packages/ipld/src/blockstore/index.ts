export type { Blockstore } from './blockstore.ts'
export { CborStore } from './cbor-store.ts'
export { MemoryBlockstore } from './memory.ts'
export { NodeCache } from './node-cache.ts'
