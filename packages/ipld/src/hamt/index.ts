export { Hamt, type HamtOptions } from './hamt.ts'
export type { HamtChange } from './hamt-diff.ts'
