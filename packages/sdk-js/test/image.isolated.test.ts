import { fileURLToPath } from 'node:url'
import { runInThisContext } from 'node:vm'
import { bundleImage, IMAGE_EXPORTS } from '@troupe/bundle-js'
import { loadCrypto } from '@troupe/crypto'
import { methodNumber } from '@troupe/hypervisor'
import { decodeIpld } from '@troupe/ipld'
import type { ActorImage, Preparation } from '@troupe/sdk-js/host'
import { FakeHost } from '@troupe/testkit/fake-host'
import { describe, expect, it } from 'vitest'
// The modules that know a list by heart are compared with what there is.
import { ACTOR_GLOBALS } from '../../bundle-js/src/actor-globals.ts'

const entry = fileURLToPath(new URL('../src/image/main.ts', import.meta.url))
const script = await bundleImage(entry)
const crypto = await loadCrypto()
await import('./support/lockdown.ts')

/** A new image, as a runtime has it after it has evaluated the script. */
function image(): ActorImage {
  return runInThisContext(script) as ActorImage
}

function prepare(source: string, stackOf?: () => string): Preparation {
  return JSON.parse(image().prepare(source, stackOf)) as Preparation
}

const inBundle = (body: string): string => `(function (require, exports) { ${body} })`
const COUNTER = inBundle(`const { defineActor, M } = require('@troupe/sdk-js');
  const counter = M.interface('Counter', { add: M.call(M.nat()).returns(M.nat()), leak: M.call().returns(M.any()), wish: M.call().returns(), tell: M.call().returns() });
  let calls = 0n;
  exports.default = defineActor('Counter', { state: { count: 0n }, facets: { public: counter }, methods: { public: {
    add: ({ state }, n) => (state.count += n),
    leak: () => [...Object.getOwnPropertyNames(globalThis), typeof process, typeof HandledPromise, (calls += 1n)],
    wish: () => { fetch('x') },
    tell: () => { console.log('told', 1n, { toString: () => 'secret', get b() { return 1 }, c: [1, 'two', [[[]]]] }, Error('oh'), null, Array(21).fill(0), new Map()); console.warn('twice') },
  } } });`)

describe('the script of the SDK', () => {
  it('is the same every time', async () => {
    expect(await bundleImage(entry)).toBe(script)
  })

  it('has the modules that bundlers leave to it', () => {
    for (const [name, known] of Object.entries(IMAGE_EXPORTS)) {
      const { reason } = prepare(
        inBundle(`throw Error(Object.keys(require('${name}')).sort().join(' '))`),
      ) as Extract<Preparation, { isAccepted: false }>
      expect(reason).toBe(`Error: ${[...known].sort().join(' ')}`)
    }
  })

  it('runs actors in a scope of their own, with the globals that bundlers know, and no others', async () => {
    const host = new FakeHost(crypto)
    const made = image()
    expect(JSON.parse(made.prepare(COUNTER))).toMatchObject({
      isAccepted: true,
      name: 'Counter',
      isReentrant: false,
    })
    host.add(1000n, made)
    const send = (name: string, parameters?: Uint8Array) =>
      host.send({
        ...{ to: 1000n, from: 100n, method: methodNumber(crypto, name) },
        parameters: parameters === undefined ? undefined : { codec: 0x51, data: parameters },
      })
    expect(await host.send({ to: 1000n, from: 1n, method: 1n })).toMatchObject({ exitCode: 0 })
    expect((await send('Add', Uint8Array.of(0x81, 5))).block?.data.toHex()).toBe('05')
    const wished = await send('Wish')
    expect(wished).toMatchObject({ exitCode: 23 })
    expect(wished.message).toContain('there is no global fetch')
    await send('Tell')
    expect(host.logs).toEqual([
      `info told 1n {toString: [function], b: [computed], c: [1, "two", [[object]]]} Error: oh null [${'0, '.repeat(20)}…] [object]`,
      'warn twice',
    ])
    const leaked = new TextDecoder().decode((await send('Leak')).block?.data)
    for (const name of ACTOR_GLOBALS) if (name !== 'arguments') expect(leaked).toContain(name)
    const absent = ['setTimeout', 'fetch', 'WebAssembly', 'SharedArrayBuffer', 'Atomics']
    for (const name of absent) expect(leaked).not.toContain(name)
  })
})

