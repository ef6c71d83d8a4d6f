/** @module What the tests of one run came to, beside those of another. */

/** What the messages of one test came to. */
export interface TestReceipts {
  /** `passed`, `failed`, `skipped` or `pending`. */
  readonly state: string
  /** One for each message and state root, in order. */
  readonly lines: readonly string[]
}

/** The states of tests that did not run. */
const NOT_RUN: readonly string[] = ['skipped', 'pending']

/** The tests of a run, by file and name, and the images that they made, by {@link imageName}. */
export type RunReceipts = Readonly<Record<string, TestReceipts>>

const IMAGE = 'image of '

/** Under what an image stands among the tests. @param what code, the image that it was made from, and the rules */
export function imageName(what: string): string {
  return IMAGE + what
}

/** Whether something among the tests is an image. */
export function isImage(name: string): boolean {
  return name.startsWith(IMAGE)
}

/** How a run compares with another one. */
export interface ReceiptComparison {
  /** Tests with messages that came to the same in both. */
  readonly tests: number
  /** Lines of those: messages and state roots. */
  readonly receipts: number
  /** Images that are the same in both. */
  readonly images: number
  /** Tests with messages, and images, that the run does not have. */
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
  let images = 0
  for (const [name, { lines }] of Object.entries(expected)) {
    const other = found[name]
    if (other === undefined || NOT_RUN.includes(other.state)) {
      if (lines.length > 0) absent.push(name)
      continue
    }
    const isTwice = isImage(name) && other.lines.length > 1
    const difference = isTwice ? `made as ${other.lines.join(' and as ')}` : differenceOf(lines, other)
    if (difference !== undefined) differences.push(`${name}: ${difference}`)
    else if (isImage(name)) images++
    else if (lines.length > 0) {
      tests++
      receipts += lines.length
    }
  }
  // Whoever records nothing differs in nothing.
  if (tests === 0 && differences.length === 0) differences.push('no test with messages has run')
  return { tests, receipts, images, absent, differences }
}

function differenceOf(lines: readonly string[], { state, lines: found }: TestReceipts): string | undefined {
  if (state === 'failed' && found.every((line, index) => line === lines[index])) return 'failed'
  const at = lines.findIndex((line, index) => line !== found[index])
  if (at >= 0) return `line ${at + 1} is not\n  ${lines[at]}\nbut\n  ${found[at] ?? 'nothing'}`
  if (found.length > lines.length) return `there is one more line: ${found[lines.length]}`
  return undefined
}
