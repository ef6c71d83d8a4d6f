import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type CountedModule, countTests, formatCount } from './count.ts'

/** A vitest reporter that writes the count of a run, as one line, to a file. */
export class CountReporter {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  onTestRunEnd(modules: readonly CountedModule[], errors: readonly unknown[]): void {
    mkdirSync(dirname(this.#file), { recursive: true })
    writeFileSync(this.#file, `${formatCount(countTests(modules, errors.length))}\n`)
  }
}
