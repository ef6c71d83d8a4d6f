/** @module What the tests of endo import as `ava`: it tells what becomes of every test, as a line of JSON, by the `print` of the engine. */
import test, { outcome, runTests, skippedTests, type Told } from '../ava/ava.ts'

declare const print: (text: string) => void

const { stringify } = JSON
const tell = (told: Told): void => print(stringify(told))

async function runAll(): Promise<void> {
  for (const title of skippedTests()) tell(outcome(title, 'skipped'))
  await runTests(tell)
}

Object.defineProperty(globalThis, 'runTests', { value: runAll, configurable: true })

export default test
export { test }
