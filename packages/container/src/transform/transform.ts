/**
 * @module Makes of a module one that counts gas and stack height as the reference's instrumentation of the same module does, asks the host
 * before memory or table grow, and gives canonical NaNs.
 *
 * The new module imports what the original does, then the functions of {@link HOST_MODULE}. It exports its memory, its entry points and its gas
 * counter under names of its own ({@link ExportName}); what else the original exports cannot be observed by it, and goes. So do custom sections.
 * It has no start function: the host calls {@link ExportName.start} once the gas counter is set.
 */
import type { WasmPrices, WasmRules } from '@troupe/hypervisor'
import { ContainerError } from '../errors.ts'
import { dialectOf } from '../module/dialect.ts'
import { Op } from '../module/opcodes.ts'
import {
  ExportKind,
  type FunctionType,
  typeOfFunction,
  ValueType,
  type WasmModule,
} from '../module/wasm-module.ts'
import { ByteWriter } from './byte-writer.ts'
import { type Anchors, emitTableGrow, FunctionEmitter } from './function-emitter.ts'
import { FunctionScan } from './function-scan.ts'
import { operatorCosts } from './operator-costs.ts'
import { thunkCost, thunkedFunctions } from './thunks.ts'

/** Module name of the imports that the transformer adds. No syscall has it. */
export const HOST_MODULE = 'troupe'

/** Names of the added imports. */
export const HostImport = {
  /** `(pages: i32) -> i32`: `memory.grow`. */
  MEMORY_GROW: 'memory_grow',
  /** `(elements: i32, more: i32) -> i32`: whether a table may grow; `more` of -1 with `elements` of -1 says that the engine refused what had been allowed. */
  TABLE_RESERVE: 'table_reserve',
} as const

/** Names of the exports of a transformed module. */
export const ExportName = {
  /** The memory, whether the original exports it or not. */
  MEMORY: 'memory',
  INVOKE: 'invoke',
  START: 'start',
  /** Global, mutable i64: the gas counter. */
  GAS: 'gas',
  /** `() -> f64`: the counter, exact between -2^53 and 2^53. */
  READ_GAS: 'readGas',
  /** `(f64) -> ()`: sets the counter to an integer below 2^53. */
  WRITE_GAS: 'writeGas',
} as const

/** Changes whenever other bytes come out for the same module and rules. */
export const TRANSFORMER_VERSION = 1

/** What a transformation needs of a rule set. */
export interface TransformRules {
  readonly wasm: WasmRules
  readonly prices: WasmPrices
}

/** The stack cost of the function that was scanned last. */
export function stackCost(scan: FunctionScan, parameters: number, rules: WasmRules): number {
  const locals = rules.stackCostCounts === 'locals' ? scan.localCount - parameters : scan.localGroups
  return locals + scan.maximumHeight
}

/** Whether a module's `invoke` is a function from one i32 to one i32. */
export function invokeFunction(module: WasmModule): number | undefined {
  const index = module.exports.find(
    (entry) => entry.name === 'invoke' && entry.kind === ExportKind.FUNCTION,
  )?.index
  if (index === undefined) return undefined
  const { params, results } = typeOfFunction(module, index)
  const fits =
    params.length === 1 && params[0] === ValueType.I32 && results.length === 1 && results[0] === ValueType.I32
  return fits ? index : undefined
}

/** Most pages that a module's memory can grow to by its own declaration. */
export function declaredMaximumPages(module: WasmModule): number {
  return module.memory?.maximum ?? 65_536
}

/**
 * Transforms a module.
 * @throws {ContainerError} module/malformed, module/unsupported, module/not-instrumentable
 */
export function transform(module: WasmModule, rules: TransformRules): Uint8Array<ArrayBuffer> {
  return new Transformation(module, rules).run()
}

class Transformation {
  readonly #module: WasmModule
  readonly #rules: TransformRules
  readonly #out: ByteWriter
  readonly #thunks: readonly number[]
  /** Function index in the new module of each thunk, by the function's index in the original. */
  readonly #thunkIndices = new Map<number, number>()
  readonly #growsMemory: boolean
  readonly #growsTable: boolean
  readonly #anchors: Anchors
  /** Types of the added functions, in their order, and what writes their bodies. */
  readonly #added: { type: number; emit: (emitter: FunctionEmitter) => void }[] = []
  readonly #addedTypes: FunctionType[] = []
  readonly #exports: { name: string; kind: number; index: number }[] = []
  readonly #hostImports: { name: string; type: number }[] = []

