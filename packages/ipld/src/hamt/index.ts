export { Hamt, type HamtOptions } from './hamt.ts'
