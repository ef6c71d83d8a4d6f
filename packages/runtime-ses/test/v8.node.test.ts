import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { METHOD_CONSTRUCTOR, type MessageResult, methodNumber, type Runtime } from '@troupe/hypervisor'
import { cidOf, decodeIpld, encodeIpld, RAW } from '@troupe/ipld'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { createNodeRuntime, createV8Runtime } from '@troupe/runtime-ses/node'
import { type CodeNetwork, createCodeNetwork } from '@troupe/testkit'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { store } from './support/image-store.ts'
import { crypto, RULES } from './support/ses-network.ts'

const bytesOf = (script: string): Uint8Array => new TextEncoder().encode(CODE_HEADER + script)

/** What it is called with, it adds to its state, says in an event, and passes on to the actor that it is told of. */
const RELAY = `(function (require, exports) {
  const { call, defineActor, durable, fail, M } = require('@troupe/sdk-js');
  let calls = 0n;
  const early = Promise.reject(Error('early'));
  exports.default = defineActor('Relay', {
    state: { sum: 0n, seen: durable.map(M.nat(), M.string()), log: durable.array(M.nat()) },
    powers: ['directory', 'events', 'crypto', 'clock', 'message', 'funds'],
    facets: { public: M.interface('Relay', {
      add: M.call(M.nat(), M.string()).returns(M.nat()),
      pass: M.call(M.nat(), M.nat()).returns(M.any()),
      refuse: M.call(M.nat()).returns(),
      later: M.callWhen(M.nat()).returns(M.nat()),
      lose: M.callWhen(M.string()).returns(M.nat()),
      calls: M.call().returns(M.nat()),
      escape: M.call().returns(M.string()),
      catchAll: M.call().returns(),
      loop: M.call().returns(),
    }) },
    methods: { public: {
      add({ state, events, crypto }, n, text) {
        state.sum += n;
        state.seen.set(n, text);
        state.log.push(n);
        events.emit('added', { n, text });
        return state.sum;
      },
      pass({ directory }, id, n) {
        try { return call(directory.actor(id)).add(n, 'passed on'); }
        catch (error) { return error.message; }
      },
      refuse({ state }, code) { state.sum = 99n; fail(Number(code), 'as it was told'); },
      async later(_, n) { await null; return n + 1n; },
      lose({ state }, how) {
        state.sum = 99n;
        const fails = async () => { await null; throw Error('lost'); };
        const passes = async () => fails();
        const ways = {
          forgotten: () => { fails(); return 1n; },
          rejected: () => { Promise.reject('lost'); return 1n; },
          derived: () => { fails().then(() => {}); return 1n; },
          nested: () => { (async () => { await passes(); })(); return 1n; },
          early: () => { early.catch(() => {}); Promise.reject(Error('lost')); return 1n; },
          many: () => { for (let i = 0; i < 20; i++) fails(); return 1n; },
          both: () => { fails(); fail(40, 'itself'); },
          earlyCaught: () => { early.catch(() => {}); return 1n; },
          caught: () => { fails().catch(() => {}); return 1n; },
          passed: async () => { try { await passes(); } catch {} return 1n; },
          late: async () => { const lost = Promise.reject(Error('lost')); await null; await null; await lost.catch(() => {}); return 1n; },
          all: async () => { await Promise.all([fails(), fails(), 1]).catch(() => {}); return 1n; },
          settled: async () => BigInt((await Promise.allSettled([fails(), passes()])).length - 1),
          resolved: async () => { await new Promise((resolve) => resolve(fails())).then(undefined, () => {}); return 1n; },
          fifteen: async () => { const all = Array.from({ length: 16 }, (_, i) => Promise.reject(Error('lost ' + i))); await null; for (const each of all.slice(0, 15)) each.catch(() => {}); return 1n; },
          sixteen: async () => { const all = Array.from({ length: 17 }, (_, i) => Promise.reject(Error('lost ' + i))); await null; for (const each of all.slice(0, 16)) each.catch(() => {}); return 1n; },
          manyCaught: async () => { const all = Array.from({ length: 20 }, () => Promise.reject(Error('lost'))); await null; for (const each of all) each.catch(() => {}); return 1n; },
        };
        return ways[how]();
      },
      calls: () => (calls += 1n),
      escape({}) {
        const found = [];
        const tries = {
          process: () => Function('return process')(),
          constructor: () => (function () {}).constructor('return globalThis.process')(),
          raw: () => globalThis.raw ?? (0, eval)('raw'),
          stack: () => { try { null.x; } catch (error) { return error.stack; } },
          sites: () => {
            let found;
            try { Error.prepareStackTrace = (_, sites) => { found = sites; }; } catch {}
            try { null.x; } catch (error) { void error.stack; }
            return found;
          },
          async: () => (async () => {}).constructor('return process')(),
          generator: () => Object.getPrototypeOf(function* () {}).constructor('return process')().next().value,
        };
        for (const name of Object.keys(tries)) {
          try { if (tries[name]()) found.push(name); } catch {}
        }
        return found.join(' ');
      },
      catchAll({ state, directory }) {
        for (let i = 0; i < 3; i++) {
          try { fail(40, 'in vain'); } catch {}
          try { call(directory.actor(0n)).nothing(); } catch {}
        }
        state.sum = 1n;
      },
      loop() { for (;;); },
    } },
  });
})`

