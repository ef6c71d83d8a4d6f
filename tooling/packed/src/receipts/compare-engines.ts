/** @module The tests of the repository in every engine: whatever their messages come to, it is the same everywhere. */
import { join } from 'node:path'
import type { Engine } from '../engines.ts'
import { phase } from '../phase.ts'
import { chromiumVersion, describeAbsent, reasonAgainstBrowser } from './browser.ts'
import { compareReceipts, isImage, type ReceiptComparison, type RunReceipts } from './compare-receipts.ts'
import { runReceiptTests } from './run-tests.ts'
import { receiptTests } from './test-files.ts'

/** What is compared, and where. */
export interface EngineComparison {
  readonly root: string
  /** A folder for what the engines write. */
  readonly folder: string
  readonly engines: readonly Engine[]
  /** The tests of actors in hardened JavaScript, or all that execute messages. */
  readonly which: 'javascript' | 'all'
}

/** Runs the tests in each engine, and in Chromium those of actors in JavaScript that run there; gives what differs from the first engine, for people. */
export async function compareEngines({ root, folder, engines, which }: EngineComparison): Promise<string[]> {
  const output = join(folder, 'receipts.json')
  const files = receiptTests(root, which)
  const problems: string[] = []
  let expected: RunReceipts | undefined
  const compare = async (name: string, run: () => Promise<RunReceipts>): Promise<ReceiptComparison> => {
    const work = async (): Promise<ReceiptComparison> => {
      const found = await run()
      expected ??= found
      return compareReceipts(expected, found)
    }
    const comparison = await phase(name, work, describeComparison)
    problems.push(...comparison.differences.map((difference) => `${name}: ${difference}`))
    return comparison
  }
  for (const engine of engines) {
    const { absent } = await compare(engine.name, () => runReceiptTests(engine, { root, output, files }))
    problems.push(...absent.map((test) => `${engine.name}: ${test}: did not run`))
  }
  const [own] = engines
  const chromium = chromiumVersion()
  if (chromium === undefined || own === undefined) console.log('Chromium skipped: it is not here')
  else {
    // Others have tests of 1,024 nested calls, which its stack does not hold.
    const hardened = receiptTests(root, 'javascript')
    expected = Object.fromEntries(
      Object.entries(expected ?? {}).filter(([name]) => isImage(name) || hardened.includes(fileOf(name))),
    )
    const portable = hardened.filter((file) => reasonAgainstBrowser(file) === undefined)
    const options = { root, output, files: portable, isInBrowser: true }
    const comparison = await compare(chromium, () => runReceiptTests(own, options))
    for (const text of describeAbsent(comparison)) console.log(text)
  }
  return problems
}

function fileOf(name: string): string {
  return name.slice(0, name.indexOf(' > '))
}

/** A comparison in one line. */
export function describeComparison({
  absent,
  differences,
  images,
  receipts,
  tests,
}: ReceiptComparison): string {
  const same = `${tests} tests with ${receipts} receipts and roots, and ${images} images, are the same`
  const others = [
    differences.length === 0 ? '' : `${differences.length} differ`,
    absent.length === 0 ? '' : `${absent.length} did not run`,
  ].filter((text) => text !== '')
  return [same, ...others].join(', ')
}
