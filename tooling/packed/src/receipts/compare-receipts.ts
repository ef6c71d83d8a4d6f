/** @module What the tests of one run came to, beside those of another. */

/** What the messages of one test came to. */
export interface TestReceipts {
  /** `passed`, `failed`, `skipped` or `pending`. */
  readonly state: string
  /** One for each message, state root and image, in order. */
  readonly lines: readonly string[]
}

/** The states of tests that did not run. */
const NOT_RUN: readonly string[] = ['skipped', 'pending']

/** The tests of a run, by file and name. */
export type RunReceipts = Readonly<Record<string, TestReceipts>>

/** How a run compares with another one. */
export interface ReceiptComparison {
  /** Tests with messages that came to the same in both. */
  readonly tests: number
  /** Lines of those: messages, state roots and images. */
  readonly receipts: number
  /** Tests with messages that the run does not have. */
  readonly absent: readonly string[]
  /** What differs, for people. */
  readonly differences: readonly string[]
}

/** Compares what a run came to with what was expected. Of tests without messages it only matters that they do not fail. */
export function compareReceipts(expected: RunReceipts, found: RunReceipts): ReceiptComparison {
  const differences: string[] = []
  const absent: string[] = []
  let tests = 0
  let receipts = 0
  for (const [name, { lines }] of Object.entries(expected)) {
    const other = found[name]
    if (other === undefined || NOT_RUN.includes(other.state)) {
      if (lines.length > 0) absent.push(name)
      continue
    }
    const difference = differenceOf(lines, other)
    if (difference !== undefined) differences.push(`${name}: ${difference}`)
    else if (lines.length > 0) {
      tests++
      receipts += lines.length
    }
  }
  return { tests, receipts, absent, differences }
}

function differenceOf(lines: readonly string[], { state, lines: found }: TestReceipts): string | undefined {
  if (state === 'failed' && found.every((line, index) => line === lines[index])) return 'failed'
  const at = lines.findIndex((line, index) => line !== found[index])
  if (at >= 0) return `line ${at + 1} is not\n  ${lines[at]}\nbut\n  ${found[at] ?? 'nothing'}`
  if (found.length > lines.length) return `there is one more line: ${found[lines.length]}`
  return undefined
}
