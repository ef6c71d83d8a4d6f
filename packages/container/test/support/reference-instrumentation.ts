/**
 * @module Instrumentation in the reference's own shape, slow and obvious: the stack limiter around every call and in thunks, and a call of a gas
 * function at the start of every metered block. Works on lists of instructions, and shares nothing with the transformer but the reading of
 * sections. The oracle of the transformer's tests.
 *
 * Source: fvm-wasm-instrument 0.2.0 and 0.4.0 src/stack_limiter, src/gas_metering. Its output was compared with theirs, instruction by
 * instruction, over 4000 random modules and the official bundles v9 to v11.
 */
import type { FunctionAnalysis, TransformRules, WasmModule } from '@troupe/container'
import { ByteReader } from '../../src/module/byte-reader.ts'
import { typeOfFunction } from '../../src/module/wasm-module.ts'
import { HEADER, name, s64, section, u32, vector } from './wasm-builder.ts'

/** An instruction: opcode (0xfc00 and more for prefixed ones), its operands, and all its bytes. */
export interface Instruction {
  readonly code: number
  readonly operands: readonly number[]
  readonly bytes: readonly number[]
  /** Where in the module it stands, or what it was put before; missing on other instructions that were added. */
  readonly offset?: number
}

const BLOCK = 0x02
const LOOP = 0x03
const IF = 0x04
const ELSE = 0x05
const END = 0x0b
const BR_TABLE = 0x0e
const CALL = 0x10
const I32_CONST = 0x41
const MEMORY_COPY = 0xfc0a
const TABLE_COPY = 0xfc0e

/** Operands of prefixed instructions, all indices. */
const PREFIXED_OPERANDS = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1]

/** Reads the instructions of a function body. */
function instructionsOf(
  module: WasmModule,
  defined: number,
): { locals: number[]; groups: number; code: Instruction[] } {
  const range = module.bodies[defined] as { start: number; end: number }
  const reader = new ByteReader(module.bytes, range.start, range.end)
  const groups = reader.u32()
  const locals: number[] = []
  for (let i = 0; i < groups; i++) {
    const count = reader.u32()
    const type = reader.byte()
    for (let j = 0; j < count; j++) locals.push(type)
  }
  const code: Instruction[] = []
  while (!reader.done) code.push(read(reader))
  return { locals, groups, code }
}

function read(reader: ByteReader): Instruction {
  const start = reader.offset
  let code = reader.byte()
  const operands: number[] = []
  if (code >= BLOCK && code <= IF) operands.push(reader.byte())
  else if (code === 0x0c || code === 0x0d || code === CALL || (code >= 0x20 && code <= 0x26))
    operands.push(reader.u32())
  else if (code === BR_TABLE) {
    for (let count = reader.u32(); count >= 0; count--) operands.push(reader.u32())
  } else if (code === 0x11 || (code >= 0x28 && code <= 0x3e)) operands.push(reader.u32(), reader.u32())
  else if (code === 0x3f || code === 0x40) operands.push(reader.byte())
  else if (code === I32_CONST) operands.push(reader.s32())
  else if (code === 0x42) reader.skipS64()
  else if (code === 0x43) reader.skip(4)
  else if (code === 0x44) reader.skip(8)
  else if (code === 0xfc) {
    const kind = reader.u32()
    code = 0xfc00 | kind
    for (let count = PREFIXED_OPERANDS[kind] as number; count > 0; count--) operands.push(reader.u32())
  }
  return { code, operands, bytes: Array.from(reader.bytes.subarray(start, reader.offset)), offset: start }
}

function make(code: number, ...operand: number[]): Instruction {
  const encoded = code === I32_CONST || code === 0x42 ? s64(operand[0] as number) : operand.flatMap(u32)
  return { code, operands: operand, bytes: [code, ...encoded] }
}

