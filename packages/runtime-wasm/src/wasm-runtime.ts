import { Container, ContainerError, type ContainerOptions, type GuestModule, isWasm } from '@troupe/container'
import {
  type CodeRefusal,
  type Fidelity,
  type Kernel,
  type Program,
  ProtocolFatal,
  type RuleSet,
  type Runtime,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'

/** What the runtime can be told: the container's options. */
export type WasmRuntimeOptions = ContainerOptions

const FIDELITY: Fidelity = { level: 'exact' }

/** Runs native actors: code blocks that are Wasm modules, metered as the rule set's FVM does. */
export class WasmRuntime implements Runtime {
  readonly name = 'wasm'
  readonly #container: Container

  constructor(options: WasmRuntimeOptions = {}) {
    this.#container = new Container(options)
  }

  load(codeCid: Cid, code: () => Uint8Array, rules: RuleSet): Program | undefined {
    try {
      const known = this.#container.find(codeCid, rules)
      if (known !== undefined) return new WasmProgram(known)
      const bytes = code()
      if (!isWasm(bytes)) return undefined
      return new WasmProgram(this.#container.prepare(codeCid, bytes, rules))
    } catch (error) {
      if (error instanceof ContainerError && error.code.startsWith('module/'))
        throw new ProtocolFatal(`failed to load actor wasm: ${error.message}`, { cause: error })
      throw error
    }
  }

  validate(codeCid: Cid, code: Uint8Array, rules: RuleSet): 'accepted' | CodeRefusal | undefined {
    const { userActors } = rules
    if (userActors === undefined || !isWasm(code)) return undefined
    try {
      this.#container.install(codeCid, code, rules, userActors)
      return 'accepted'
    } catch (error) {
      return refusalOf(error)
    }
  }
}

/** What a runtime says of code that the container refuses. @throws everything else */
function refusalOf(error: unknown): CodeRefusal {
  if (!(error instanceof ContainerError) || !error.code.startsWith('module/')) throw error
  return { code: error.code, reason: error.message, offset: error.offset }
}

class WasmProgram implements Program {
  readonly fidelity: Fidelity = FIDELITY
  readonly isReentrant: boolean
  readonly #module: GuestModule

  constructor(module: GuestModule) {
    this.#module = module
    this.isReentrant = module.isReentrant
  }

  invoke(kernel: Kernel, parameters: number): number {
    return this.#module.invoke(kernel, parameters)
  }

  upgrade(kernel: Kernel, parameters: number, info: number): number {
    return this.#module.upgrade(kernel, parameters, info)
  }
}

/** The runtime for native actors. */
export function wasmRuntime(options: WasmRuntimeOptions = {}): WasmRuntime {
  return new WasmRuntime(options)
}
