export { formatInput } from './format-input.ts'
export { type Finding, type RunOptions, runTarget } from './run-target.ts'
export { type OpenTarget, openTarget, type Skipped, type Target } from './target.ts'
export { TARGETS } from './targets.ts'