/** Values that an instruction takes and leaves, where it is no control instruction. */
function effect(
  module: WasmModule,
  { code, operands }: Instruction,
): [pops: readonly number[], pushes: number] {
  const [first = 0] = operands
  if (code === CALL) {
    const type = typeOfFunction(module, first)
    return [[type.params.length], type.results.length]
  }
  if (code === 0x11) {
    const type = module.types[first]
    return [[1, type?.params.length ?? 0], type?.results.length ?? 0]
  }
  if (code === 0x1a) return [[1], 0]
  if (code === 0x1b) return [[2, 1], 1]
  if (code === 0x20 || code === 0x23 || code === 0x3f || (code >= I32_CONST && code <= 0x44)) return [[], 1]
  if (code === 0x21 || code === 0x24) return [[1], 0]
  if (code === 0x26 || (code >= 0x36 && code <= 0x3e)) return [[2], 0]
  if (code === 0xfc00 + 9 || code === 0xfc00 + 13 || code === 0x01) return [[], 0]
  if (code === 0xfc00 + 15) return [[2], 1]
  if (code === 0xfc00 + 16) return [[], 1]
  if (code >= 0xfc08) return [[3], 0]
  const isBinary =
    (code >= 0x46 && code <= 0x4f) ||
    (code >= 0x51 && code <= 0x66) ||
    (code >= 0x6a && code <= 0x78) ||
    (code >= 0x7c && code <= 0x8a) ||
    (code >= 0x92 && code <= 0x98) ||
    (code >= 0xa0 && code <= 0xa6)
  return [[isBinary ? 2 : 1], 1]
}

/** The greatest stack height of a function; throws where the reference's simulation fails. */
function maximumHeight(
  module: WasmModule,
  code: readonly Instruction[],
  results: number,
  phantom: boolean,
): number {
  let height = 2
  let maximum = 0
  const frames = [{ dead: false, end: results, branch: results, start: 0 }]
  const top = (): (typeof frames)[number] => frames.at(-1) as (typeof frames)[number]
  const branchOf = (label: number): number => (frames.at(-1 - label) as (typeof frames)[number]).branch
  const pop = (count: number): void => {
    if (count === 0) return
    if (height === top().start) {
      if (top().dead) return
      throw new Error('more values popped than pushed')
    }
    height -= count
    if (height < 0) throw new Error('stack underflow')
  }
  for (const instruction of code) {
    const { code: opcode, operands } = instruction
    if (!top().dead) maximum = Math.max(maximum, height)
    if (opcode >= BLOCK && opcode <= IF) {
      const end = operands[0] === 0x40 ? 0 : 1
      if (opcode === IF) pop(1)
      frames.push({ dead: false, end, branch: opcode === LOOP ? 0 : end, start: height })
    } else if (opcode === END) {
      const frame = frames.pop() as (typeof frames)[number]
      height = frame.start + frame.end
    } else if (opcode === 0x00) {
      top().dead = true
    } else if (opcode === 0x0c || opcode === BR_TABLE) {
      pop(branchOf(operands.at(-1) as number))
      top().dead = true
    } else if (opcode === 0x0d) {
      const arity = branchOf(operands[0] as number)
      pop(arity)
      pop(1)
      height += arity
    } else if (opcode === 0x0f) {
      pop(results)
      top().dead = true
    } else if (opcode !== ELSE) {
      const [pops, pushes] = effect(module, instruction)
      for (const count of pops) pop(count)
      height += pushes
      if (phantom && (opcode === MEMORY_COPY || opcode === TABLE_COPY)) top().dead = true
    }
  }
  return maximum
}

interface Prices {
  fixed(instruction: Instruction): number
  /** Price of a unit of the last operand. */
  unit(instruction: Instruction): number
}

