import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RunReceipts, TestReceipts } from './compare-receipts.ts'

/** The parts of vitest's test modules that are looked at. */
interface RecordedModule {
  readonly relativeModuleId: string
  readonly children: { allTests(): Iterable<RecordedTest> }
}

interface RecordedTest {
  readonly fullName: string
  meta(): { readonly receipts?: readonly string[] }
  result(): { readonly state: string }
}

/** A vitest reporter that writes what the messages of every test came to, as JSON. */
export class ReceiptReporter {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  onTestRunEnd(modules: readonly RecordedModule[]): void {
    const receipts: Record<string, TestReceipts> = {}
    for (const { relativeModuleId, children } of modules)
      for (const test of children.allTests())
        receipts[`${relativeModuleId} > ${test.fullName}`] = {
          state: test.result().state,
          lines: test.meta().receipts ?? [],
        }
    mkdirSync(dirname(this.#file), { recursive: true })
    writeFileSync(this.#file, JSON.stringify(receipts satisfies RunReceipts))
  }
}
