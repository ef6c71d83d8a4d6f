/**
 * @module The part of the WebAssembly JavaScript API that the container uses. Every supported host has it; it is declared here because the
 * libraries are compiled without the DOM's types.
 *
 * Source: WebAssembly JavaScript Interface, W3C.
 */

/** A compiled module. Can be instantiated any number of times, and posted to other threads. */
export interface EngineModule {
  readonly [Symbol.toStringTag]?: string
}

/** A memory. */
export interface EngineMemory {
  readonly buffer: ArrayBuffer
  /** Grows by `pages`; gives the size before. */
  grow(pages: number): number
}

/** A mutable global of type i64. */
export interface EngineGlobal {
  value: bigint
}

/** An instance. */
export interface EngineInstance {
  readonly exports: Readonly<Record<string, unknown>>
}

/** Functions that an instance imports, by module and name. */
export type EngineImports = Record<string, Record<string, unknown>>

interface Engine {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => EngineModule
  readonly Instance: new (module: EngineModule, imports: EngineImports) => EngineInstance
  readonly CompileError: new (message?: string) => Error
  readonly RuntimeError: new (message?: string) => Error
}

/** The host's WebAssembly. */
export const ENGINE: Engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly
