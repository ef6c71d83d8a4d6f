export { type Example, findExamples } from './examples.ts'
export { countTests, type TestCount } from './test-count.ts'
