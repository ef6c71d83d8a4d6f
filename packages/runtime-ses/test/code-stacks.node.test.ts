import {
  CallTree,
  type CodeFrame,
  METHOD_CONSTRUCTOR,
  type MessageResult,
  methodNumber,
  type Runtime,
} from '@troupe/hypervisor'
import { decodeIpld, encodeIpld, type IpldValue } from '@troupe/ipld'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { createNodeRuntime, createV8Runtime } from '@troupe/runtime-ses/node'
import { type CodeNetwork, createCodeNetwork, type SendOptions } from '@troupe/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { codeFrames, MAXIMUM_SEARCH } from '../src/host/code-frames.ts'
import { MAXIMUM_SITES, MAXIMUM_TEXT } from '../src/host/places-script.ts'
import { store } from './support/image-store.ts'
import { crypto, RULES } from './support/ses-network.ts'

const SCRIPT = `${CODE_HEADER}(function (require, exports) {
  const { CallError, call, defineActor, durable, fail, M } = require('@troupe/sdk-js');
  function check(n) {
    /* é😀 */ if (n > 3n) throw new RangeError('too many');
  }
  const twice = (n) => { check(n); return 2n * n; };
  const early = new Error('made when the code was made ready');
  class Till {
    take(n) { return twice(n); }
  }
  const nothing = M.call().returns();
  exports.default = defineActor('Stacks', {
    state: { count: 0n, order: durable.value(null, M.or(M.null(), M.nat())) },
    powers: ['directory'],
    facets: { public: M.interface('Stacks', {
      add: M.call(M.nat()).returns(),
      later: M.callWhen(M.nat()).returns(),
      end: nothing, early: nothing, text: nothing, none: nothing, kept: nothing, evaluated: nothing, compiled: nothing, deep: nothing, spin: nothing,
      down: nothing, heap: nothing, getter: nothing, constructed: nothing, grown: nothing, long: nothing, named: nothing,
      seen: M.call().returns(M.string()),
      pass: M.call(M.nat(), M.nat()).returns(M.nat()),
    }) },
    methods: { public: {
      add({ state }, n) { state.count += n; [n].forEach((each) => new Till().take(each)); },
      async later({}, n) { await null; check(n); },
      end() { fail(40, 'enough'); },
      early() { throw early; },
      text() { throw 'a text'; },
      none() { throw null; },
      kept({ state }) { state.order = 'a text'; },
      evaluated() { new Compartment().evaluate('\\n\\n(() => { null.x })()'); },
      compiled() { Function('\\nreturn null.x')(); },
      deep() { const down = (n) => { if (n > 0) down(n - 1); else null.x; }; down(50); },
      spin() { const round = () => { for (;;) check(1n); }; round(); },
      down() { const again = () => { again(); }; again(); },
      heap() { const all = []; for (;;) all.push(new Uint8Array(1 << 20)); },
      getter() { class Odd extends Error { get stack() { throw 1; } } throw new Odd('odd'); },
      constructed() { class A { constructor() { null.x; } } new A(); },
      grown() { const all = []; for (let i = 0; i < 300; i++) all.push(new Error('kept')); throw all[7]; },
      named() { const odd = { ['odd\\n' + '-'.repeat(200)]() { null.x; } }; for (const key in odd) odd[key](); },
      long() { const f = () => { null.x; /* ${'-'.repeat(5000)} */ }; f(); },
      seen() {
        let sites;
        try { Error.prepareStackTrace = (_, found) => { sites = found; }; } catch {}
        try { Error.stackTraceLimit = 2; } catch {}
        try { check(9n); } catch (error) {
          const held = {};
          Error.captureStackTrace?.(held);
          return JSON.stringify([error.stack, held.stack, sites === undefined, Error.stackTraceLimit === undefined]);
        }
      },
      pass({ state, directory }, id, n) {
        try { call(directory.actor(id)).add(n); }
        catch (error) { if (!(error instanceof CallError)) throw error; }
        return state.count;
      },
    } },
  });
})`
const LINES = SCRIPT.split('\n')
const lineOf = (text: string): number => LINES.findIndex((line) => line.includes(text)) + 1

