/**
 * @module What people try against whoever runs their JavaScript: to make it work for nothing, to make it fall over, and to get out. Each attack is the body of a function.
 */

/** An attack: a name, and the body of a function. */
export interface JavaScriptAttack {
  readonly name: string
  readonly body: string
}

function attacks(bodies: Readonly<Record<string, string>>): readonly JavaScriptAttack[] {
  return Object.entries(bodies).map(([name, body]) => ({ name, body }))
}

/** Much work for little code: in regular expressions, built-in functions, big numbers, memory, promises, loops that catch everything. */
export const EXHAUSTIONS: readonly JavaScriptAttack[] = attacks({
  'a regular expression that backtracks': `/^(a+)+$/.test('a'.repeat(40) + 'b')`,
  'a regular expression with references back': `/^(a*)*\\1b$/.test('a'.repeat(200))`,
  'a regular expression that looks ahead and behind': `/(?=(a+))+(?<=(a+)+)c/.test('a'.repeat(400))`,
  'filling a long array': `new Array(5e7).fill(0)`,
  'spreading the keys of a long array': `[...Array(3e7).keys()]`,
  'an array from a length': `Array.from({ length: 2e7 }, (_, i) => i)`,
  'filling typed arrays': `for (let all = 0; ; all++) new Uint8Array(16e6).fill(all)`,
  'copying within a typed array': `const bytes = new Uint8Array(16e6); for (;;) bytes.copyWithin(1, 0)`,
  'rejecting promises that nobody waits for': `for (;;) Promise.reject(1)`,
  'rejecting promises and waiting for them': `for (;;) Promise.reject(1).catch(() => {})`,
  'sorting a typed array': `const all = new Uint32Array(4e6); for (let i = 0; i < all.length; i++) all[i] = i * 2654435761; all.sort()`,
  'sorting with a comparison': `const all = []; for (let i = 0; i < 1e6; i++) all.push(i * 7919 % 1000003); all.sort((a, b) => a - b)`,
  'converting arrays again and again': `Array.from({ length: 2e4 }, (_, i) => [i]).reduce((all, each) => [...all, each])`,
  'looking backwards in something long': `Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)`,
  'looking in an array with holes': `const all = []; all[4294967294] = 1; all.indexOf(2)`,
  'joining an array of nothing': `new Array(2 ** 32 - 1).join()`,
  'a map that grows': `const all = new Map(); for (let i = 0; ; i++) all.set(i, {})`,
  'a set of strings that grows': `const all = new Set(); for (let i = 0; ; i++) all.add('number ' + i)`,
  'an object that grows': `const all = {}; for (let i = 0; ; i++) all['k' + i] = i`,
  'symbols that are registered': `for (let i = 0; ; i++) Symbol.for('s' + i)`,
  'garbage in circles': `for (;;) { const a = {}; const b = { a }; a.b = b; new WeakMap([[a, b]]) }`,
  'replacing all': `'a'.repeat(1e6).replaceAll('a', 'b'.repeat(1000))`,
  flattening: `let all = [1, 2]; for (;;) all = [all, all].flat(Infinity)`,
  'repeating a string and looking in it': `'x'.repeat(2e7).indexOf('y')`,
  'a string that doubles': `let text = 'abc'; for (;;) text = text + text + text.length`,
  'splitting and joining': `let text = 'a,b'; for (;;) text = text.split(',').join(',a,')`,
  'normalising text': `('\\u1e9b\\u0323'.repeat(2e5)).normalize('NFKD')`,
  'changing the case of text': `let text = '\\u0130'.repeat(1e5); for (;;) text = text.toLowerCase().toUpperCase()`,
  'a power of a big number': `3n ** 40000000n`,
  'shifting a big number': `for (let n = 1n; ; n += 1n) 1n << 8000000n + n`,
  'writing a big number': `(7n ** 400000n).toString()`,
  'multiplying big numbers': `let n = 3n; for (;;) n *= n`,
  'writing JSON': `let all = [1]; for (let i = 0; i < 24; i++) all = [all, all]; JSON.stringify(all)`,
  'reading JSON': `JSON.parse('[' + '1,'.repeat(2e6) + '1]')`,
  'promises without end': `const next = () => Promise.resolve().then(next); return next()`,
  'waiting without end': `return (async () => { for (;;) await null })()`,
  'catching everything': `for (;;) { try { for (;;); } catch {} finally { continue } }`,
  'generators without end': `const all = function* () { for (;;) yield* all() }; for (const each of all()) each`,
  'a proxy that answers itself': `const all = new Proxy({}, { get: (_, name, self) => self[name + 1] }); all.a`,
  'arguments without number': `const all = new Array(60000).fill(1); for (;;) Math.max(...all, ...all)`,
  'reading code without end': `for (let i = 0; ; i++) Function('return ' + '1+'.repeat(1e4) + i)`,
  'a compartment a turn': `for (;;) new Compartment()`,
})

