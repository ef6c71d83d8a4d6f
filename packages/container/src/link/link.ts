/**
 * @module Links the code of an actor with the libraries that it imports, into one module, which is validated, instrumented and run as any other: so all of it
 * shares memory, table, stack height and gas, and a call of a library is a call within the module.
 *
 * Libraries are modules of the WebAssembly tool conventions for dynamic linking (DynamicLinking.md): `dylink.0` says what they need; they import `env.memory`,
 * `env.__indirect_function_table`, `env.__memory_base`, `env.__table_base` and `env.__stack_pointer`, and are initialised by what they export as
 * `__wasm_apply_data_relocs` and `__wasm_call_ctors`. In place of names and a global offset table, they are imported by code CID: functions of the module
 * `lib:<CID>`.
 *
 * Differs: they are linked when the code is made ready, and not when it runs, because all that linking depends on is known then.
 */
import type { LibraryRules } from '@troupe/hypervisor'
import type { Dialect } from '../module/dialect.ts'
import { Op } from '../module/opcodes.ts'
import { ExportKind, type Limits, ValueType, type WasmModule } from '../module/wasm-module.ts'
import { ByteWriter } from '../transform/byte-writer.ts'
import { emitBody } from '../transform/function-emitter.ts'
import { type FindLibrary, Libraries } from './collect.ts'
import { initialisers } from './initialisers.ts'
import { type Layout, layOut } from './layout.ts'
import { writeBody, writeConstant } from './rewrite.ts'
import { writeData, writeElements } from './segments.ts'
import { importedGlobals, STACK_POINTER, type Unit, Units } from './units.ts'

/**
 * Links an actor.
 * @param find gives the code of installed libraries
 * @throws {ContainerError} module/library, module/limit, module/interface; and as libraries are read
 */
export function linkActor(
  actor: WasmModule,
  find: FindLibrary,
  rules: LibraryRules,
  dialect: Dialect,
): Uint8Array<ArrayBuffer> {
  const libraries = new Libraries(actor, false, find, rules, dialect)
  const layout = layOut(actor, libraries.all)
  return new Linker(new Units(actor, libraries, layout), layout).run()
}

class Linker {
  readonly #units: Units
  readonly #layout: Layout
  readonly #actor: WasmModule
  readonly #out: ByteWriter
  /** Functions that are called before anything else is, the actor's start function last. */
  readonly #initialisers: readonly number[]

  constructor(units: Units, layout: Layout) {
    this.#units = units
    this.#layout = layout
    const [actor] = units.units as readonly [Unit]
    this.#actor = actor.module
    this.#out = new ByteWriter(units.units.reduce((sum, { module }) => sum + module.bytes.length, 0))
    this.#initialisers = initialisers(units.units)
  }

  run(): Uint8Array<ArrayBuffer> {
    const out = this.#out
    const { memory, table } = this.#layout
    const { units } = this.#units
    out.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
    this.#section(1, () => this.#types())
    this.#section(2, () => this.#imports())
    this.#section(3, () => this.#functions())
    if (table !== undefined) this.#section(4, () => this.#limits([1, ValueType.FUNCREF], table))
    this.#section(5, () => this.#limits([1], memory))
    this.#section(6, () => this.#globals())
    this.#section(7, () => this.#exports())
    if (this.#initialisers.length > 0) this.#section(8, () => out.u32(this.#startFunction))
    this.#section(9, () => writeElements(units, out))
    if (units.some(({ module }) => module.dataCount !== undefined))
      this.#section(12, () => out.u32(units.reduce((sum, { module }) => sum + module.dataSegments, 0)))
    this.#section(10, () => this.#code())
    this.#section(11, () => writeData(units, out))
    return out.written.slice()
  }

  get #startFunction(): number {
    return this.#units.imports.length + this.#units.functionCount
  }

  #section(id: number, write: () => void): void {
    this.#out.byte(id)
    const size = this.#out.placeholderU32()
    write()
    this.#out.patchU32(size, this.#out.length - size - 5)
  }

  /** The types of all units, and that of a start function. */
  #types(): void {
    const out = this.#out
    out.u32(this.#typeCount + 1)
    for (const { module } of this.#units.units)
      out.copy(module.bytes, module.typeBytes.start, module.typeBytes.end)
    out.bytes([0x60, 0, 0])
  }

  get #typeCount(): number {
    return this.#units.units.reduce((sum, { module }) => sum + module.types.length, 0)
  }

  #imports(): void {
    const { imports } = this.#units
    const out = this.#out
    out.u32(imports.length)
    for (const { unit, names, type } of imports) {
      out.copy(unit.module.bytes, names.start, names.end)
      out.byte(ExportKind.FUNCTION)
      out.u32(type)
    }
  }

  #functions(): void {
    const out = this.#out
    const hasStart = this.#initialisers.length > 0
    out.u32(this.#units.functionCount + (hasStart ? 1 : 0))
    for (const { module, types } of this.#units.units)
      for (const type of module.functions.slice(module.imports.length)) out.u32(type + types)
    if (hasStart) out.u32(this.#typeCount)
  }

  #limits(head: readonly number[], { minimum, maximum }: Limits): void {
    this.#out.bytes([...head, maximum === undefined ? 0 : 1])
    this.#out.u32(minimum)
    if (maximum !== undefined) this.#out.u32(maximum)
  }

  #globals(): void {
    const out = this.#out
    out.u32(this.#units.globalCount)
    for (const unit of this.#units.units) {
      const { module } = unit
      const imported = importedGlobals(module)
      for (const [i, { head, init }] of module.globals.entries()) {
        if (imported[i] === STACK_POINTER) continue
        out.copy(module.bytes, head.start, head.end)
        writeConstant(unit, imported[i] === undefined ? init : i, out)
      }
    }
  }

  /** The actor's exports; those of libraries cannot be seen from outside. */
  #exports(): void {
    const { exports } = this.#actor
    const [{ functions }] = this.#units.units as readonly [Unit]
    const out = this.#out
    out.u32(exports.length)
    for (const { name, kind, index } of exports) {
      const text = new TextEncoder().encode(name)
      out.u32(text.length)
      out.copy(text, 0, text.length)
      out.byte(kind)
      out.u32(kind === ExportKind.FUNCTION ? (functions[index] as number) : index)
    }
  }

  #code(): void {
    const out = this.#out
    const hasStart = this.#initialisers.length > 0
    out.u32(this.#units.functionCount + (hasStart ? 1 : 0))
    for (const unit of this.#units.units) for (const body of unit.module.bodies) writeBody(unit, body, out)
    if (!hasStart) return
    emitBody(out, () => {
      for (const index of this.#initialisers) {
        out.byte(Op.CALL)
        out.u32(index)
      }
    })
  }
}