async function createNetwork(runtime: Runtime): Promise<CodeNetwork> {
  const code = new TextEncoder().encode(SCRIPT)
  const network = await createCodeNetwork([code, code], { rules: RULES, runtimes: [runtime] })
  for (const to of [101, 102])
    expect(network.send({ to, from: 1, method: METHOD_CONSTRUCTOR }).receipt.exitCode).toBe(0)
  return network
}

function call(
  { send }: CodeNetwork,
  method: string,
  values: readonly IpldValue[],
  options: SendOptions = {},
): MessageResult {
  const params = encodeIpld(values)
  return send({ method: methodNumber(crypto, method), params, gasLimit: 1_000_000_000n, ...options })
}

describe.each(['quickjs', 'v8'] as const)('an actor that fails, in %s,', (engine) => {
  let runtime: Runtime
  let network: CodeNetwork
  beforeAll(async () => {
    runtime =
      engine === 'v8'
        ? await createV8Runtime({ timeoutMs: 60_000 })
        : await createNodeRuntime({ cache: store.directory })
    network = await createNetwork(runtime)
  })

  /** Where a method that fails does so. */
  function failing(method: string, ...values: IpldValue[]): (readonly [string | undefined, number])[] {
    const tree = new CallTree()
    const { failure, receipt } = call(network, method, values, { trace: tree.listener })
    expect(receipt.exitCode).not.toBe(0)
    const stack = failure?.backtrace?.frames[0]?.stack
    expect(tree.roots[0]?.stack).toEqual(stack)
    return (stack?.frames ?? []).map(({ functionName, line }) => [functionName, line] as const)
  }
  it('says which functions were being run, the innermost first', () => {
    expect(failing('Add', 9n)).toEqual([
      ['check', lineOf('too many')],
      ['twice', lineOf('const twice')],
      ['take', lineOf('take(n) {')],
      [undefined, lineOf('add({ state }')],
      ['add', lineOf('add({ state }')],
    ])
    expect(failing('End')).toEqual([['end', lineOf('end() {')]])
    expect(failing('Getter').at(-1)).toEqual(['getter', lineOf('getter() {')])
    const line = lineOf('constructed() {')
    expect(failing('Constructed')).toEqual(['A', 'constructed'].map((name) => [name, line]))
  })

  it('says so after it has waited, too', () => {
    expect(failing('Later', 9n)).toEqual([
      ['check', lineOf('too many')],
      ['later', lineOf('async later')],
    ])
  })

  it('says where an error was made, even if that was when its code was made ready', () => {
    expect(failing('Early')).toEqual([[undefined, lineOf('const early')]])
  })

  it('says where it did what the SDK refuses', () => {
    expect(failing('Kept')).toEqual([['kept', lineOf('kept({ state }')]])
  })

  it('says nothing where what was thrown is no error', () => {
    expect(failing('Text')).toEqual([])
    expect(failing('None')).toEqual([])
  })

  it('says nothing of code that it has evaluated itself, but where it did', () => {
    expect(failing('Evaluated')).toEqual([['evaluated', lineOf('evaluated() {')]])
    expect(failing('Compiled')).toEqual([['compiled', lineOf('compiled() {')]])
  })

  it('says no more than 16 places', () => {
    const down = ['down', lineOf('deep() {')]
    expect(failing('Deep')).toEqual(Array.from({ length: MAXIMUM_SITES }, () => down))
  })

  it('may call a function what it likes: in a stack that is in one line, and no longer than others', () => {
    const [name] = failing('Named')[0] ?? []
    expect(name).toBe(`odd\ufffd${'-'.repeat(124)}`)
  })

  it('sees nothing of all that itself', () => {
    const { receipt } = call(network, 'Seen', [])
    expect(decodeIpld(receipt.returnData)).toBe(JSON.stringify(['', '', true, true]))
  })

  it('is told of in the trace of whoever has called it, and goes on', async () => {
    const fresh = await createNetwork(runtime)
    const tree = new CallTree()
    const { failure, receipt } = call(fresh, 'Pass', [102n, 9n], { trace: tree.listener })
    expect([receipt.exitCode, failure, tree.roots[0]?.stack]).toEqual([0, undefined, undefined])
    expect(tree.roots[0]?.calls[0]?.stack?.frames).toHaveLength(5)
  })

  it('comes to the same whether anybody listens or not', async () => {
    const methods: readonly (readonly [method: string, ...values: IpldValue[]])[] = [
      ...(engine === 'v8' ? [] : ([['Spin'], ['Heap'], ['Down']] as const)),
      ...([
        ['Add', 9n],
        ['Later', 9n],
        ['Deep'],
        ['Kept'],
        ['Grown'],
        ['Evaluated'],
        ['Text'],
        ['Getter'],
      ] as const),
      ...([['Pass', 102n, 9n], ['Pass', 102n, 2n], ['Add', 1n], ['Seen']] as const),
    ]
    const [traced, untraced] = [await createNetwork(runtime), await createNetwork(runtime)]
    for (const [method, ...values] of methods) {
      const trace = new CallTree().listener
      const { receipt } = call(traced, method, values, { trace })
      expect([method, receipt]).toEqual([method, call(untraced, method, values).receipt])
    }
    expect(traced.network.machine.flush()).toEqual(untraced.network.machine.flush())
  })
})

