/** The numbers of one test run. */
export interface TestCount {
  readonly passed: number
  readonly failed: number
  /** Skipped tests, those marked as to do, and those that never ran. */
  readonly skipped: number
}

/** What the count needs of a test file that ran. */
export interface CountedModule {
  readonly children: { allTests(): Iterable<{ result(): { readonly state: string } }> }
  state(): string
}

/**
 * Counts tests by how they ended. A file that failed without a failed test (it could not be loaded, or its worker died) counts
 * as one failure, and so does each error that no test caught.
 */
export function countTests(modules: Iterable<CountedModule>, uncaughtErrors: number): TestCount {
  const count = { passed: 0, failed: uncaughtErrors, skipped: 0 }
  for (const module of modules) {
    let failed = 0
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') count.passed++
      else if (state === 'failed') failed++
      else count.skipped++
    }
    const state = module.state()
    const isWhole = state === 'passed' || state === 'skipped' || (state === 'failed' && failed > 0)
    count.failed += isWhole ? failed : failed + 1
  }
  return count
}

/** `12 passed, 0 failed`, and `, 3 skipped` where some were. */
export function formatCount({ passed, failed, skipped }: TestCount): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
