/** @module What the transformer adds around the functions of a module: types, imports, functions and exports, with their indices. */
import { Op, PrefixedOp } from '../module/opcodes.ts'
import {
  ExportKind,
  type FunctionType,
  type GlobalDefinition,
  typeOfFunction,
  ValueType,
  type WasmModule,
} from '../module/wasm-module.ts'
import type { ByteWriter } from './byte-writer.ts'
import { type Anchors, emitBody, TRAP_IF_NEGATIVE } from './function-emitter.ts'
import { ExportName, embeddedName, globalName, HostImport } from './names.ts'
import type { Cost } from './operator-costs.ts'
import { thunkedFunctions } from './thunks.ts'

/** What stands behind the type of a global that may be set. */
const MUTABLE = 1

/** A function that is added: index of its type, and what writes its body. */
interface AddedFunction {
  readonly type: number
  readonly emit: (out: ByteWriter) => void
}

/** What the additions need to know. */
export interface AdditionOptions {
  /** Whether the module's code could grow a table. */
  readonly growsTable: boolean
  /** The functions that are called from outside. */
  readonly entries: readonly (readonly [name: string, index: number])[]
  /** The functions of what is embedded that are called from outside, and from within what it imports; `undefined` for an actor. */
  readonly embedded: readonly (readonly [name: string, index: number])[] | undefined
  /** What the thunk of a function costs. */
  readonly thunkCost: (index: number) => number
  /** Writes the code that takes a cost from the gas counter. */
  readonly charge: (out: ByteWriter, anchors: Anchors, cost: Cost) => void
  /** The greatest stack height. */
  readonly stackLimit: number
  /** The stack cost of a defined function; known only once the functions have been written. */
  readonly stackCost: (index: number) => number
  /** Whether the module's code may change its table, or drop a segment; likewise. */
  readonly changesTableOrSegments: () => boolean
}

/**
 * The additions to one module. New types, imports and functions come behind the original ones, so that imported functions keep their
 * indices, and defined ones move by the number of added imports. Two globals come behind the original ones: stack room and gas.
 */
export class Additions {
  readonly types: FunctionType[] = []
  readonly imports: { readonly name: string; readonly type: number }[] = []
  readonly functions: AddedFunction[] = []
  readonly exports: { readonly name: string; readonly kind: number; readonly index: number }[] = []
  readonly anchors: Anchors
  /** Index in the new module of each thunk, by the function's index in the original. */
  readonly thunks: ReadonlyMap<number, number>
  /** Index in the new module of what a reference to each function refers to, where a global holds one. */
  readonly references: ReadonlyMap<number, number>
  readonly #module: WasmModule
  readonly #options: AdditionOptions

