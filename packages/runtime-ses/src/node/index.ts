export { FileStore } from './file-store.ts'
export { nodeParts } from './node-parts.ts'
