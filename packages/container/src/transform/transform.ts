/**
 * @module Makes of a module one that counts gas and stack height as the reference's instrumentation of the same module does, asks the host
 * before memory or table grow, and gives canonical NaNs.
 *
 * The new module imports what the original does, then functions of its host; it exports its memory, its entry points and its gas counter
 * under names of its own (`names.ts`), and what an instance is made as good as new by. What else the original exports cannot be observed by it, and goes; so do
 * custom sections. It has no start function: the host calls it once the gas counter is set.
 */
import type { WasmPrices, WasmRules } from '@troupe/hypervisor'
import { ContainerError } from '../errors.ts'
import { dialectOf } from '../module/dialect.ts'
import { Op } from '../module/opcodes.ts'
import { ExportKind, typeOfFunction, ValueType, type WasmModule } from '../module/wasm-module.ts'
import { Additions, writeInitialValue } from './additions.ts'
import { ByteWriter } from './byte-writer.ts'
import { emitCharge, FunctionEmitter } from './function-emitter.ts'
import { FunctionScan } from './function-scan.ts'
import { ExportName, HOST_MODULE } from './names.ts'
import { operatorCosts } from './operator-costs.ts'
import { thunkCost } from './thunks.ts'

/** Changes whenever other bytes come out for the same module and rules, or other modules are valid. */
export const TRANSFORMER_VERSION = 6

/** What a transformation needs of a rule set. */
export interface TransformRules {
  readonly wasm: WasmRules
  readonly prices: WasmPrices
  /**
   * Names of exported functions, where the module is no actor but what a runtime runs actors' code in: it can be called by them, of whatever type they are, also from within
   * the functions that it imports. By default it is an actor.
   */
  readonly embedded?: readonly string[]
}

/** Handles that each function takes that is called from outside; it gives one. */
const ENTRY_PARAMETERS = { invoke: 1, upgrade: 2 } as const

/** A function that is called from outside. */
export type EntryName = keyof typeof ENTRY_PARAMETERS

/** An exported function that can be called from outside: its index; `misfit` where it is one of another type, `undefined` where there is none. */
export function entryFunction(module: WasmModule, name: EntryName): number | 'misfit' | undefined {
  const index = module.exports.find(
    (entry) => entry.name === name && entry.kind === ExportKind.FUNCTION,
  )?.index
  if (index === undefined) return undefined
  const { params, results } = typeOfFunction(module, index)
  const types = [...params, ...results]
  const fits = results.length === 1 && params.length === ENTRY_PARAMETERS[name]
  return fits && types.every((type) => type === ValueType.I32) ? index : 'misfit'
}

/** The functions by which what is embedded is called. @throws {ContainerError} module/interface where one of them is missing or imported */
function embeddedFunctions(
  module: WasmModule,
  names: readonly string[],
): readonly (readonly [name: string, index: number])[] {
  return names.map((name) => {
    const found = module.exports.find((entry) => entry.name === name && entry.kind === ExportKind.FUNCTION)
    if (found === undefined || found.index < module.imports.length)
      throw new ContainerError('module/interface', `there is no function ${name}`)
    return [name, found.index]
  })
}

function entryFunctions(module: WasmModule): readonly (readonly [name: EntryName, index: number])[] {
  return ([ExportName.INVOKE, ExportName.UPGRADE] as const).flatMap((name) => {
    const index = entryFunction(module, name)
    return typeof index === 'number' ? [[name, index] as const] : []
  })
}

/** Most pages that a module's memory can grow to by its own declaration. */
export function declaredMaximumPages(module: WasmModule): number {
  return module.memory?.maximum ?? 65_536
}

/**
 * Transforms a module.
 * @throws {ContainerError} module/malformed, module/unsupported, module/not-instrumentable, module/limit
 */
export function transform(module: WasmModule, rules: TransformRules): Uint8Array<ArrayBuffer> {
  checkInstrumentable(module, rules)
  return new Transformation(module, rules).run()
}

/**
 * Refuses what the reference's instrumentation refuses as a whole.
 * @throws {ContainerError} module/not-instrumentable
 */
export function checkInstrumentable(module: WasmModule, { wasm }: TransformRules): void {
  if (dialectOf(wasm).extended && !module.hasFunctionSection)
    throw new ContainerError('module/not-instrumentable', 'a module without a function section')
}

class Transformation {
  readonly #module: WasmModule
  readonly #rules: TransformRules
  readonly #out: ByteWriter
  readonly #additions: Additions
  readonly #scan: FunctionScan
  /** Stack costs of the functions that are not imported, as far as they have been written. */
  readonly #stackCosts: number[] = []