function pricesOf({ prices }: TransformRules): Prices {
  const free = new Set(Object.values(prices.zeroCostOps))
  const { grow = 0, copyFillInit = 0, table = 0 } = prices.linear ?? {}
  return {
    fixed: ({ code }) => (free.has(code) ? 0 : prices.base),
    unit: ({ code }) => {
      if (code === 0x40) return grow
      if (code === 0xfc08 || code === MEMORY_COPY || code === 0xfc0b) return copyFillInit
      return code === 0xfc0c || code === TABLE_COPY || code === 0xfc0f || code === 0xfc11 ? table : 0
    },
  }
}

/** Positions and costs of metered blocks, and positions of charges by operand. */
function meter(
  code: readonly Instruction[],
  prices: Prices,
  countsDefault: boolean,
): { blocks: Map<number, bigint>; dynamic: Map<number, number> } {
  const blocks = new Map<number, bigint>()
  const dynamic = new Map<number, number>()
  const stack = [{ lowest: 0, start: 0, cost: 0n, isLoop: false }]
  const top = (): (typeof stack)[number] => stack.at(-1) as (typeof stack)[number]
  const finalize = (cursor: number): void => {
    const { start, cost } = top()
    Object.assign(top(), { start: cursor + 1, cost: 0n })
    const parent = stack.at(-2)
    if (parent !== undefined && parent.start === start) parent.cost += cost
    else if (cost > 0n) blocks.set(start, cost)
  }
  const branch = (cursor: number, targets: readonly number[]): void => {
    finalize(cursor)
    for (const target of targets)
      if (!(stack[target] as (typeof stack)[number]).isLoop) top().lowest = Math.min(top().lowest, target)
  }
  code.forEach((instruction, cursor) => {
    const { code: opcode, operands } = instruction
    let cost = BigInt(prices.fixed(instruction))
    const unit = prices.unit(instruction)
    if (unit > 0) {
      const before = code[cursor - 1]
      if (before?.code === I32_CONST) {
        const operand = before.operands[0] as number
        if (operand < 0) throw new Error('a negative constant')
        cost += BigInt(operand) * BigInt(unit)
      } else dynamic.set(cursor, unit)
    }
    if (opcode === END) {
      finalize(cursor)
      const closed = stack.pop() as (typeof stack)[number]
      if (stack.length === 0) return
      top().lowest = Math.min(top().lowest, closed.lowest)
      if (closed.lowest < stack.length) finalize(cursor)
      return
    }
    if (opcode === ELSE) {
      finalize(cursor)
      return
    }
    top().cost += cost
    const depth = stack.length - 1
    if (opcode === BLOCK) stack.push({ lowest: stack.length, start: top().start, cost: 0n, isLoop: false })
    else if (opcode === LOOP || opcode === IF)
      stack.push({ lowest: stack.length, start: cursor + 1, cost: 0n, isLoop: opcode === LOOP })
    else if (opcode === 0x0c || opcode === 0x0d) branch(cursor, [depth - (operands[0] as number)])
    else if (opcode === BR_TABLE)
      branch(
        cursor,
        (countsDefault ? operands : operands.slice(0, -1)).map((label) => depth - label),
      )
    else if (opcode === 0x0f) branch(cursor, [0])
  })
  return { blocks, dynamic }
}

/** Module and name of the imported gas counter. */
export const GAS_IMPORT = ['gas', 'counter'] as const

/** A module as the stack limiter leaves it. */
interface Limited {
  readonly originals: readonly ReturnType<typeof instructionsOf>[]
  /** What each defined function adds to the stack height. */
  readonly stackCosts: readonly number[]
  /** The defined functions' code. */
  readonly code: readonly (readonly Instruction[])[]
  /** A call of a function, with what surrounds it. */
  readonly wrapped: (callee: number, offset?: number) => Instruction[]
}