  constructor(module: WasmModule, options: AdditionOptions) {
    this.#module = module
    this.#options = options
    const { I32, FUNCREF } = ValueType
    const memoryGrow = module.memory && this.#import(HostImport.MEMORY_GROW, [I32], [I32])
    const reserve = options.growsTable ? this.#import(HostImport.TABLE_RESERVE, [I32, I32], [I32]) : undefined
    const tableGrow =
      reserve === undefined
        ? undefined
        : this.#add(this.#type([FUNCREF, I32], [I32]), (out) => emitTableGrow(out, reserve))
    this.anchors = {
      room: module.globals.length,
      gas: module.globals.length + 1,
      functionShift: this.imports.length,
      memoryGrow,
      tableGrow,
    }
    const typeOf = (index: number): number => module.functions[index] as number
    this.thunks = new Map(
      thunkedFunctions(module).map((index) => [
        index,
        this.#add(typeOf(index), (out) => emitBody(out, () => this.#thunk(out, index))),
      ]),
    )
    this.references = new Map(
      this.#referenced().map((index) => [
        index,
        this.#add(typeOf(index), (out) => emitBody(out, () => this.#uncounted(out, index))),
      ]),
    )
    for (const [name, index] of options.entries) this.#addEntry(name, index)
    if (options.embedded !== undefined) this.#addEmbedded(options.embedded)
    this.#addEntry(ExportName.START, module.start)
    this.#addAccessors()
    this.#addReset()
  }

  /** The index in the new module of a function of the original. */
  moved(index: number): number {
    return index < this.#module.imports.length ? index : index + this.imports.length
  }

  /** @returns the new type's index */
  #type(params: readonly number[], results: readonly number[]): number {
    this.types.push({ params, results })
    return this.#module.types.length + this.types.length - 1
  }

  /** @returns the new import's index among the functions */
  #import(name: string, params: readonly number[], results: readonly number[]): number {
    this.imports.push({ name, type: this.#type(params, results) })
    return this.#module.imports.length + this.imports.length - 1
  }

  /** Adds a function, after all imports. @returns its index */
  #add(type: number, emit: (out: ByteWriter) => void): number {
    this.functions.push({ type, emit })
    return this.#module.functions.length + this.imports.length + this.functions.length - 1
  }

  /** Defined functions that globals hold references to. */
  #referenced(): number[] {
    const indices = this.#module.globals.map(({ functionReference }) => functionReference ?? -1)
    return [...new Set(indices)].filter((index) => index >= this.#module.imports.length)
  }

  /** An entry point for the host: a thunk with all of the stack's room. Imported functions are their own entry points. */
  #addEntry(name: string, index: number | undefined): void {
    if (index === undefined) return
    const isImported = index < this.#module.imports.length
    const entry = (out: ByteWriter): void =>
      emitBody(out, () => {
        out.byte(Op.I64_CONST)
        out.s64(this.#options.stackLimit)
        out.byte(Op.GLOBAL_SET)
        out.u32(this.anchors.room)
        this.#charge(out, index)
        // In generation 2 nobody looks at the counter after a start function.
        out.op(Op.GLOBAL_GET, this.anchors.gas)
        out.bytes(TRAP_IF_NEGATIVE)
        this.#forward(out, index)
      })
    this.exports.push({
      name,
      kind: ExportKind.FUNCTION,
      index: isImported ? index : this.#add(this.#module.functions[index] as number, entry),
    })
  }

  /** Entry points that leave the room of the stack as it is, what sets it, and the globals that make up an instance besides its memory. */
  #addEmbedded(functions: readonly (readonly [name: string, index: number])[]): void {
    for (const [name, index] of functions)
      this.exports.push({
        name: embeddedName(name),
        kind: ExportKind.FUNCTION,
        index: this.thunks.get(index) as number,
      })
    const enter = this.#add(this.#type([], []), (out) =>
      emitBody(out, () => {
        out.byte(Op.I64_CONST)
        out.s64(this.#options.stackLimit)
        out.op(Op.GLOBAL_SET, this.anchors.room)
      }),
    )
    this.exports.push({ name: ExportName.ENTER, kind: ExportKind.FUNCTION, index: enter })
    for (const index of mutableGlobals(this.#module))
      this.exports.push({ name: globalName(index), kind: ExportKind.GLOBAL, index })
  }

  #addAccessors(): void {
    const { gas } = this.anchors
    const { F64 } = ValueType
    const read = this.#add(this.#type([], [F64]), (out) =>
      emitBody(out, () => {
        out.byte(Op.GLOBAL_GET)
        out.u32(gas)
        out.byte(Op.F64_CONVERT_I64_S)
      }),
    )
    const write = this.#add(this.#type([F64], []), (out) =>
      emitBody(out, () => {
        out.bytes([Op.LOCAL_GET, 0, Op.I64_TRUNC_F64_S, Op.GLOBAL_SET])
        out.u32(gas)
      }),
    )
    this.exports.push({ name: ExportName.READ_GAS, kind: ExportKind.FUNCTION, index: read })
    this.exports.push({ name: ExportName.WRITE_GAS, kind: ExportKind.FUNCTION, index: write })
    this.exports.push({ name: ExportName.GAS, kind: ExportKind.GLOBAL, index: gas })
    if (this.#module.memory !== undefined)
      this.exports.push({ name: ExportName.MEMORY, kind: ExportKind.MEMORY, index: 0 })
  }

  /** What makes an instance that has run as good as new. It is code, because no engine hands out the bits of every NaN. */
  #addReset(): void {
    const { bytes, globals } = this.#module
    const { gas, room } = this.anchors
    const set = (out: ByteWriter, index: number): void => {
      out.byte(Op.GLOBAL_SET)
      out.u32(index)
    }
    const reset = this.#add(this.#type([], [ValueType.I32]), (out) =>
      emitBody(out, () => {
        for (const index of mutableGlobals(this.#module)) {
          writeInitialValue(out, bytes, globals[index] as GlobalDefinition, this.references)
          set(out, index)
        }
        for (const index of [room, gas]) {
          out.bytes([Op.I64_CONST, 0])
          set(out, index)
        }
        out.bytes([Op.I32_CONST, this.#options.changesTableOrSegments() ? 0 : 1])
      }),
    )
    this.exports.push({ name: ExportName.RESET, kind: ExportKind.FUNCTION, index: reset })
  }

  #thunk(out: ByteWriter, index: number): void {
    this.#charge(out, index)
    this.#forward(out, index)
  }

  #charge(out: ByteWriter, index: number): void {
    const cost = this.#options.thunkCost(index)
    if (cost > 0) this.#options.charge(out, this.anchors, cost)
  }

  /**
   * What a reference in a global refers to: in the reference such references are not redirected to thunks, so that an indirect call by them does
   * not count for the stack height. Here the function itself takes its cost from the room, to which it is therefore added before.
   */
  #uncounted(out: ByteWriter, index: number): void {
    out.byte(Op.GLOBAL_GET)
    out.u32(this.anchors.room)
    out.byte(Op.I64_CONST)
    out.s64(this.#options.stackCost(index))
    out.bytes([Op.I64_ADD, Op.GLOBAL_SET])
    out.u32(this.anchors.room)
    this.#forward(out, index)
  }

  /** Calls a function with the parameters of this one. */
  #forward(out: ByteWriter, index: number): void {
    for (let i = 0; i < typeOfFunction(this.#module, index).params.length; i++) {
      out.byte(Op.LOCAL_GET)
      out.u32(i)
    }
    out.byte(Op.CALL)
    out.u32(this.moved(index))
  }
}

