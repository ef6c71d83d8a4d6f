export { WasmRuntime, type WasmRuntimeOptions, wasmRuntime } from './wasm-runtime.ts'