/** Recursion in everything that can recur, and what ends it is the same on every host. */
export const RECURSIONS: readonly JavaScriptAttack[] = attacks({
  'a function': `const f = () => f() + 1; f()`,
  'two functions': `const f = () => g(); const g = () => f(); f()`,
  'a value by default': `const f = (a = f()) => a; f()`,
  'a getter': `const all = { get it() { return this.it } }; all.it`,
  'a constructor': `class All { constructor() { this.it = new All() } }; new All()`,
  'a conversion': `const all = { toString() { return '' + this } }; String(all)`,
  'arrays in arrays, as text': `let all = []; for (let i = 0; i < 2e4; i++) all = [all]; String(all)`,
  'arrays in arrays, as JSON': `let all = []; for (let i = 0; i < 2e4; i++) all = [all]; JSON.stringify(all)`,
  'JSON in JSON': `JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))`,
  'groups in groups': `new RegExp('('.repeat(1e5) + ')'.repeat(1e5))`,
  'brackets in brackets': `Function('return ' + '['.repeat(1e5) + ']'.repeat(1e5))`,
  'functions in functions': `Function('(() => '.repeat(1e4) + '1' + ')'.repeat(1e4))`,
  'a chain of proxies': `let all = {}; for (let i = 0; i < 1e4; i++) all = new Proxy(all, {}); all.it`,
  'a chain of bound functions': `let f = () => 1; for (let i = 0; i < 1e4; i++) f = f.bind(null); f()`,
  'a chain of prototypes': `let all = {}; for (let i = 0; i < 1e5; i++) all = Object.create(all); all.it`,
  'a rope': `let text = ''; for (let i = 0; i < 1e5; i++) text = 'a' + text + 'b'; text.charCodeAt(7)`,
  'a list that is let go': `let all; for (let i = 0; i < 3e5; i++) all = { all }; all = undefined`,
  'a comparison that sorts': `const f = () => [2, 1].sort(f); f()`,
  'a replacement that replaces': `const f = () => 'a'.replace(/a/, f); f()`,
  'generators in generators': `function* f() { yield* f() } [...f()]`,
  'a promise that waits for itself': `let resolve; const all = new Promise((it) => { resolve = it }); resolve(all); return all.catch(() => 0)`,
})

