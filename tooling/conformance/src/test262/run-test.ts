import { Abort, OutOfGas } from '@troupe/hypervisor'
import type { Snapshot } from '@troupe/runtime-ses/engine'
import type { Test262 } from './metadata.ts'
import type { TestEngine, Thrown } from './test-engine.ts'

/** What every test but raw ones has. */
const ALWAYS = ['assert.js', 'sta.js']
const ASYNC = 'doneprintHandle.js'
const COMPLETE = 'Test262:AsyncTestComplete'

/** Runs tests in an engine. */
export class Test262Runner {
  readonly #engine: TestEngine
  readonly #harness: (name: string) => string
  /** Engines in which the harness has been evaluated, by its files. */
  readonly #images = new Map<string, Snapshot>()

  /** @param harness gives a file of the harness */
  constructor(engine: TestEngine, harness: (name: string) => string) {
    this.#engine = engine
    this.#harness = harness
  }

  /** Why a test fails, in the first of the modes that it is for; `undefined` where it passes in all. */
  run(test: Test262): string | undefined {
    const { flags } = test
    const isRaw = flags.includes('raw')
    const modes = [
      ...(flags.includes('onlyStrict') ? [] : [false]),
      ...(flags.includes('noStrict') || isRaw ? [] : [true]),
    ]
    // Some four hundred tables of Unicode, each of which takes seconds: whether code is strict is nothing to them.
    if (test.id.includes('/property-escapes/generated/')) modes.splice(1)
    for (const isStrict of modes) {
      const reason = this.#runIn(test, isStrict)
      if (reason !== undefined) return isStrict ? `strict: ${reason}` : reason
    }
    return undefined
  }

  #runIn(test: Test262, isStrict: boolean): string | undefined {
    const { flags, negative, source } = test
    const isAsync = flags.includes('async')
    try {
      this.#engine.reset(
        flags.includes('raw')
          ? undefined
          : this.#withHarness([...ALWAYS, ...(isAsync ? [ASYNC] : []), ...test.includes]),
      )
      const thrown = this.#engine.evaluate(isStrict ? `"use strict";\n${source}` : source)
      if (negative !== undefined) return expectThrown(thrown, negative.type)
      if (thrown !== undefined) return thrown.text
      if (!isAsync || this.#engine.printed.includes(COMPLETE)) return undefined
      return this.#engine.printed.at(-1) ?? 'it never completes'
    } catch (error) {
      if (error instanceof OutOfGas) return 'out of gas'
      if (error instanceof Abort) return error.message
      throw error
    }
  }

  #withHarness(names: readonly string[]): Snapshot {
    const key = names.join()
    const known = this.#images.get(key)
    if (known !== undefined) return known
    this.#engine.reset()
    for (const name of names) {
      const thrown = this.#engine.evaluate(this.#harness(name))
      if (thrown !== undefined) throw new Error(`${name}: ${thrown.text}`)
    }
    const image = this.#engine.take()
    this.#images.set(key, image)
    return image
  }
}

function expectThrown(thrown: Thrown | undefined, type: string): string | undefined {
  if (thrown === undefined) return `no ${type}`
  return thrown.name === type ? undefined : `${thrown.text}, and not a ${type}`
}