describe('an actor that fails, in quickjs,', () => {
  let network: CodeNetwork
  beforeAll(async () => {
    network = await createNetwork(await createNodeRuntime({ cache: store.directory }))
  })
  const stackOf = (method: string, options?: SendOptions): readonly CodeFrame[] => {
    const { failure } = call(network, method, [], { trace: () => {}, ...options })
    return failure?.backtrace?.frames[0]?.stack?.frames ?? []
  }

  it('says where it was when its gas was used up', () => {
    for (const gasLimit of [100_000_000n, 100_000_001n, 123_456_789n])
      expect(
        stackOf('Spin', { gasLimit })
          .map(({ functionName }) => functionName)
          .slice(-2),
      ).toEqual(['round', 'spin'])
  })

  it('says nothing where it has no stack left to say it with', () => {
    expect(stackOf('Down')).toEqual([])
  })

  it('tells nobody where nobody listens', () => {
    const { failure } = call(network, 'End', [])
    expect(failure?.backtrace?.frames[0]).not.toHaveProperty('stack')
  })

  it('knows the places of functions whose text is not handed over whole', () => {
    expect(LINES.find((line) => line.includes('long()'))?.length).toBeGreaterThan(MAXIMUM_TEXT)
    expect(stackOf('Long').map(({ functionName }) => functionName)).toEqual(['f', 'long'])
  })
})

it('a stack of functions as long as scripts can be is told, or left out where there are so many that it takes too long', async () => {
  const script = `${CODE_HEADER}(function (require, exports) { const { defineActor, M } = require('@troupe/sdk-js');
    function down(n) { /* ${'-'.repeat(1_048_000)} */ if (n > 0n) down(n - 1n); else null.x; }
    const guard = M.interface('Long', { go: M.call(M.nat()).returns() });
    exports.default = defineActor('Long', { facets: { public: guard }, methods: { public: { go(_, n) { down(n); } } } }); })`
  const runtimes = [await createNodeRuntime({ cache: store.directory })]
  const network = await createCodeNetwork([new TextEncoder().encode(script)], { rules: RULES, runtimes })
  expect(network.send({ from: 1, method: METHOD_CONSTRUCTOR }).receipt.exitCode).toBe(0)
  const stackOf = (depth: bigint) => {
    const { failure } = call(network, 'Go', [depth], { trace: () => {} })
    return failure?.backtrace?.frames[0]?.stack?.frames.map(({ functionName }) => functionName)
  }
  expect(stackOf(0n)).toEqual(['down', 'go'])
  expect(stackOf(40n)).toBeUndefined()
})

