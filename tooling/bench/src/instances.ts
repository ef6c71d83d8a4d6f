/** @module Instances of modules outside any machine, as they are and transformed. */
import { dialectOf, parseModule, transform } from '@troupe/container'
import { NV20 } from '@troupe/hypervisor'

/** The rules by which modules are transformed here. */
const RULES = { wasm: NV20.wasm, prices: NV20.prices.wasm } as const
/** Gas that never runs out, in milligas: the most that the counter's accessors take. */
const PLENTY = Number.MAX_SAFE_INTEGER

/** What `invoke` is called with, and gives. */
export type Invoke = (rounds: number) => number

/** A module that counts gas. */
export interface MeteredInstance {
  readonly invoke: Invoke
  /** Milligas since the last call of this. */
  takeGas(): number
}

/** A module of `parseModule`'s kind. */
export type ParsedModule = ReturnType<typeof parseModule>

/** Reads a module by the rules here. */
export function readModule(bytes: Uint8Array): ParsedModule {
  return parseModule(bytes, dialectOf(RULES.wasm))
}

/** Transforms a module by the rules here. */
export function transformModule(module: ParsedModule): Uint8Array<ArrayBuffer> {
  return transform(module, RULES)
}

/** An instance of a module that imports nothing. */
export function instantiateRaw(bytes: Uint8Array<ArrayBuffer>): Invoke {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports['invoke'] as Invoke
}

/** An instance of the transformed form of a module that imports nothing. */
export function instantiateMetered(bytes: Uint8Array): MeteredInstance {
  const module = new WebAssembly.Module(transformModule(readModule(bytes)))
  const { invoke, readGas, writeGas } = new WebAssembly.Instance(module, hostImports()).exports as {
    invoke: Invoke
    readGas: () => number
    writeGas: (milligas: number) => void
  }
  writeGas(PLENTY)
  return {
    invoke,
    takeGas() {
      const used = PLENTY - readGas()
      writeGas(PLENTY)
      return used
    },
  }
}

/** What a transformed module asks of its host, beside syscalls: here nothing may grow. */
export function hostImports(): Record<string, Record<string, () => number>> {
  return { troupe: { memory_grow: () => -1, table_reserve: () => 0 } }
}
