export { type WasmOptions, wasm } from './wasm.ts'
export { WasmRuntime, type WasmRuntimeOptions, wasmRuntime } from './wasm-runtime.ts'
