/**
 * @module Validates modules as the reference does before it instruments them, so that what runs does not depend on the features and limits of
 * the host's engine.
 *
 * Sources: WebAssembly core specification 2.0, chapter 3; wasmparser 0.236.1, which wasmtime 36 validates with, under the features that ref-fvm
 * leaves on (ref-fvm release/v2 fvm/src/machine/engine.rs, release/v3 and master fvm/src/engine/mod.rs, `wasmtime_config`): the first version
 * of Wasm with mutable globals, sign extension, saturating conversions, bulk memory and, because wasmtime is built without garbage collection,
 * of the reference types only `funcref`.
 */
import { ByteReader } from '../module/byte-reader.ts'
import { typeOfFunction, type WasmModule } from '../module/wasm-module.ts'
import { BodyValidator } from './body-validator.ts'
import { BODY_BOUNDS, type BodyBounds, checkLimits } from './limits.ts'
import { ModuleContext } from './module-context.ts'

/**
 * Checks whatever reading a module leaves unchecked: its limits and the types of its function bodies. Takes time and memory in proportion to
 * the module's bytes.
 *
 * @param bounds of function bodies, where they are tighter than those of every module
 * @throws {ContainerError} module/invalid, module/limit, module/malformed, module/unsupported
 */
export function validateModule(module: WasmModule, bounds: BodyBounds = BODY_BOUNDS): void {
  checkLimits(module)
  const { bytes, bodies, imports } = module
  const validator = new BodyValidator(new ModuleContext(module), new ByteReader(bytes), bounds)
  for (let i = 0; i < bodies.length; i++) {
    const { start, end } = bodies[i] as (typeof bodies)[number]
    validator.validate(new ByteReader(bytes, start, end), typeOfFunction(module, imports.length + i))
  }
}