describe('a script is refused', () => {
  it.each([
    ['with an error', 'let a = 1;\nlet a = 2', 'actor/syntax'],
    ['that imports while it runs', inBundle('import("x")'), 'actor/dynamic-import'],
    ['that evaluates', inBundle('eval("1")'), 'actor/direct-eval'],
    ['with an HTML comment', inBundle('1 <!-- 2'), 'actor/html-comment'],
    ['that is no bundle', '1 + 1', 'actor/not-a-bundle'],
    ['that wants a module', inBundle('require("fs")'), 'actor/unknown-module'],
    ['that wants a global', inBundle('process.exit(1)'), 'actor/unknown-global'],
    ['that asks for the time', inBundle('Date.now()'), 'actor/evaluation-failed'],
    ['that throws', inBundle('throw new RangeError("oh")'), 'actor/evaluation-failed'],
    ['that throws what is no error', inBundle('throw 1'), 'actor/evaluation-failed'],
    ['without a default export', inBundle('exports.a = 1'), 'actor/no-default-export'],
    ['that exports something else', inBundle('exports.default = {}'), 'actor/not-an-actor'],
    [
      'that exports what looks like an actor',
      inBundle('exports.default = Object.freeze({ facets: {} })'),
      'actor/not-an-actor',
    ],
    [
      'with a wrong definition',
      inBundle(
        `exports.default = require('@troupe/sdk-js').defineActor('A', { facets: {}, methods: {}, powers: ['fetch'] })`,
      ),
      'definition/unknown-power',
    ],
    [
      'that calls while it is evaluated',
      inBundle(`require('@troupe/sdk-js').attenuate({}, [])`),
      'actor/evaluation-failed',
    ],
    ['that is too long', ' '.repeat(1_048_577), 'actor/too-large'],
  ])('%s', (_, source, code) => {
    expect(prepare(source)).toMatchObject({ isAccepted: false, code })
  })

  it('with the line and the column that the engine says, or the line that the library says', () => {
    const stack = (): string => '    at <input>:2:5\n    at eval (native)'
    expect(prepare('let a = 1;\nlet a = 2', stack)).toMatchObject({
      code: 'actor/syntax',
      line: 2,
      column: 5,
    })
    expect(prepare(`\n${inBundle('import("x")')}`)).toMatchObject({ code: 'actor/dynamic-import', line: 2 })
  })

  it('with the name of the module or the global', () => {
    expect(prepare(inBundle('require("fs")'))).toMatchObject({ reason: expect.stringContaining('fs') })
    expect(prepare(inBundle('process.exit(1)'))).toMatchObject({ reason: expect.stringContaining('process') })
  })

  it('not where it is as long as it may be', () => {
    expect(prepare(COUNTER + ' '.repeat(1_048_576 - COUNTER.length))).toMatchObject({ isAccepted: true })
  })
})

/** What an actor could try to get hold of the realm that the SDK is in, and of the host. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'the constructor of a function of its own': '(() => {}).constructor("return this")()',
  'the constructor of a function of the SDK': 'defineActor.constructor("return this")()',
  'the constructor of a function that a method is given': 'context.facets.ref.constructor("return this")()',
  'the constructor of a generator': '(function* () {}).constructor("return this")().next().value',
  'the constructor of an asynchronous function': '(async () => {}).constructor("return this")()',
  'the constructor of a reference': 'context.caller.constructor.constructor("return this")()',
  'indirect evaluation': '(0, eval)("this")',
  'a compartment of its own': 'new Compartment().globalThis',
  'what a function is called on': '(function () { return this })()',
  'who calls a getter': 'Reflect.get({ get a() { return this } }, "a", undefined)',
  'a frame of an error':
    '(() => { Error.prepareStackTrace = (_, frames) => frames; return new Error("x").stack })()',
  'the caller of a function': '(function f() { return f.caller })()',
  'what refuses':
    '(() => { try { call({}) } catch (error) { return error.constructor.constructor("return this")() } })()',
  'what libraries keep': 'M.interface.constructor("return this")()',
  'a wrapped promise': 'HandledPromise.constructor("return this")()',
}

describe('an actor', () => {
  it.each(Object.entries(ATTEMPTS))('has nothing of the realm by %s', async (_, attempt) => {
    const source = inBundle(`const { call, defineActor, M } = require('@troupe/sdk-js');
      const facet = M.interface('Spy', { spy: M.call().returns(M.any()) });
      exports.default = defineActor('Spy', { facets: { public: facet }, methods: { public: { spy(context) {
        const found = (() => { 'use strict'; return ${attempt} })();
        if (typeof found === 'string') return found;
        return [typeof found?.process, typeof found?.setTimeout, typeof found?.vitest, String(found === globalThis)];
      } } } });`)
    const host = new FakeHost(crypto)
    const made = image()
    expect(JSON.parse(made.prepare(source))).toMatchObject({ isAccepted: true })
    host.add(1000n, made)
    await host.send({ to: 1000n, from: 1n, method: 1n })
    const { exitCode, block } = await host.send({
      to: 1000n,
      from: 100n,
      method: methodNumber(crypto, 'Spy'),
    })
    // It fails, or gives what is the actor's own.
    if (exitCode !== 0) expect(exitCode).toBe(23)
    else {
      const found = decodeIpld(block?.data ?? new Uint8Array())
      if (typeof found === 'string') expect(found).not.toMatch(/\.[cm]?[jt]s/)
      else expect((found as string[]).slice(0, 3)).toEqual(['undefined', 'undefined', 'undefined'])
    }
  })

  it('cannot change what other code relies on', () => {
    for (const change of [
      'Array.prototype.push = () => 0',
      'Object.prototype.x = 1',
      `require('@troupe/sdk-js').call = () => 0`,
      `require('@troupe/sdk-js').M.nat = () => 0`,
      'globalThis.Map = class {}',
      'delete globalThis.harden',
      'TextEncoder.prototype.encode = () => 0',
      'console.log = () => 0',
    ])
      expect([change, prepare(inBundle(`'use strict'; ${change}`))]).toEqual([
        change,
        expect.objectContaining({ isAccepted: false, code: 'actor/evaluation-failed' }),
      ])
  })
})
