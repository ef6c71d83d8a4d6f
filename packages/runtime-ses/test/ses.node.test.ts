import { fileURLToPath } from 'node:url'
import { METHOD_CONSTRUCTOR, methodNumber } from '@troupe/hypervisor'
import { cidOf, decodeIpld, encodeIpld, RAW } from '@troupe/ipld'
import { CODE_HEADER, type SesRuntime, ses } from '@troupe/runtime-ses'
import { type CodeNetwork, createCodeNetwork, ESCAPES } from '@troupe/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { store } from './support/image-store.ts'
import { crypto, RULES } from './support/ses-network.ts'

const COUNTER = `(function (require, exports) {
  const { defineActor, durable, M, call } = require('@troupe/sdk-js');
  exports.default = defineActor('Counter', {
    state: { count: 0n, byCaller: durable.map(M.remotable(), M.nat()) },
    facets: { public: M.interface('Counter', { add: M.call(M.nat()).returns(M.nat()), fails: M.call().returns(), never: M.call().returns() }) },
    methods: { public: {
      add({ state, caller }, n) { state.count += n; state.byCaller.set(caller, (state.byCaller.get(caller) ?? 0n) + n); return state.count; },
      fails({ state }) { state.count = 77n; throw Error('on purpose'); },
      async never() { await new Promise(() => {}) },
    } },
  });
})`

const bytesOf = (script: string): Uint8Array => new TextEncoder().encode(CODE_HEADER + script)

describe('the runtime with the SDK', () => {
  let runtime: SesRuntime
  beforeAll(async () => {
    const { module, options } = ses({ cache: store.directory })
    const { create } = (await import(fileURLToPath(module))) as {
      create: (options: unknown) => Promise<SesRuntime>
    }
    runtime = await create(options)
  })

  const send = (network: CodeNetwork, name: string, ...values: readonly bigint[]) =>
    network.send({ method: methodNumber(crypto, name), params: encodeIpld(values) })

  it('runs actors that are defined with it, whose state lasts', async () => {
    const network = await createCodeNetwork([bytesOf(COUNTER)], { rules: RULES, runtimes: [runtime] })
    expect(network.send({ from: 1, method: METHOD_CONSTRUCTOR }).receipt.exitCode).toBe(0)
    expect(decodeIpld(send(network, 'Add', 5n).receipt.returnData)).toBe(5n)
    expect(send(network, 'Fails').receipt.exitCode).toBe(23)
    expect(send(network, 'Never').receipt.exitCode).toBe(24)
    expect(decodeIpld(send(network, 'Add', 1n).receipt.returnData)).toBe(6n)
  })

  it('lets no actor out of its compartment', async () => {
    const victim = `(function (require, exports) {
      const { defineActor, M } = require('@troupe/sdk-js');
      const attacks = [${ESCAPES.map(({ body }) => `() => { ${body} }`).join(',\n')}];
      exports.default = defineActor('Victim', {
        state: {},
        facets: { public: M.interface('Victim', { attack: M.call(M.nat()).returns(M.boolean()) }) },
        methods: { public: { attack: (_, i) => attacks[Number(i)]() === true } },
      });
    })`
    const network = await createCodeNetwork([bytesOf(victim)], { rules: RULES, runtimes: [runtime] })
    expect(network.send({ from: 1, method: METHOD_CONSTRUCTOR }).receipt.exitCode).toBe(0)
    const open = ESCAPES.filter((_, i) => {
      const { exitCode, returnData } = send(network, 'Attack', BigInt(i)).receipt
      return exitCode !== 0 || decodeIpld(returnData) !== true
    })
    expect(open.map(({ name }) => name)).toEqual([])
  })

  it.each([
    ['syntax', `(function (require, exports) {\n  let x = = 3;\n})`, 'actor/syntax', '(line 3, column'],
    ['what it wants', `(function (require, exports) { fetch('x') })`, 'actor/unknown-global', 'fetch'],
    [
      'a module that is not there',
      `(function (require, exports) { require('node:fs') })`,
      'actor/unknown-module',
      'node:fs',
    ],
    [
      'what it throws',
      `(function (require, exports) { throw Error('at once') })`,
      'actor/evaluation-failed',
      'at once',
    ],
    ['its export', `(function (require, exports) { exports.default = 7 })`, 'actor/not-an-actor', ''],
    ['that it never ends', `(function (require, exports) { for (;;); })`, 'actor/too-slow', ''],
  ])('refuses code for %s, and says what and where', (_, script, code, words) => {
    const bytes = bytesOf(script)
    const verdict = runtime.validate(cidOf(crypto, RAW, bytes), bytes, RULES, undefined)
    expect(verdict).toMatchObject({ code, reason: expect.stringContaining(words) })
  })
})