describe('a place that the engine tells of', () => {
  it('is looked for among so many units of the script, and left out where it would take more', () => {
    const place = (script: string, offset: number, text: string, length: number) =>
      codeFrames(script, [
        { file: '<input>', functionName: 'f', line: 1, column: offset + 1, text, length },
      ])[0]
    const text = 'function f(){'
    const script = `${text}${'-'.repeat(MAXIMUM_SEARCH)}`
    expect(place(script, MAXIMUM_SEARCH, text, script.length)?.column).toBe(MAXIMUM_SEARCH + 1)
    expect(place(script, MAXIMUM_SEARCH + 1, text, script.length)).toBeUndefined()
    // Text that is nearly that of the function, again and again: it took a second for each place.
    const near = `${'a'.repeat(4095)}b`.repeat(256)
    const before = process.cpuUsage()
    const told = { file: '<input>', functionName: 'f', line: 1, column: near.length, length: 2 * near.length }
    expect(
      codeFrames(
        near,
        Array.from({ length: 16 }, () => ({ ...told, text: 'a'.repeat(4096) })),
      ),
    ).toEqual([])
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
  })

  it('is found behind any number of lines and characters of several bytes', () => {
    const before = `// ${'é😀'.repeat(1500)}\r\n${'\n'.repeat(5000)}/* ${'€'.repeat(3000)} */ `
    const text = 'function f(){null.x}'
    const [line, column] = [5002, new TextEncoder().encode(`/* ${'€'.repeat(3000)} */ `).length + 14]
    const told = { file: '<input>', functionName: 'f', line, column, text, length: text.length }
    expect(codeFrames(`${before}${text}`, [told])).toEqual([
      { functionName: 'f', line, column: 3007 + 14, nameAt: { line, column: 3007 + 10 } },
    ])
  })

  const script =
    "// é\nconst e=(a)=>{b()};function f(){'é😀';c()}class G{x(){d()}}\r\nasync function* g(){h()}"
  const told = { file: '<input>', functionName: undefined }
  const place = (functionName: string | undefined, line: number, column: number, text: string) =>
    codeFrames(script, [{ ...told, functionName, line, column, text, length: text.length }])

  it('has its column in units of UTF-16, and where the function has its name', () => {
    expect(place('e', 2, 15, '(a)=>{b()}')).toEqual([
      { functionName: 'e', line: 2, column: 15, nameAt: { line: 2, column: 7 } },
    ])
    const text = "function f(){'é😀';c()}"
    const bytes = new TextEncoder().encode("const e=(a)=>{b()};function f(){'é😀';").length
    expect(place('f', 2, bytes + 1, text)).toEqual([
      {
        functionName: 'f',
        line: 2,
        column: "const e=(a)=>{b()};function f(){'é😀';".length + 1,
        nameAt: { line: 2, column: 29 },
      },
    ])
    expect(place('g', 3, 21, 'async function* g(){h()}')).toEqual([
      { functionName: 'g', line: 3, column: 21, nameAt: { line: 3, column: 17 } },
    ])
    expect(place('G', 2, 55, 'class G{x(){d()}}')[0]?.nameAt).toEqual({ line: 2, column: 49 })
    expect(place(undefined, 2, 15, '(a)=>{b()}')).toEqual([{ functionName: undefined, line: 2, column: 15 }])
    expect(place('x', 2, 55, 'x(){d()}')[0]).not.toHaveProperty('nameAt')
  })

  it('is left out where the script has another text there, or nothing', () => {
    expect(place('e', 2, 3, '(a)=>{b()}')).toEqual([])
    expect(place('e', 2, 30, '(a)=>{b()}')).toEqual([])
    expect(place('e', 9, 1, '(a)=>{b()}')).toEqual([])
    expect(place('e', 2, 15, '(z)=>{b()}')).toEqual([])
    expect(place('e', 2, 15, '')).toEqual([])
    expect(
      codeFrames(script, [
        { ...told, file: 'actor.js', line: 2, column: 15, text: '(a)=>{b()}', length: 10 },
      ]),
    ).toEqual([])
  })
})