describe('V8 beside the engine in Wasm', () => {
  let runtimes: readonly Runtime[]
  beforeAll(async () => {
    runtimes = [
      await createNodeRuntime({ cache: store.directory }),
      await createV8Runtime({ timeoutMs: 60_000 }),
    ]
  })

  /** Makes the same calls with both, and gives what both came to. */
  async function both(calls: readonly (readonly [name: string, values: readonly unknown[], to?: number])[]) {
    const [wasm, v8] = await Promise.all(
      runtimes.map(async (runtime) => {
        const network = await createCodeNetwork([bytesOf(RELAY), bytesOf(RELAY)], {
          rules: RULES,
          runtimes: [runtime],
        })
        for (const actor of [101, 102]) expect(create(network, actor).receipt.exitCode).toBe(0)
        const results = calls.map(([name, values, to = 101]) =>
          network.send({ to, method: methodNumber(crypto, name), params: encodeIpld(values as never) }),
        )
        return {
          results: results.map(seen),
          heads: [101n, 102n].map((id) => network.network.machine.state.getActor(id)?.head),
        }
      }),
    )
    expect(v8).toEqual(wasm)
    return wasm?.results ?? []
  }

  const create = (network: CodeNetwork, to: number): MessageResult =>
    network.send({ from: 1, to, method: METHOD_CONSTRUCTOR })

  const seen = ({ receipt: { exitCode, returnData }, events, failure }: MessageResult) => ({
    ...{ exitCode, returnData, events: events.map(({ emitter, entries }) => ({ emitter, entries })) },
    message: failure?.message,
  })

  it('comes to the same results, events and states', async () => {
    const results = await both([
      ['Add', [5n, 'five']],
      ['Add', [7n, 'seven'], 102],
      ['Pass', [102n, 3n]],
      ['Refuse', [41n]],
      ['Refuse', [7n]],
      ['Pass', [102n, -1n]],
      ['Pass', [999n, 1n]],
      ['Later', [1n]],
      ['Nothing', []],
      ['Add', ['no number', 'text']],
      ['CatchAll', []],
    ])
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 41, 23, 16, 0, 0, 22, 16, 0])
    expect(decodeIpld(results[2]?.returnData ?? expect.fail())).toBe(10n)
    expect(results[0]?.events).toHaveLength(1)
  })

  it('lets nothing be lost: a call fails that leaves a promise rejected and nobody waiting for it', async () => {
    const lost = ['forgotten', 'rejected', 'derived', 'nested', 'early', 'many']
    const kept = ['earlyCaught', 'caught', 'passed', 'late', 'all', 'settled', 'resolved', 'manyCaught']
    const results = await both(
      [...lost, 'both', ...kept].map((how) => ['Lose', [how]] as [string, readonly unknown[]]),
    )
    expect(results.map(({ exitCode }) => exitCode)).toEqual([...lost.map(() => 24), 40, ...kept.map(() => 0)])
    for (const { message } of results.slice(0, lost.length))
      expect(message).toMatch(
        /^promise\/unhandled: public\.lose left a promise rejected that nothing waits for: (Error: lost|a thrown string: lost)$/,
      )
  })

  it('knows the reasons of sixteen promises, and counts the rest', async () => {
    const network = await createCodeNetwork([bytesOf(RELAY)], {
      rules: RULES,
      runtimes: [runtimes[0] as Runtime],
    })
    create(network, 101)
    const failureOf = (how: string): string | undefined =>
      network.send({ method: methodNumber(crypto, 'Lose'), params: encodeIpld([how]) }).failure?.message
    expect(failureOf('fifteen')).toMatch(/nothing waits for: Error: lost 15$/)
    expect(failureOf('sixteen')).toMatch(/nothing waits for$/)
  })

  it('begins every call with the module as it was at install', async () => {
    const results = await both([
      ['Calls', []],
      ['Calls', []],
    ])
    expect(results.map(({ returnData }) => decodeIpld(returnData))).toEqual([1n, 1n])
  })

  it('lets nothing of the host through', async () => {
    const [result] = await both([['Escape', []]])
    expect(decodeIpld(result?.returnData ?? expect.fail())).toBe('')
  })

  it('shows a debugger the files that code is in, stops where it is told to, and counts what ran', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-v8-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'paused.js')
    const script = `(function (require, exports) {
      const { defineActor, M } = require('@troupe/sdk-js');
      const half = (n) => {
        debugger;
        return n > 100n ? n / 2n : n;
      };
      exports.default = defineActor('Paused', { facets: { public: M.interface('Paused', { half: M.call(M.nat()).returns(M.nat()) }) }, methods: { public: { half: (_, n) => half(n) } } });
    })`
    writeFileSync(file, CODE_HEADER + script)
    writeFileSync(`${file}.map`, '{}')
    const url = pathToFileURL(file).href
    const session = new Session()
    session.connect()
    onTestFinished(() => session.disconnect())
    const maps = new Set<unknown>()
    const stops: unknown[] = []
    const scripts = new Map<string, string>()
    session.on('Debugger.scriptParsed', ({ params }) => {
      scripts.set(params.scriptId, params.url)
      if (params.url === url) maps.add(params.sourceMapURL)
    })
    session.on('Debugger.paused', ({ params: { callFrames } }) => {
      const [{ callFrameId, functionName, location }] = callFrames as [(typeof callFrames)[number]]
      session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'String(n)' }, (_, answer) =>
        stops.push([scripts.get(location.scriptId), functionName, location.lineNumber, answer.result.value]),
      )
      session.post('Debugger.resume')
    })
    session.post('Debugger.enable')
    session.post('Profiler.enable')
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
    const runtime = await createV8Runtime({ files: [file] })
    const network = await createCodeNetwork([bytesOf(script)], { rules: RULES, runtimes: [runtime] })
    create(network, 101)
    network.send({ method: methodNumber(crypto, 'Half'), params: encodeIpld([7n]) })
    expect([...maps]).toEqual([`${url}.map`])
    // Lines from 0; the header is the first.
    expect(stops).toEqual([[url, 'half', 4, '7']])
    const covered: unknown[] = []
    session.post('Profiler.takePreciseCoverage', (_, { result }) => {
      const functions = result.filter((each) => each.url === url).flatMap((each) => each.functions)
      covered.push(
        ...functions.filter(({ functionName, ranges }) => functionName === 'half' && ranges[0]?.count === 1),
      )
    })
    expect(covered).toHaveLength(2)
  })

  it('says that its results are simulated, and why', async () => {
    const network = await createCodeNetwork([bytesOf(RELAY)], { rules: RULES, runtimes: runtimes.slice(1) })
    const { fidelity } = create(network, 101)
    expect(fidelity).toMatchObject({ level: 'simulated', reasons: [expect.stringContaining('V8')] })
  })

  it('ends code that never ends by itself, without a receipt', async () => {
    const network = await createCodeNetwork([bytesOf(RELAY)], {
      ...{ rules: RULES, runtimes: [await createV8Runtime({ timeoutMs: 2000 })] },
    })
    create(network, 101)
    const { head } = network.network.machine.state.getActor(101n) ?? expect.fail()
    expect(() => network.send({ method: methodNumber(crypto, 'Loop') })).toThrow(
      expect.objectContaining({ code: 'ses/timeout' }),
    )
    expect(network.network.machine.state.getActor(101n)?.head).toEqual(head)
  })

  it.each([
    ['a syntax error', `(function (require, exports) {\n  let x = = 3;\n})`],
    ['what it wants', `(function (require, exports) { fetch('x') })`],
    ['a module that is not there', `(function (require, exports) { require('node:fs') })`],
    ['what it throws', `(function (require, exports) { throw Error('at once') })`],
    ['its export', `(function (require, exports) { exports.default = 7 })`],
    ['no bundle', `7`],
  ])('refuses code for %s by the same code, and in the same line', (_, script) => {
    const bytes = bytesOf(script)
    const [wasm, v8] = runtimes.map((runtime) => {
      const verdict = runtime.validate?.(cidOf(crypto, RAW, bytes), bytes, RULES, () => undefined)
      if (typeof verdict !== 'object') return verdict
      return { code: verdict.code, line: /\(line \d+/.exec(verdict.reason)?.[0] }
    })
    expect(v8).toEqual(wasm)
    expect(v8).toMatchObject({ code: expect.stringMatching(/^actor\//) })
  })
})
