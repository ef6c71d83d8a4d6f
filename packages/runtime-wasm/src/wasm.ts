import { type WasmRuntime, wasmRuntime } from './wasm-runtime.ts'

/** What {@link wasm} can be told: what of the runtime's options can be cloned. */
export interface WasmOptions {
  /** Most compiled modules to keep in memory. Default: 256. */
  readonly maximumModules?: number
}

/**
 * The runtime for native actors, named by where its code is: for a chain that lives in a worker, to which no runtime can be handed.
 */
export function wasm(options: WasmOptions = {}): { readonly module: string; readonly options: WasmOptions } {
  return { module: THIS_MODULE, options }
}

/** Every host has it; its type is among those of the hosts, of which this room has none. */
const THIS_MODULE: string = (import.meta as unknown as { readonly url: string }).url

/** What the descriptor's module is asked for. */
export function create(options: WasmOptions): WasmRuntime {
  return wasmRuntime(options)
}