  constructor(module: WasmModule, rules: TransformRules) {
    this.#module = module
    this.#rules = rules
    this.#out = new ByteWriter(module.bytes.length * 2)
    this.#thunks = thunkedFunctions(module)
    // Whether code grows the memory is known only after it is scanned; the import costs next to nothing.
    this.#growsMemory = module.memory !== undefined
    this.#growsTable = module.table !== undefined && dialectOf(rules.wasm).extended
    const { I32, F64, FUNCREF } = ValueType
    if (this.#growsMemory)
      this.#hostImports.push({ name: HostImport.MEMORY_GROW, type: this.#addType([I32], [I32]) })
    const reserve = module.imports.length + this.#hostImports.length
    if (this.#growsTable)
      this.#hostImports.push({ name: HostImport.TABLE_RESERVE, type: this.#addType([I32, I32], [I32]) })
    const functionShift = this.#hostImports.length
    const functions = module.functions.length + functionShift
    const anchors = {
      height: module.globals.length,
      gas: module.globals.length + 1,
      functionShift,
      memoryGrow: module.imports.length,
      tableGrow: functions,
    }
    this.#anchors = anchors
    if (this.#growsTable)
      this.#add(this.#addType([FUNCREF, I32], [I32]), () => emitTableGrow(this.#out, reserve))
    for (const index of this.#thunks)
      this.#thunkIndices.set(
        index,
        this.#add(module.functions[index] as number, (emitter) => this.#thunk(emitter, index)),
      )
    this.#addEntry(ExportName.INVOKE, invokeFunction(module))
    this.#addEntry(ExportName.START, module.start)
    const { gas } = anchors
    this.#addExport(
      ExportName.READ_GAS,
      ExportKind.FUNCTION,
      this.#addSmall([], [F64], [Op.GLOBAL_GET], gas, [Op.F64_CONVERT_I64_S, Op.END]),
    )
    this.#addExport(
      ExportName.WRITE_GAS,
      ExportKind.FUNCTION,
      this.#addSmall([F64], [], [Op.LOCAL_GET, 0, Op.I64_TRUNC_F64_S, Op.GLOBAL_SET], gas, [Op.END]),
    )
    this.#addExport(ExportName.GAS, ExportKind.GLOBAL, gas)
    if (module.memory !== undefined) this.#addExport(ExportName.MEMORY, ExportKind.MEMORY, 0)
  }

  run(): Uint8Array<ArrayBuffer> {
    const { bytes, dataBytes, dataCount } = this.#module
    const out = this.#out
    out.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
    this.#section(1, () => this.#types())
    this.#section(2, () => this.#imports())
    this.#section(3, () => this.#functions())
    this.#limits()
    this.#section(6, () => this.#globals())
    this.#section(7, () => this.#exportEntries())
    if (this.#module.elements.length > 0) this.#section(9, () => this.#elements())
    if (dataCount !== undefined) this.#section(12, () => out.u32(dataCount))
    this.#section(10, () => this.#code())
    if (dataBytes.end > dataBytes.start)
      this.#section(11, () => out.copy(bytes, dataBytes.start, dataBytes.end))
    return out.written.slice()
  }

  #section(id: number, write: () => void): void {
    this.#out.byte(id)
    const size = this.#out.placeholderU32()
    write()
    this.#out.patchU32(size, this.#out.length - size - 5)
  }

  #addType(params: readonly number[], results: readonly number[]): number {
    this.#addedTypes.push({ params, results })
    return this.#module.types.length + this.#addedTypes.length - 1
  }

