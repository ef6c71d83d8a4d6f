export { bundleSdk } from './bundle-sdk.ts'
export { createNodeRuntime, createV8Runtime } from './create-node-runtime.ts'
export { FileStore } from './file-store.ts'
export { nodeParts } from './node-parts.ts'
