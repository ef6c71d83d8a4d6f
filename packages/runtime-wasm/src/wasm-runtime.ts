import {
  Container,
  ContainerError,
  type ContainerOptions,
  type FindLibrary,
  type GuestModule,
  isLibrary,
  isWasm,
} from '@troupe/container'
import {
  Abort,
  type CodeRefusal,
  ExitCode,
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

  load(codeCid: Cid, code: () => Uint8Array, rules: RuleSet, find?: FindLibrary): Program | undefined {
    try {
      const known = this.#container.find(codeCid, rules)
      if (known !== undefined) return new WasmProgram(known)
      const bytes = code()
      if (!isWasm(bytes)) return undefined
      if (rules.userActors?.libraries !== undefined && isLibrary(bytes)) return LIBRARY
      return new WasmProgram(this.#container.prepare(codeCid, bytes, rules, find))
    } catch (error) {
      if (error instanceof ContainerError && error.code.startsWith('module/'))
        throw new ProtocolFatal(`failed to load actor wasm: ${error.message}`, { cause: error })
      throw error
    }
  }

  validate(
    codeCid: Cid,
    code: Uint8Array,
    rules: RuleSet,
    find: FindLibrary = () => undefined,
  ): 'accepted' | CodeRefusal | undefined {
    const { userActors } = rules
    if (userActors === undefined || !isWasm(code)) return undefined
    try {
      if (isLibrary(code)) this.#container.checkLibrary(code, rules, userActors, find)
      else this.#container.install(codeCid, code, rules, userActors, find)
      return 'accepted'
    } catch (error) {
      return refusalOf(error)
    }
  }
}

/** What an actor does that was created of a library. */
const LIBRARY: Program = {
  fidelity: FIDELITY,
  invoke: () => {
    throw new Abort(ExitCode.SYS_INVALID_RECEIVER, 'a library is no actor')
  },
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