  /** @returns the new function's index */
  #add(type: number, emit: (emitter: FunctionEmitter) => void): number {
    this.#added.push({ type, emit })
    return this.#module.functions.length + this.#hostImports.length + this.#added.length - 1
  }

  #addExport(name: string, kind: number, index: number): void {
    this.#exports.push({ name, kind, index })
  }

  #addSmall(params: number[], results: number[], before: number[], global: number, after: number[]): number {
    return this.#add(this.#addType(params, results), () => {
      const size = this.#out.placeholderU32()
      this.#out.bytes([0, ...before])
      this.#out.u32(global)
      this.#out.bytes(after)
      this.#out.patchU32(size, this.#out.length - size - 5)
    })
  }

  /** An entry point for the host: a thunk at stack height zero. Imported functions are their own entry points. */
  #addEntry(name: string, index: number | undefined): void {
    if (index === undefined) return
    const isImported = index < this.#module.imports.length
    const entry = isImported
      ? index
      : this.#add(this.#module.functions[index] as number, (emitter) => this.#thunk(emitter, index, true))
    this.#addExport(name, ExportKind.FUNCTION, entry)
  }

  #thunk(emitter: FunctionEmitter, index: number, isEntry = false): void {
    const out = this.#out
    const size = out.placeholderU32()
    out.byte(0)
    if (isEntry) {
      out.bytes([Op.I32_CONST, 0, Op.GLOBAL_SET])
      out.u32(this.#anchors.height)
    }
    const cost = thunkCost(this.#module, index, operatorCosts(this.#rules.prices, this.#rules.wasm))
    if (cost > 0) emitter.charge(cost)
    for (let i = 0; i < typeOfFunction(this.#module, index).params.length; i++) {
      out.byte(Op.LOCAL_GET)
      out.u32(i)
    }
    out.byte(Op.CALL)
    out.u32(index + this.#anchors.functionShift)
    out.byte(Op.END)
    out.patchU32(size, out.length - size - 5)
  }

  #types(): void {
    const { bytes, types, typeBytes } = this.#module
    const out = this.#out
    out.u32(types.length + this.#addedTypes.length)
    out.copy(bytes, typeBytes.start, typeBytes.end)
    for (const { params, results } of this.#addedTypes)
      out.bytes([0x60, params.length, ...params, results.length, ...results])
  }

  #imports(): void {
    const { bytes, imports, importBytes } = this.#module
    const out = this.#out
    out.u32(imports.length + this.#hostImports.length)
    out.copy(bytes, importBytes.start, importBytes.end)
    for (const { name, type } of this.#hostImports) {
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
    const { functions, imports } = this.#module
    const out = this.#out
    out.u32(functions.length - imports.length + this.#added.length)
    for (let i = imports.length; i < functions.length; i++) out.u32(functions[i] as number)
    for (const { type } of this.#added) out.u32(type)
  }

  /** Table and memory, with maxima that keep the engine within the rules' limits. */
  #limits(): void {
    const { memory, table } = this.#module
    const { maximumMemoryPages, maximumTableElements } = this.#rules.wasm
    if (table !== undefined) {
      const maximum =
        maximumTableElements === undefined
          ? table.maximum
          : Math.min(table.maximum ?? maximumTableElements, maximumTableElements)
      this.#section(4, () => {
        this.#out.bytes([1, ValueType.FUNCREF])
        this.#limit(table.minimum, maximum)
      })
    }
    if (memory !== undefined) {
      const maximum = Math.min(declaredMaximumPages(this.#module), maximumMemoryPages)
      this.#section(5, () => {
        this.#out.byte(1)
        this.#limit(memory.minimum, maximum)
      })
    }
  }

  #limit(minimum: number, maximum: number | undefined): void {
    if (minimum > (maximum ?? minimum))
      throw new ContainerError('module/limit', `a minimum of ${minimum} above the limit of ${maximum}`)
    this.#out.byte(maximum === undefined ? 0 : 1)
    this.#out.u32(minimum)
    if (maximum !== undefined) this.#out.u32(maximum)
  }

  #globals(): void {
    const { bytes, globals, imports } = this.#module
    const out = this.#out
    out.u32(globals.length + 2)
    for (const { head, init, functionReference } of globals) {
      out.copy(bytes, head.start, head.end)
      if (functionReference === undefined) {
        out.copy(bytes, init.start, init.end)
        continue
      }
      // References are not redirected to thunks in the reference either.
      out.byte(bytes[init.start] as number)
      out.u32(
        functionReference < imports.length
          ? functionReference
          : functionReference + this.#anchors.functionShift,
      )
      out.byte(Op.END)
    }
    out.bytes([ValueType.I32, 1, Op.I32_CONST, 0, Op.END])
    out.bytes([ValueType.I64, 1, Op.I64_CONST, 0, Op.END])
  }

  #exportEntries(): void {
    this.#out.u32(this.#exports.length)
    for (const { name, kind, index } of this.#exports) {
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
      for (const index of functions) out.u32(this.#thunkIndices.get(index) ?? index)
    }
  }

  #code(): void {
    const module = this.#module
    const { wasm, prices } = this.#rules
    const out = this.#out
    const scan = new FunctionScan(module, dialectOf(wasm), operatorCosts(prices, wasm))
    const emitter = new FunctionEmitter(module, scan, out, this.#anchors, wasm.stackLimit)
    out.u32(module.bodies.length + this.#added.length)
    for (let i = 0; i < module.bodies.length; i++) {
      scan.scan(i)
      const { params } = typeOfFunction(module, module.imports.length + i)
      emitter.emit(i, stackCost(scan, params.length, wasm))
    }
    for (const { emit } of this.#added) emit(emitter)
  }
}
