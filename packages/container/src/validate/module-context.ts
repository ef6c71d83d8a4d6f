import { ExportKind, type WasmModule } from '../module/wasm-module.ts'

/** Type and mutability of a global. */
export interface GlobalType {
  readonly type: number
  readonly isMutable: boolean
}

/** What the function bodies of a module are validated against. */
export class ModuleContext {
  readonly module: WasmModule
  readonly #globals: readonly GlobalType[]
  #declared: ReadonlySet<number> | undefined

  constructor(module: WasmModule) {
    this.module = module
    const { bytes } = module
    this.#globals = module.globals.map(({ head }) => ({
      type: bytes[head.start] as number,
      isMutable: bytes[head.start + 1] === 1,
    }))
  }

  global(index: number): GlobalType | undefined {
    return this.#globals[index]
  }

  /** Whether `ref.func` may name a function: it occurs outside of function bodies. */
  isDeclared(index: number): boolean {
    this.#declared ??= declaredFunctions(this.module)
    return this.#declared.has(index)
  }
}

function declaredFunctions({ exports, elements, globals }: WasmModule): Set<number> {
  const declared = new Set<number>()
  for (const { kind, index } of exports) if (kind === ExportKind.FUNCTION) declared.add(index)
  for (const { functions } of elements) for (const index of functions) declared.add(index)
  for (const { functionReference } of globals)
    if (functionReference !== undefined) declared.add(functionReference)
  return declared
}
