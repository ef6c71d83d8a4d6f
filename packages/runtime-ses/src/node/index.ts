export { bundleSdk } from './bundle-sdk.ts'
export { FileStore } from './file-store.ts'
export { nodeParts } from './node-parts.ts'
