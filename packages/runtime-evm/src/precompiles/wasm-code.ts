/**
 * @module Just enough of WebAssembly to write the few loops that are too slow in JavaScript, which has no arithmetic of 64 bits but with bigints.
 *
 * Code is lists of bytes: what builds an instruction takes the code of its operands first. All functions are of `i32` parameters.
 */

/** Bytes of code. */
export type Code = readonly number[]

/** A function that a module exports. */
export interface KernelFunction {
  readonly name: string
  readonly parameterCount: number
  /** Locals besides the parameters, which are numbered after them: first those of 32 bits, then those of 64. */
  readonly locals: { readonly i32: number; readonly i64: number }
  readonly body: Code
}

/** What an instantiated module has: its functions, of numbers, and its memory of one page. */
export interface Kernel {
  readonly functions: Readonly<Record<string, (...parameters: number[]) => void>>
  readonly memory: Uint8Array
}

const I32 = 0x7f
const I64 = 0x7e
const EMPTY_BLOCK = 0x40
const END = 0x0b

export const local = {
  get: (index: number): Code => [0x20, ...unsigned(index)],
  set: (index: number, value: Code): Code => [...value, 0x21, ...unsigned(index)],
  tee: (index: number, value: Code): Code => [...value, 0x22, ...unsigned(index)],
}

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  load: (address: Code): Code => [...address, 0x28, 2, 0],
  load8: (address: Code): Code => [...address, 0x2d, 0, 0],
  store: (address: Code, value: Code): Code => [...address, ...value, 0x36, 2, 0],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  sub: (a: Code, b: Code): Code => [...a, ...b, 0x6b],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0x6c],
  and: (a: Code, b: Code): Code => [...a, ...b, 0x71],
  shl: (a: Code, b: Code): Code => [...a, ...b, 0x74],
  shrU: (a: Code, b: Code): Code => [...a, ...b, 0x76],
  eqz: (a: Code): Code => [...a, 0x45],
  ltU: (a: Code, b: Code): Code => [...a, ...b, 0x49],
  ne: (a: Code, b: Code): Code => [...a, ...b, 0x47],
  wrap: (a: Code): Code => [...a, 0xa7],
}

export const i64 = {
  constant: (value: number): Code => [0x42, ...signed(value)],
  load: (address: Code, offset: number): Code => [...address, 0x29, 3, ...unsigned(offset)],
  /** 32 bits. */
  load32: (address: Code, offset = 0): Code => [...address, 0x35, 2, ...unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    0x37,
    3,
    ...unsigned(offset),
  ],
  /** The lower 32 bits. */
  store32: (address: Code, value: Code): Code => [...address, ...value, 0x3e, 2, 0],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x7c],
  sub: (a: Code, b: Code): Code => [...a, ...b, 0x7d],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0x7e],
  and: (a: Code, b: Code): Code => [...a, ...b, 0x83],
  xor: (a: Code, b: Code): Code => [...a, ...b, 0x85],
  shrS: (a: Code, b: Code): Code => [...a, ...b, 0x87],
  shrU: (a: Code, b: Code): Code => [...a, ...b, 0x88],
  rotr: (a: Code, bits: number): Code => [...a, 0x42, ...signed(bits), 0x8a],
  extendU: (a: Code): Code => [...a, 0xad],
}

/** A block; `branch(0)` directly in it leaves it. */
export function block(...body: Code[]): Code {
  return [0x02, EMPTY_BLOCK, ...body.flat(), END]
}

/** A loop; `branch(0)` directly in it begins it anew. */
export function loop(...body: Code[]): Code {
  return [0x03, EMPTY_BLOCK, ...body.flat(), END]
}

/** Code that runs where a number is not zero, and code that does where it is. It counts as a block for branches. */
export function when(condition: Code, body: Code, otherwise: Code = []): Code {
  return [
    ...condition,
    0x04,
    EMPTY_BLOCK,
    ...body,
    ...(otherwise.length === 0 ? [] : [0x05, ...otherwise]),
    END,
  ]
}

/** A branch out of so many blocks besides the innermost one. */
export function branch(depth: number): Code {
  return [0x0c, ...unsigned(depth)]
}

/** A branch where a number is not zero. */
export function branchIf(depth: number, condition: Code): Code {
  return [...condition, 0x0d, ...unsigned(depth)]
}

/** A call of a function of the module by its place. */
export function call(index: number, ...parameters: Code[]): Code {
  return [...parameters.flat(), 0x10, ...unsigned(index)]
}

/** Compiles functions to a module with one page of memory, and makes an instance of it. */
export function instantiateKernel(functions: readonly KernelFunction[]): Kernel {
  const types = functions.map(({ parameterCount }) => [
    0x60,
    ...vector(Array<Code>(parameterCount).fill([I32])),
    0,
  ])
  const exported = functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)])
  const bodies = functions.map(({ locals, body }) => {
    const bytes = [
      ...vector([
        [...unsigned(locals.i32), I32],
        [...unsigned(locals.i64), I64],
      ]),
      ...body,
      END,
    ]
    return [...unsigned(bytes.length), ...bytes]
  })
  const code = Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(5, vector([[1, 1, 1]])),
    ...section(7, vector([...exported, [...text('memory'), 2, 0]])),
    ...section(10, vector(bodies)),
  )
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code))
  const { memory, ...named } = exports as Record<string, unknown> & {
    memory: { readonly buffer: ArrayBuffer }
  }
  return { functions: named as Kernel['functions'], memory: new Uint8Array(memory.buffer) }
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content]
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()]
}

function text(name: string): Code {
  return [...unsigned(name.length), ...new TextEncoder().encode(name)]
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest]
}

/** Signed LEB128 of a number of 32 bits. */
function signed(value: number): Code {
  const bytes: number[] = []
  let rest = value
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 0x7f) | 0x80)
  return [...bytes, rest & 0x7f]
}
