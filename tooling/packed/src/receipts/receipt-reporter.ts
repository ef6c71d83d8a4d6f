import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { imageName, type RunReceipts, type TestReceipts } from './compare-receipts.ts'

/** The parts of vitest's test modules that are looked at. */
interface RecordedModule {
  readonly relativeModuleId: string
  readonly children: { allTests(): Iterable<RecordedTest> }
}

interface RecordedTest {
  readonly fullName: string
  meta(): { readonly receipts?: readonly string[]; readonly images?: Readonly<Record<string, string>> }
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
    const images = new Map<string, Set<string>>()
    for (const { relativeModuleId, children } of modules)
      for (const test of children.allTests()) {
        const meta = test.meta()
        receipts[`${relativeModuleId} > ${test.fullName}`] = {
          state: test.result().state,
          lines: meta.receipts ?? [],
        }
        for (const [name, image] of Object.entries(meta.images ?? {}))
          images.set(name, (images.get(name) ?? new Set()).add(image))
      }
    for (const [name, found] of images) receipts[imageName(name)] = { state: 'passed', lines: [...found] }
    mkdirSync(dirname(this.#file), { recursive: true })
    writeFileSync(this.#file, JSON.stringify(receipts satisfies RunReceipts))
  }
}