function limit(module: WasmModule, rules: TransformRules): Limited {
  const isOld = rules.wasm.instrumentation === '0.2.0'
  const imported = module.imports.length
  const originals = module.bodies.map((_, i) => instructionsOf(module, i))
  const stackCosts = originals.map(({ locals, groups, code }, i) => {
    const results = typeOfFunction(module, imported + i).results.length
    return (isOld ? locals.length : groups) + maximumHeight(module, code, results, isOld)
  })
  // The stack height is the last of the module's globals; in the end the gas counter comes before all.
  const height = module.globals.length
  const wrapped = (callee: number, offset?: number): Instruction[] => {
    const cost = stackCosts[callee - imported] as number
    const adjust = (operation: number): Instruction[] => [
      make(0x23, height),
      make(I32_CONST, cost),
      make(operation),
      make(0x24, height),
    ]
    const check = [make(0x23, height), make(I32_CONST, rules.wasm.stackLimit), make(0x4b)]
    const trap = [{ code: IF, operands: [0x40], bytes: [IF, 0x40] }, make(0x00), make(END)]
    const [first, ...rest] = [...adjust(0x6a), ...check, ...trap, make(CALL, callee), ...adjust(0x6b)]
    return [offset === undefined ? (first as Instruction) : { ...(first as Instruction), offset }, ...rest]
  }
  const code = originals.map(({ code }) =>
    code.flatMap((instruction) => {
      const [callee = 0] = instruction.operands
      return instruction.code === CALL && callee >= imported
        ? wrapped(callee, instruction.offset)
        : [instruction]
    }),
  )
  return { originals, stackCosts, code, wrapped }
}

/**
 * What the reference charges where, in each defined function.
 * @throws where the reference refuses the module
 */
export function referenceMetering(module: WasmModule, rules: TransformRules): FunctionAnalysis[] {
  const { stackCosts, code } = limit(module, rules)
  const prices = pricesOf(rules)
  return code.map((instructions, i) => {
    const { blocks, dynamic } = meter(instructions, prices, rules.wasm.instrumentation === '0.2.0')
    const placed = <T>(values: ReadonlyMap<number, T>): [number, T][] =>
      [...values]
        .sort(([a], [b]) => a - b)
        .map(([cursor, value]) => [(instructions[cursor] as Instruction).offset as number, value])
    return { stackCost: stackCosts[i] as number, blocks: placed(blocks), dynamic: placed(dynamic) }
  })
}

/**
 * Instruments a module. It imports the gas counter as global 0, and is otherwise the same from outside.
 * @throws where the reference refuses the module
 */
export function referenceInstrumentation(
  module: WasmModule,
  rules: TransformRules,
): { bytes: Uint8Array<ArrayBuffer>; code: Instruction[][] } {
  const prices = pricesOf(rules)
  const imported = module.imports.length
  const { originals, wrapped, ...limiter } = limit(module, rules)
  const limited = [...limiter.code]
  const roots = [
    ...module.exports.filter(({ kind }) => kind === 0).map(({ index }) => index),
    ...module.elements.flatMap(({ functions }) => functions),
    ...(module.start === undefined ? [] : [module.start]),
  ]
  const thunks = [...new Set(roots)].filter((index) => index >= imported).sort((a, b) => a - b)
  for (const index of thunks) {
    const parameters = typeOfFunction(module, index).params.map((_, i) => make(0x20, i))
    limited.push([...parameters, ...wrapped(index), make(END)])
  }
  const total = module.functions.length + thunks.length
  const redirect = (index: number): number => {
    const thunk = thunks.indexOf(index)
    return thunk < 0 ? index : module.functions.length + thunk
  }
  const code = limited.map((instructions, i) => {
    const { blocks, dynamic } = meter(instructions, prices, rules.wasm.instrumentation === '0.2.0')
    const original = originals[i]
    const type = typeOfFunction(
      module,
      original === undefined ? (thunks[i - originals.length] as number) : imported + i,
    )
    const temporary = type.params.length + (original?.locals.length ?? 0)
    return instructions.flatMap((instruction, cursor) => {
      const out: Instruction[] = []
      const cost = blocks.get(cursor)
      if (cost !== undefined)
        out.push(
          { code: 0x42, operands: [], bytes: [0x42, ...s64(BigInt.asIntN(64, cost))] },
          make(CALL, total),
        )
      const unit = dynamic.get(cursor)
      if (unit !== undefined)
        out.push(
          make(0x22, temporary),
          make(0x20, temporary),
          make(0xad),
          make(0x42, unit),
          make(0x7e),
          make(CALL, total),
        )
      const isGlobal = instruction.code === 0x23 || instruction.code === 0x24
      out.push(isGlobal ? make(instruction.code, (instruction.operands[0] as number) + 1) : instruction)
      return out
    })
  })
  return { bytes: encode(module, originals, code, thunks, redirect), code }
}

