/** How many tests a run had. */
export interface TestCount {
  readonly passed: number
  readonly failed: number
}

/** Sums, as the test runner of Node writes them, and as Hardhat does. */
const SUMS: readonly (readonly [RegExp, RegExp])[] = [
  [/^ℹ pass (\d+)$/m, /^ℹ fail (\d+)$/m],
  [/^\s*(\d+) passing/m, /^\s*(\d+) failing/m],
]

/** Finds the sums of a test run in what it printed; `undefined` where there are none. */
export function countTests(output: string): TestCount | undefined {
  for (const [passing, failing] of SUMS) {
    const passed = passing.exec(output)?.[1]
    if (passed !== undefined)
      return { passed: Number(passed), failed: Number(failing.exec(output)?.[1] ?? 0) }
  }
  return undefined
}