/** The globals that code can set, by their index. */
export function mutableGlobals({ bytes, globals }: WasmModule): number[] {
  return globals.flatMap(({ head }, index) => (bytes[head.end - 1] === MUTABLE ? [index] : []))
}

/** Writes the instruction that gives a global's first value: where it is the reference to a function, to what stands for that in the new module. */
export function writeInitialValue(
  out: ByteWriter,
  bytes: Uint8Array,
  { functionReference, init }: GlobalDefinition,
  references: ReadonlyMap<number, number>,
): void {
  if (functionReference === undefined) {
    // All but the `end`.
    out.copy(bytes, init.start, init.end - 1)
    return
  }
  out.byte(bytes[init.start] as number)
  out.u32(references.get(functionReference) ?? functionReference)
}

/** Writes the body of the function that stands for `table.grow`: asks the host, then grows, and tells the host where the engine refuses. */
function emitTableGrow(out: ByteWriter, reserve: number): void {
  const { PREFIX, LOCAL_GET, LOCAL_TEE, I32_CONST, I32_EQ, IF, ELSE, END, CALL, DROP } = Op
  const GROWN = 2
  const MINUS_ONE = [I32_CONST, 0x7f]
  const callReserve = (): void => {
    out.byte(CALL)
    out.u32(reserve)
  }
  emitBody(out, () => {
    out.bytes([PREFIX, PrefixedOp.TABLE_SIZE, 0, LOCAL_GET, 1])
    callReserve()
    out.bytes([IF, ValueType.I32])
    out.bytes([LOCAL_GET, 0, LOCAL_GET, 1, PREFIX, PrefixedOp.TABLE_GROW, 0, LOCAL_TEE, GROWN])
    out.bytes([...MINUS_ONE, I32_EQ, IF, 0x40, ...MINUS_ONE, ...MINUS_ONE])
    callReserve()
    out.bytes([DROP, END, LOCAL_GET, GROWN, ELSE, ...MINUS_ONE, END])
  }, [1, 1, ValueType.I32])
}
