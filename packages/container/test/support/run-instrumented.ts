/** @module Runs a module as the transformer made it, and as the reference would have, and says what can be observed. */
import { type TransformRules, transform, type WasmModule } from '@troupe/container'
import { MemoryImage } from '../../src/invocation/memory-image.ts'
import { ExportName, HOST_MODULE, HostImport } from '../../src/transform/names.ts'
import { GAS_IMPORT, referenceInstrumentation } from './reference-instrumentation.ts'

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { exports: Record<string, never> }
  Global: new (type: { value: string; mutable: boolean }, value: bigint) => { value: bigint }
  RuntimeError: new () => Error
}

/** What can be observed of a run. */
export interface Observation {
  readonly end: 'return' | 'trap' | 'out-of-gas'
  readonly result: number | undefined
  /** Milligas left, where there is gas. */
  readonly gas: bigint | undefined
  /** What the host function was called with, and the gas left then. */
  readonly calls: readonly string[]
  /** Sum of the memory's bytes weighted by position, and its size; where the run did not end for want of gas. */
  readonly memory: string | undefined
}

/** A module that can be run any number of times, with some milligas. `invoke` gets `argument`, by default 3. */
export type Runner = (milligas: bigint, argument?: number) => Observation

interface Running {
  readonly readGas: () => bigint
  readonly memory: () => { buffer: ArrayBuffer; grow(pages: number): number }
}

const PAGE_SIZE = 65_536
const OUT_OF_GAS = { name: 'out of gas' }

/** Runs the transformed module, with the host in the place of the container: each time in a new instance. */
export function transformedRunner(module: WasmModule, rules: TransformRules): Runner {
  const compiled = new WebAssembly.Module(transform(module, rules))
  return (milligas, argument) => new Host(module, compiled).run(milligas, argument)
}

/**
 * Runs the transformed module in one instance for as long as that can be made as good as new, as the container does.
 * @param onRenewed called whenever an instance is used again
 */
export function reusingRunner(module: WasmModule, rules: TransformRules, onRenewed: () => void): Runner {
  const compiled = new WebAssembly.Module(transform(module, rules))
  const image = new MemoryImage(new Host(module, compiled).memory)
  let host = new Host(module, compiled)
  let isUsed = false
  return (milligas, argument) => {
    if (isUsed && host.renew(image)) onRenewed()
    else if (isUsed) host = new Host(module, compiled)
    isUsed = true
    return host.run(milligas, argument)
  }
}

/** An instance of a transformed module, and the functions that it imports. */
class Host {
  #observer = new Observer()
  readonly #exports: Record<string, never>
  readonly #pages: number

  constructor({ memory: declared, table }: WasmModule, compiled: object) {
    const maximum = declared?.maximum ?? 0
    const maximumElements = table?.maximum ?? 0
    this.#pages = declared?.minimum ?? 0
    const running: Running = { readGas: () => this.#gas.value, memory: () => this.memory }
    this.#exports = new WebAssembly.Instance(compiled, {
      host: { f: (value: number) => this.#observer.call(running, value) },
      [HOST_MODULE]: {
        [HostImport.MEMORY_GROW]: (pages: number) => {
          const before = this.memory.buffer.byteLength / PAGE_SIZE
          if (before + (pages >>> 0) > maximum) return -1
          return this.memory.grow(pages >>> 0)
        },
        [HostImport.TABLE_RESERVE]: (elements: number, more: number) =>
          elements + (more >>> 0) <= maximumElements ? 1 : 0,
      },
    }).exports
  }

  get memory(): ReturnType<Running['memory']> {
    return this.#exports[ExportName.MEMORY] as never
  }

  get #gas(): { value: bigint } {
    return this.#exports[ExportName.GAS] as never
  }

  run(milligas: bigint, argument = 3): Observation {
    this.#observer = new Observer()
    this.#gas.value = milligas
    const running: Running = { readGas: () => this.#gas.value, memory: () => this.memory }
    return this.#observer.observe(running, () => {
      ;(this.#exports[ExportName.START] as unknown as (() => void) | undefined)?.()
      return (this.#exports[ExportName.INVOKE] as unknown as (value: number) => number)(argument)
    })
  }

  /** Makes the instance as good as new, where it can be. */
  renew(image: MemoryImage): boolean {
    if (this.memory.buffer.byteLength !== this.#pages * PAGE_SIZE) return false
    image.restore(this.memory)
    return (this.#exports[ExportName.RESET] as unknown as () => number)() === 1
  }
}

/** Runs the module with the reference's instrumentation. */
export function referenceRunner(module: WasmModule, rules: TransformRules): Runner {
  const compiled = new WebAssembly.Module(referenceInstrumentation(module, rules).bytes)
  return (milligas, argument = 3) => {
    const observer = new Observer()
    const counter = new WebAssembly.Global({ value: 'i64', mutable: true }, milligas)
    let exports: Record<string, never> = {}
    const running: Running = {
      readGas: () => counter.value,
      memory: () => exports['memory'] as never,
    }
    return observer.observe(running, () => {
      exports = new WebAssembly.Instance(compiled, {
        host: { f: (value: number) => observer.call(running, value) },
        [GAS_IMPORT[0]]: { [GAS_IMPORT[1]]: counter },
      }).exports
      return (exports['invoke'] as unknown as (value: number) => number)(argument)
    })
  }
}

class Observer {
  readonly #calls: string[] = []

  /** The host function. Like a syscall, it looks at the gas before anything else. */
  call({ readGas }: Running, value: number): number {
    const gas = readGas()
    if (gas < 0n) throw OUT_OF_GAS
    this.#calls.push(`${value} ${gas}`)
    return (Math.imul(value, 3) + 1) | 0
  }

  observe(running: Running, run: () => number): Observation {
    let result: number | undefined
    let end: Observation['end'] = 'return'
    try {
      result = run()
    } catch (error) {
      if (error !== OUT_OF_GAS && !(error instanceof WebAssembly.RuntimeError)) throw error
      end = 'trap'
    }
    const gas = running.readGas()
    if (gas < 0n)
      return { end: 'out-of-gas', result: undefined, gas: undefined, calls: this.#calls, memory: undefined }
    return {
      end,
      result,
      gas,
      calls: this.#calls,
      memory: end === 'return' ? digest(running.memory().buffer) : undefined,
    }
  }
}

function digest(buffer: ArrayBuffer): string {
  let sum = 0
  new Int32Array(buffer).forEach((word, i) => {
    if (word !== 0) sum = (Math.imul(sum, 31) + (word ^ i)) | 0
  })
  return `${buffer.byteLength} ${sum}`
}
