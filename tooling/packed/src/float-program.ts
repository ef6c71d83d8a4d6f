/** @module A program that makes NaNs in all the ways there are, and says which bits they have. */
import loadWabt from 'wabt'

const BINARY = ['add', 'sub', 'mul', 'div', 'min', 'max']
const UNARY = ['sqrt', 'ceil', 'floor', 'trunc', 'nearest']
/** So often that every engine has long compiled the code with its best compiler. */
const RUNS = 20_000

/** What the program prints: the canonical NaN of each type, and no other. */
export const FLOAT_OUTPUT = '7fc00000 7ff8000000000000\n'

/** A module whose `invoke` writes one NaN after the other to memory: `counts` of f32 first, then of f64. */
export async function floatModule(): Promise<{
  readonly bytes: Uint8Array
  readonly counts: readonly [f32: number, f64: number]
}> {
  const wabt = await loadWabt()
  const [f32, f64] = [makeNaNs('f32'), makeNaNs('f64')]
  const stores = [
    ...f32.map((value, i) => `(f32.store (i32.const ${i * 4}) ${value})`),
    ...f64.map((value, i) => `(f64.store (i32.const ${f32.length * 4 + i * 8}) ${value})`),
  ]
  const module = wabt.parseWat(
    'floats.wat',
    `(module (memory (export "memory") 1)
      (func (export "invoke") (param i32) (result i32) ${stores.join('\n')} (i32.const 0)))`,
  )
  try {
    return { bytes: module.toBinary({}).buffer, counts: [f32.length, f64.length] }
  } finally {
    module.destroy()
  }
}

/** The program, for a project that has the packages installed. It prints every pattern of bits that it saw: f32, then f64. */
export async function floatProgram(): Promise<string> {
  const { bytes, counts } = await floatModule()
  return `import { dialectOf, parseModule, transform } from '@troupe/container'
import { rulesOf } from '@troupe/hypervisor'

const bytes = Uint8Array.from(atob('${Buffer.from(bytes).toString('base64')}'), (character) => character.charCodeAt(0))
const [singles, doubles] = ${JSON.stringify(counts)}
const seen = [new Set(), new Set()]
for (const { wasm, prices } of [rulesOf(17), rulesOf(18)]) {
  const code = transform(parseModule(bytes, dialectOf(wasm)), { wasm, prices: prices.wasm })
  const host = new Proxy({}, { get: () => () => -1 })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), new Proxy({}, { get: () => host }))
  for (let i = 0; i < ${RUNS}; i++) {
    exports.writeGas(1e9)
    exports.invoke(0)
    if (i % 100 !== 0) continue
    const view = new DataView(exports.memory.buffer)
    for (let n = 0; n < singles; n++) seen[0].add(view.getUint32(n * 4, true).toString(16))
    for (let n = 0; n < doubles; n++) seen[1].add(view.getBigUint64(singles * 4 + n * 8, true).toString(16))
  }
}
console.log(seen.map((patterns) => [...patterns].join(',')).join(' '))
`
}

/** Expressions that give a NaN: from one with a sign and a payload, on either side, and from numbers. */
function makeNaNs(type: 'f32' | 'f64'): string[] {
  const single = '(f32.const -nan:0x200001)'
  const double = '(f64.const -nan:0x4000000000001)'
  const nan = type === 'f32' ? single : double
  const one = `(${type}.const 1)`
  const zero = `(${type}.const 0)`
  const infinite = `(${type}.const inf)`
  return [
    ...BINARY.flatMap((name) => [`(${type}.${name} ${nan} ${one})`, `(${type}.${name} ${one} ${nan})`]),
    ...UNARY.map((name) => `(${type}.${name} ${nan})`),
    `(${type}.div ${zero} ${zero})`,
    `(${type}.sqrt (${type}.const -1))`,
    `(${type}.sub ${infinite} ${infinite})`,
    `(${type}.mul ${infinite} ${zero})`,
    type === 'f32' ? `(f32.demote_f64 ${double})` : `(f64.promote_f32 ${single})`,
  ]
}
