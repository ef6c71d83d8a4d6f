export { type CountedModule, countTests, formatCount, type TestCount } from './count.ts'
export { CountReporter } from './reporter.ts'
