export { blockstoreCases } from './blockstore-cases.ts'
export { chainStoreCases } from './chain-store-cases.ts'