function encode(
  module: WasmModule,
  originals: readonly { locals: readonly number[] }[],
  code: readonly (readonly Instruction[])[],
  thunks: readonly number[],
  redirect: (index: number) => number,
): Uint8Array<ArrayBuffer> {
  const slice = ({ start, end }: { start: number; end: number }): number[] => [
    ...module.bytes.subarray(start, end),
  ]
  const gasType = module.types.length
  const gas = [0x23, 0, 0x20, 0, 0x7d, 0x24, 0, 0x23, 0, 0x42, 0, 0x53, IF, 0x40, 0x00, END, END]
  const bodies = code.map((instructions, i) => {
    const locals = originals[i]?.locals ?? []
    // A temporary for charges by operand, in every function: one too many does no harm.
    const content = [
      ...vector([...locals.map((type) => [1, type]), [1, 0x7f]]),
      ...instructions.flatMap(({ bytes }) => bytes),
    ]
    return [...u32(content.length), ...content]
  })
  const limits = (
    type: readonly number[],
    entry: { minimum: number; maximum: number | undefined },
  ): number[] => [
    1,
    ...type,
    entry.maximum === undefined ? 0 : 1,
    ...u32(entry.minimum),
    ...(entry.maximum === undefined ? [] : u32(entry.maximum)),
  ]
  const globals = module.globals.map(({ head, init }) => [...slice(head), ...slice(init)])
  return Uint8Array.from([
    ...HEADER,
    ...section(1, [...u32(gasType + 1), ...slice(module.typeBytes), 0x60, 1, 0x7e, 0]),
    ...section(2, [
      ...u32(module.imports.length + 1),
      ...slice(module.importBytes),
      ...name(GAS_IMPORT[0]),
      ...name(GAS_IMPORT[1]),
      3,
      0x7e,
      1,
    ]),
    ...section(
      3,
      vector(
        [
          ...module.functions.slice(module.imports.length),
          ...thunks.map((index) => module.functions[index] as number),
          gasType,
        ].map(u32),
      ),
    ),
    ...(module.table === undefined ? [] : section(4, limits([0x70], module.table))),
    ...(module.memory === undefined ? [] : section(5, limits([], module.memory))),
    ...section(6, vector([...globals, [0x7f, 1, I32_CONST, 0, END]])),
    ...section(
      7,
      vector(
        module.exports.map((entry) => [
          ...name(entry.name),
          entry.kind,
          ...u32(entry.kind === 0 ? redirect(entry.index) : entry.kind === 3 ? entry.index + 1 : entry.index),
        ]),
      ),
    ),
    ...(module.start === undefined ? [] : section(8, u32(redirect(module.start)))),
    ...(module.elements.length === 0
      ? []
      : section(
          9,
          vector(
            module.elements.map(({ head, functions }) => [
              ...slice(head),
              ...vector(functions.map((index) => u32(redirect(index)))),
            ]),
          ),
        )),
    ...(module.dataCount === undefined ? [] : section(12, u32(module.dataCount))),
    ...section(10, vector([...bodies, [...u32(gas.length + 1), 0, ...gas]])),
    ...(module.dataBytes.end > module.dataBytes.start ? section(11, slice(module.dataBytes)) : []),
  ])
}