  constructor(module: WasmModule, rules: TransformRules) {
    this.#module = module
    this.#rules = rules
    this.#out = new ByteWriter(Math.ceil(module.bytes.length * 1.5))
    const dialect = dialectOf(rules.wasm)
    const costs = operatorCosts(rules.prices)
    const { embedded } = rules
    this.#scan = new FunctionScan(module, dialect, costs, embedded !== undefined)
    this.#additions = new Additions(module, {
      growsTable: module.table !== undefined && dialect.extended,
      entries: embedded === undefined ? entryFunctions(module) : [],
      embedded: embedded && embeddedFunctions(module, embedded),
      thunkCost: (index) => thunkCost(module, index, costs),
      charge: emitCharge,
      stackLimit: rules.wasm.stackLimit,
      stackCost: (index) => this.#stackCosts[index - module.imports.length] as number,
      changesTableOrSegments: () => this.#scan.changesTableOrSegments,
    })
  }

  run(): Uint8Array<ArrayBuffer> {
    const { bytes, dataBytes, dataCount, elements } = this.#module
    const out = this.#out
    out.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
    this.#section(1, () => this.#types())
    this.#section(2, () => this.#imports())
    this.#section(3, () => this.#functions())
    this.#table()
    this.#memory()
    this.#section(6, () => this.#globals())
    this.#section(7, () => this.#exports())
    if (elements.length > 0) this.#section(9, () => this.#elements())
    if (dataCount !== undefined) this.#section(12, () => out.u32(dataCount))
    this.#section(10, () => this.#code())
    if (dataBytes.end > dataBytes.start)
      this.#section(11, () => out.copy(bytes, dataBytes.start, dataBytes.end))
    return out.written
  }

  #section(id: number, write: () => void): void {
    this.#out.byte(id)
    const size = this.#out.placeholderU32()
    write()
    this.#out.patchU32(size, this.#out.length - size - 5)
  }

  #types(): void {
    const { bytes, types, typeBytes } = this.#module
    const out = this.#out
    out.u32(types.length + this.#additions.types.length)
    out.copy(bytes, typeBytes.start, typeBytes.end)
    for (const { params, results } of this.#additions.types)
      out.bytes([0x60, params.length, ...params, results.length, ...results])
  }

  #imports(): void {
    const { bytes, imports, importBytes } = this.#module
    const out = this.#out
    out.u32(imports.length + this.#additions.imports.length)
    out.copy(bytes, importBytes.start, importBytes.end)
    for (const { name, type } of this.#additions.imports) {
      this.#name(HOST_MODULE)
      this.#name(name)
      out.byte(ExportKind.FUNCTION)
      out.u32(type)
    }
  }

  #name(ascii: string): void {
    this.#out.u32(ascii.length)
    for (let i = 0; i < ascii.length; i++) this.#out.byte(ascii.charCodeAt(i))
  }

  #functions(): void {
    const { functions, imports, bodies } = this.#module
    const out = this.#out
    out.u32(bodies.length + this.#additions.functions.length)
    for (let i = imports.length; i < functions.length; i++) out.u32(functions[i] as number)
    for (const { type } of this.#additions.functions) out.u32(type)
  }

  /** The table, with a maximum that keeps the engine within the rules' limit. */
  #table(): void {
    const { table } = this.#module
    if (table === undefined) return
    const limit = this.#rules.wasm.maximumTableElements
    const maximum = limit === undefined ? table.maximum : Math.min(table.maximum ?? limit, limit)
    this.#section(4, () => {
      this.#out.bytes([1, ValueType.FUNCREF])
      this.#limits(table.minimum, maximum)
    })
  }

  /** The memory, likewise. */
  #memory(): void {
    const { memory } = this.#module
    if (memory === undefined) return
    const maximum = Math.min(declaredMaximumPages(this.#module), this.#rules.wasm.maximumMemoryPages)
    this.#section(5, () => {
      this.#out.byte(1)
      this.#limits(memory.minimum, maximum)
    })
  }

  #limits(minimum: number, maximum: number | undefined): void {
    if (minimum > (maximum ?? minimum))
      throw new ContainerError('module/limit', `a minimum of ${minimum} above the limit of ${maximum}`)
    this.#out.byte(maximum === undefined ? 0 : 1)
    this.#out.u32(minimum)
    if (maximum !== undefined) this.#out.u32(maximum)
  }

  #globals(): void {
    const { bytes, globals } = this.#module
    const out = this.#out
    out.u32(globals.length + 2)
    for (const global of globals) {
      out.copy(bytes, global.head.start, global.head.end)
      writeInitialValue(out, bytes, global, this.#additions.references)
      out.byte(Op.END)
    }
    out.bytes([ValueType.I64, 1, Op.I64_CONST, 0, Op.END])
    out.bytes([ValueType.I64, 1, Op.I64_CONST, 0, Op.END])
  }

  #exports(): void {
    const { exports } = this.#additions
    this.#out.u32(exports.length)
    for (const { name, kind, index } of exports) {
      this.#name(name)
      this.#out.byte(kind)
      this.#out.u32(index)
    }
  }

  #elements(): void {
    const { bytes, elements } = this.#module
    const out = this.#out
    out.u32(elements.length)
    for (const { head, functions } of elements) {
      out.copy(bytes, head.start, head.end)
      out.u32(functions.length)
      for (const index of functions) out.u32(this.#additions.thunks.get(index) ?? index)
    }
  }

  #code(): void {
    const { bodies } = this.#module
    const { anchors, functions } = this.#additions
    const out = this.#out
    const emitter = new FunctionEmitter(this.#module, this.#scan, out, anchors)
    out.u32(bodies.length + functions.length)
    for (let i = 0; i < bodies.length; i++) {
      this.#scan.scan(i)
      const stackCost = this.#scan.stackCost()
      this.#stackCosts.push(stackCost)
      emitter.emit(i, stackCost)
    }
    for (const { emit } of functions) emit(out)
  }
}
