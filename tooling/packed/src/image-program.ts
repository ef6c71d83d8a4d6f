/** @module A program that boots an engine for hardened JavaScript, makes an actor's image in it, and says what became of its memory and how much gas that took. */
import { SMALL_SDK } from '@troupe/testkit'

/**
 * What an actor does while it is made ready: the library of functions of numbers, sorting, regular expressions, big numbers, text, the collector, recursion until the stack ends, and memory that grows. All that could differ
 * from host to host leaves its mark in memory.
 */
const WORKLOAD = `
const marks = [];
for (const name of ['sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'exp', 'expm1', 'log', 'log1p', 'log10', 'cbrt', 'atan', 'asinh'])
  for (let i = 1; i < 30; i++) marks.push(name + Math[name](i / 7));
marks.push(String(0 / 0), Object.is(-0, 0), (0.1 + 0.2).toPrecision(21), 1e21 + '', (123.456).toString(36));
const view = new DataView(new ArrayBuffer(8));
view.setFloat64(0, Math.sqrt(-1));
marks.push(view.getBigUint64(0).toString(16));
const numbers = Array.from({ length: 700 }, (_, i) => (i * 7919) % 2003);
let comparisons = 0;
numbers.sort((a, b) => { comparisons++; return a - b });
marks.push(comparisons);
marks.push('aXbXc'.repeat(200).replace(/([a-c])X/g, (all, it) => it + all).length, '\\u1e9b\\u0323'.normalize('NFKD'));
marks.push((7n ** 900n).toString(), JSON.stringify(numbers).length);
for (let i = 0; i < 4000; i++) { const a = {}; const b = { a }; a.b = b }
let depth = 0;
const down = () => { depth++; down() };
try { down() } catch (error) { marks.push(error.name, depth) }
const kept = new Map();
for (let i = 0; i < 4000; i++) kept.set('key ' + i, [i]);
({ marks, kept, 2() {} })`

/** The program, for a project that has the packages installed. */
export function imageProgram(): string {
  return `import { loadCrypto } from '@troupe/crypto'
import { GasTracker, NV28, withUserActors } from '@troupe/hypervisor'
import { cidOf, RAW } from '@troupe/ipld'
import { CODE_HEADER, ses, sesRuntime } from '@troupe/runtime-ses'
import { nodeParts } from '@troupe/runtime-ses/node'

const crypto = await loadCrypto()
const rules = withUserActors(NV28)
const runtime = sesRuntime({ parts: nodeParts(() => ${JSON.stringify(SMALL_SDK)}), crypto })
const code = new TextEncoder().encode(CODE_HEADER + ${JSON.stringify(WORKLOAD)})
const cid = cidOf(crypto, RAW, code)
const gas = new GasTracker(10n ** 13n)
const verdict = runtime.validate(cid, code, rules, () => undefined, gas)
// The SDK as it is published boots to the image that is pinned, or this fails.
const { module, options } = ses({ cache: false })
const released = await (await import(module)).create(options)
released.imageCid(rules)
console.log(runtime.imageCid(rules).toString(), runtime.codeImageCid(cid, code, rules).toString(), gas.used, JSON.stringify(verdict))
`
}
