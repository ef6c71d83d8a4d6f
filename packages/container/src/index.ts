export type { TransformCache } from './cache.ts'
export { Container, type ContainerOptions } from './container.ts'
export { Embedding, type EmbeddingOptions } from './embedding.ts'
export type { EngineImports } from './engine.ts'
export {
  ContainerError,
  type ContainerErrorCode,
  type ContainerErrorDetails,
  HostMemoryExhausted,
  HostStackExhausted,
} from './errors.ts'
export { GuestModule } from './guest-module.ts'
export { syscallType } from './invocation/bind.ts'
export { type EmbeddedFunction, EmbeddedInstance } from './invocation/embedded-instance.ts'
export type { GuestMemory } from './invocation/guest-memory.ts'
export type { Meter } from './invocation/meter.ts'
export { resultSize } from './invocation/results.ts'
export type { FindLibrary } from './link/collect.ts'
export { isLibrary } from './link/dylink.ts'
export { type Dialect, dialectOf } from './module/dialect.ts'
export { isWasm, parseModule } from './module/parse.ts'
export type { WasmModule } from './module/wasm-module.ts'
export { analyse, type FunctionAnalysis, type ModuleAnalysis } from './transform/analyse.ts'
export { TRANSFORMER_VERSION, type TransformRules, transform } from './transform/transform.ts'
export { validateModule } from './validate/validate.ts'
