export { Kamt } from './kamt.ts'
export { fixedBytesKeys, type KamtKeys, u256Codec, u256Keys } from './kamt-keys.ts'
export type { KamtOptions } from './kamt-options.ts'
