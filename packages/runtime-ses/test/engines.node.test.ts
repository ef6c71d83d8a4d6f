import { Abort, OutOfGas } from '@troupe/hypervisor'
import { nodeParts } from '@troupe/runtime-ses/node'
import { SMALL_SDK } from '@troupe/testkit'
import { describe, expect, it } from 'vitest'
import { become, Engines } from '../src/engine/engines.ts'
import type { JsEngine } from '../src/engine/js-engine.ts'
import { JsException } from '../src/engine/js-exception.ts'
import { freeMeter } from '../src/image/boot.ts'
import { FirstImage } from '../src/image/first-image.ts'
import { store } from './support/image-store.ts'
import { crypto, RULES, TEST_IMAGE } from './support/ses-network.ts'

const ENOUGH = 10n ** 14n
const parts = nodeParts(() => SMALL_SDK)
const engines = new Engines(RULES, { engine: parts.engine, crypto, store })
const { image } = new FirstImage({
  ...{ parts, crypto, store },
  expected: TEST_IMAGE,
  block: undefined,
}).load(engines)

/** What evaluating a script in an engine that is given the image comes to. */
function evaluate(engine: JsEngine, script: string, milligas: bigint = ENOUGH) {
  const meter = freeMeter(RULES, milligas)
  const { instance } = engine
  instance.begin(meter)
  try {
    become(engine, image)
    const before = stateOf(engine)
    let failure: unknown
    try {
      instance.run(() => engine.evaluate(script))
    } catch (error) {
      failure = error
    }
    return { before, after: stateOf(engine), used: meter.gas.used, failure }
  } finally {
    instance.end()
  }
}

function stateOf({ instance, context, runtime }: JsEngine) {
  const memory = Buffer.from(crypto.blake2b(instance.memory.bytes, 32)).toString('hex')
  return { memory, length: instance.memory.length, globals: instance.globals, context, runtime }
}

/** Something of everything that an engine has. */
const WORK = `let text = ''; for (const each of [3, 1, 2].sort()) text += each; new Map([[text, /1+/.exec(text)]]); [1n << 200n, [...text].map(Number), new Uint8Array(1000).fill(7)].join()`

describe('an engine that is used again', () => {
  const fresh = evaluate(engines.create(), WORK)

  it.each<[string, string, bigint, unknown]>([
    ['has trapped in its parser', `Function('['.repeat(1e5))`, ENOUGH, Abort],
    ['has used up its stack', `const f = () => f(); f()`, ENOUGH, JsException],
    ['has run out of gas in a loop', `for (;;) [].push(new Map())`, 10n ** 10n, OutOfGas],
    [
      'has run out of gas while it filled memory',
      `for (;;) new Uint8Array(500_000).fill(1)`,
      10n ** 10n,
      OutOfGas,
    ],
    ['has run out of gas in an expression', `/^(a+)+$/.test('a'.repeat(40) + 'b')`, 10n ** 10n, OutOfGas],
    ['has come to its end with nothing wrong', `globalThis.left = [1]; 7`, ENOUGH, undefined],
  ])(
    'is as a new one in memory, globals and all that it does after it %s',
    (_, script, milligas, failure) => {
      const engine = engines.create()
      const bad = evaluate(engine, script, milligas)
      if (failure === undefined) expect(bad.failure).toBeUndefined()
      else expect(bad.failure).toBeInstanceOf(failure)
      expect(bad.after).not.toEqual(bad.before)
      expect(evaluate(engine, WORK)).toEqual(fresh)
    },
  )
})
