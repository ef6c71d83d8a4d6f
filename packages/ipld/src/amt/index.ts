export { Amt, type AmtOptions, DEFAULT_AMT_BIT_WIDTH, MAX_AMT_BIT_WIDTH } from './amt.ts'
export type { AmtChange } from './amt-diff.ts'
export { type AmtIndex, MAX_AMT_INDEX } from './amt-index.ts'
