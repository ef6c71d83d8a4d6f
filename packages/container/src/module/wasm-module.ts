/** @module A parsed Wasm module: what the transformer and the linker need of it, with ranges into its bytes for all the rest. */

/** Value types of the FVM's Wasm, by their byte. */
export const ValueType = { I32: 0x7f, I64: 0x7e, F32: 0x7d, F64: 0x7c, FUNCREF: 0x70 } as const

/** The type of a function; the bytes are {@link ValueType}s. */
export interface FunctionType {
  readonly params: readonly number[]
  /** At most one. */
  readonly results: readonly number[]
}

/** An imported function; actors can import nothing else. */
export interface FunctionImport {
  readonly module: string
  readonly name: string
  /** Index of its type. */
  readonly type: number
}

/** What a library imports from the actor that it is linked to, besides functions. */
export interface EnvironmentImport {
  readonly module: string
  readonly name: string
  /** One of {@link ExportKind}. */
  readonly kind: number
  /** Of a global: its type, and whether it may be set. */
  readonly type?: number
  readonly isMutable?: boolean
  /** Offset in the module. */
  readonly offset: number
}

/** Least and most size of a memory (pages) or a table (elements). */
export interface Limits {
  readonly minimum: number
  readonly maximum: number | undefined
}

/** A range of the module's bytes. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** A global: type and mutability in `head`, initial value in `init` (one constant instruction and `end`; nothing where it is imported). */
export interface GlobalDefinition {
  readonly head: ByteRange
  readonly init: ByteRange
  /** The function whose reference is the initial value, if it is one. */
  readonly functionReference: number | undefined
}

/** What an export is: function, table, memory, global, by its byte. */
export const ExportKind = { FUNCTION: 0, TABLE: 1, MEMORY: 2, GLOBAL: 3 } as const

/** An export. */
export interface Export {
  readonly name: string
  readonly kind: number
  readonly index: number
}

/** A segment of function references. `head` is all that stands before the vector of functions: flags, table, offset, kind. */
export interface ElementSegment {
  readonly head: ByteRange
  readonly functions: readonly number[]
}

/** A parsed module. Indices of functions count the imports first. */
export interface WasmModule {
  readonly bytes: Uint8Array
  readonly types: readonly FunctionType[]
  /** The types as they stand in the module, without their number. */
  readonly typeBytes: ByteRange
  readonly imports: readonly FunctionImport[]
  /** The imports as they stand in the module, without their number. */
  readonly importBytes: ByteRange
  /** What is imported besides functions, by libraries only. Their imported memory and table are `memory` and `table`, their imported globals the first ones. */
  readonly environment: readonly EnvironmentImport[]
  /** Whether there is a function section, were it empty. */
  readonly hasFunctionSection: boolean
  /** Type index of every function. */
  readonly functions: readonly number[]
  readonly table: Limits | undefined
  readonly memory: Limits | undefined
  readonly globals: readonly GlobalDefinition[]
  readonly exports: readonly Export[]
  readonly start: number | undefined
  readonly elements: readonly ElementSegment[]
  readonly dataCount: number | undefined
  /** The bodies of the functions that are not imported: locals and code, without the length. */
  readonly bodies: readonly ByteRange[]
  readonly dataSegments: number
  /** The data section's content, with its number of segments. */
  readonly dataBytes: ByteRange
}

/** The type of a function. */
export function typeOfFunction(module: WasmModule, index: number): FunctionType {
  return module.types[module.functions[index] as number] as FunctionType
}
