export { moduleProblems } from './attw-report.ts'
export { compilerConfig, type Host, importAll, importScript, type Resolution } from './consumer.ts'
export { type Engine, engines } from './engines.ts'
export { FLOAT_OUTPUT, floatModule, floatProgram } from './float-program.ts'
export { inParallel } from './in-parallel.ts'
export { type Expectations, type InstalledPackage, inspectPackage } from './inspect-package.ts'
export { entryPoints, type Manifest, packageOf } from './manifest.ts'
export { publishedFolders } from './published-folders.ts'
export { describeAbsent, reasonAgainstBrowser } from './receipts/browser.ts'
export { describeComparison } from './receipts/compare-engines.ts'
export {
  compareReceipts,
  imageName,
  type ReceiptComparison,
  type RunReceipts,
  type TestReceipts,
} from './receipts/compare-receipts.ts'
export { receiptTests } from './receipts/test-files.ts'
export { mustRun, type ProgramOptions, type ProgramResult, runProgram } from './run-program.ts'
export { spread } from './sample-vectors.ts'
export { OLDER_TYPESCRIPT, olderNodes, toolDependencies } from './toolbox.ts'