/** Ways out of a compartment, or to what others share. Each body gives `true` where the way is closed. */
export const ESCAPES: readonly JavaScriptAttack[] = attacks({
  'the constructor of functions': `try { return (() => {}).constructor('return this')() === undefined } catch { return true }`,
  'the constructor of other functions': `return [async () => {}, function* () {}, async function* () {}].every((f) => { try { f.constructor('return this')(); return false } catch { return true } })`,
  'the constructor that is global': `return Function('return this')() === undefined && Function('return globalThis')() === globalThis && globalThis.Function === Function`,
  'indirect evaluation': `return (0, eval)('this') === globalThis && (0, eval)('globalThis') === globalThis`,
  'this of a sloppy function': `return Function('return (function () { return this })()')() === undefined`,
  importing: `try { return Function('return imp' + 'ort("std")')() instanceof Promise === false } catch { return true }`,
  'importing, written otherwise': `try { (0, eval)('\\\\u0069mport("std")'); return false } catch { return true }`,
  'importing, behind a comment': `try { (0, eval)('imp' + 'ort/**/("std")'); return false } catch { return true }`,
  'comments of HTML': `try { (0, eval)('<' + '!-- 1'); return false } catch { return true }`,
  'a method that all arrays have': `try { Array.prototype.push = () => 7; return false } catch { return [].push(1) === 1 }`,
  'what all objects have': `try { ({}).__proto__.polluted = 1 } catch {} return ({}).polluted === undefined`,
  'what all objects have, as a getter': `try { ({}).__defineGetter__.call(Object.prototype, 'polluted', () => 1) } catch {} return ({}).polluted === undefined`,
  'the prototype of all objects': `try { Object.setPrototypeOf(Object.prototype, { polluted: 1 }) } catch {} return ({}).polluted === undefined`,
  'what promises call': `try { Promise.prototype.then = () => 7; return false } catch {} try { Object.defineProperty(Promise, Symbol.species, { value: 7 }); return false } catch { return true }`,
  'what iteration calls': `try { Object.getPrototypeOf([][Symbol.iterator]()).next = () => 7; return false } catch { return [...[1]].length === 1 }`,
  'what matching calls': `try { RegExp.prototype.exec = () => 7; return false } catch { return /a/.test('a') }`,
  'what was matched last': `/secret/.exec('secret'); return RegExp.$1 === undefined && RegExp.lastMatch === undefined && RegExp.input === undefined`,
  'compiling an expression anew': `return RegExp.prototype.compile === undefined`,
  'the stack of an error': `try { null.x } catch (error) { return (error.stack ?? '') === '' }`,
  'who calls': `let seen; try { Error.prepareStackTrace = (error, sites) => { seen = sites } } catch {} try { null.x } catch (error) { error.stack } return seen === undefined && (Error.prepareStackTrace?.({}, []) ?? '') === ''`,
  'the caller of a function': `try { return (function () { return arguments.callee })() === undefined } catch { return true }`,
  'the caller, sloppy': `try { return Function('return (function f() { return f.caller })()')() == null } catch { return true }`,
  'an error of the host': `const f = () => f(); try { f() } catch (error) { return error instanceof RangeError && error.constructor === RangeError && Object.getPrototypeOf(RangeError) === Error }`,
  'an error of the host and its constructor': `const f = () => f(); try { f() } catch (error) { try { error.constructor.constructor('return this')(); return false } catch { return true } }`,
  'an error of syntax': `try { (0, eval)('}') } catch (error) { return error instanceof SyntaxError && Object.isFrozen(Object.getPrototypeOf(error)) }`,
  'bits of NaN': `return typeof Float64Array === 'undefined' && (() => { const view = new DataView(new ArrayBuffer(8)); view.setBigUint64(0, 0xfff8000000000123n); const nan = view.getFloat64(0); view.setFloat64(0, nan); return view.getBigUint64(0) === 0x7ff8000000000000n })()`,
  'a clock': `return [() => Date.now(), () => new Date(), () => Date(), () => new (class extends Date {})()].every((run) => { try { run(); return false } catch { return true } })`,
  'a clock of the intrinsic': `return [() => new Date(0).constructor.now(), () => new (new Date(0).constructor)()].every((run) => { try { run(); return false } catch { return true } })`,
  chance: `try { Math.random(); return false } catch { return true }`,
  'the collector': `return [typeof WeakRef, typeof FinalizationRegistry, typeof gc].every((each) => each === 'undefined')`,
  'memory that is shared': `return [typeof SharedArrayBuffer, typeof Atomics].every((each) => each === 'undefined')`,
  'the engine': `return ['std', 'os', 'bjson', 'print', 'scriptArgs', 'performance', 'navigator', 'queueMicrotask', 'setTimeout', 'fetch', 'process', 'require', 'host'].every((name) => !(name in globalThis))`,
  'locking down again': `try { lockdown(); return false } catch { return typeof repairIntrinsics === 'undefined' }`,
  'hardening, redefined': `try { harden = (it) => it } catch {} return Object.isFrozen(harden({ a: 1 })) || globalThis.harden !== undefined`,
  'a compartment in it': `const inner = new Compartment(); return inner.evaluate('typeof Date.now') === 'function' && (() => { try { inner.evaluate('Date.now()'); return false } catch { return true } })()`,
  'a compartment and its constructors': `const inner = new Compartment(); return inner.evaluate('Object') === Object && inner.globalThis.Function !== Function && (() => { try { inner.evaluate('(() => {}).constructor("return this")()'); return false } catch { return true } })()`,
  'what a scope hides': `try { Object.defineProperty(globalThis, Symbol.unscopables, { value: { Object: true } }) } catch {} return (0, eval)('typeof Object') === 'function'`,
  'the scope that code is evaluated in': `const source = 'arguments.length === 1 && arguments[0]'; return (0, eval)(source) === source && ['scopeHandler', 'optimizer', 'evaluate', 'intrinsics', 'evalScope'].every((name) => (0, eval)('typeof ' + name) === 'undefined')`,
  'assigning what is not there': `try { Function('notThereAtAll = 1')(); return globalThis.notThereAtAll === undefined } catch { return true }`,
  'symbols that others know': `return Symbol.for('@@left') === Symbol.for('@@left') && !Object.isExtensible(Symbol)`,
  'intrinsics that nobody froze': `const seen = new Set(); const open = []; const visit = (it, path) => { if (it === null || (typeof it !== 'object' && typeof it !== 'function') || seen.has(it)) return; seen.add(it); if (!Object.isFrozen(it)) open.push(path); for (const key of Reflect.ownKeys(it)) { const d = Reflect.getOwnPropertyDescriptor(it, key); for (const part of ['value', 'get', 'set']) visit(d[part], path + '.' + String(key)) } visit(Reflect.getPrototypeOf(it), path + '.__proto__') };
    for (const it of [Object, Array, Map, Set, WeakMap, WeakSet, Promise, RegExp, String, Number, BigInt, Boolean, Symbol, Math, JSON, Reflect, Proxy, Error, TypeError, RangeError, SyntaxError, Date, ArrayBuffer, DataView, Uint8Array, [][Symbol.iterator](), ''[Symbol.iterator](), new Map().entries(), ''.matchAll(/a/g), async () => {}, function* () {}, async function* () {}]) visit(Object.getPrototypeOf(it), '');
    return open.every((path) => path.endsWith('lastIndex'))`,
})
