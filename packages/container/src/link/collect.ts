import type { LibraryRules } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { ContainerError } from '../errors.ts'
import type { Dialect } from '../module/dialect.ts'
import {
  ExportKind,
  type FunctionImport,
  type FunctionType,
  typeOfFunction,
  type WasmModule,
} from '../module/wasm-module.ts'
import { isLibraryImport, type Library, libraryOf, readLibrary } from './library.ts'

/** The code of an installed library; `undefined` where there is none. Asked once for each. */
export type FindLibrary = (cid: Cid) => Uint8Array | undefined

/** A library, with what it has been asked for. */
interface Found extends Library {
  /** Functions by the names of their exports. */
  readonly functions: ReadonlyMap<string, number>
  /** The longest way from it to another one. */
  readonly depth: number
}

/** Everything that a module is to be linked with: each library once, behind those that it imports itself. */
export class Libraries {
  /** By the module names of their imports. */
  readonly #found = new Map<string, Found>()
  /** Those on the way to the one that is being read. */
  readonly #open = new Set<string>()
  readonly #find: FindLibrary
  readonly #rules: LibraryRules
  readonly #dialect: Dialect
  #size: number

  /**
   * @param module whose imports are followed
   * @param isLibrary whether it is a library itself, and counts as one: of use is only what can be linked
   * @throws {ContainerError} module/library; module/limit where there are too many, too much of them, or too long a way; and as they are read
   */
  constructor(
    module: WasmModule,
    isLibrary: boolean,
    find: FindLibrary,
    rules: LibraryRules,
    dialect: Dialect,
  ) {
    this.#find = find
    this.#rules = rules
    this.#dialect = dialect
    this.#size = module.bytes.length
    const own = isLibrary ? 1 : 0
    const depth = this.#follow(module) + own
    if (depth > rules.maximumDepth) throw tooMuch('libraries of libraries')
    if (this.#found.size + own > rules.maximumLibraries) throw tooMuch('libraries')
    if (this.#size > rules.maximumLinkedSize) throw tooMuch('bytes of libraries')
  }

  /** In the order in which they are initialised. */
  get all(): readonly Library[] {
    return [...this.#found.values()]
  }

  /**
   * The function that is imported from a library.
   * @param importer the module that imports it
   * @throws {ContainerError} module/library where it is not there, or of another type
   */
  resolve(
    { module: from, name, type }: FunctionImport,
    importer: WasmModule,
  ): { library: WasmModule; index: number } {
    const found = this.#found.get(from)
    const index = found?.functions.get(name)
    if (found === undefined || index === undefined)
      throw new ContainerError('module/library', `${from} has no function ${name}`)
    const wanted = importer.types[type] as FunctionType
    const given = typeOfFunction(found.module, index)
    if (!sameValues(wanted.params, given.params) || !sameValues(wanted.results, given.results))
      throw new ContainerError('module/library', `${from} has a function ${name} of another type`)
    return { library: found.module, index }
  }

  /** @returns the longest way from the module to a library, 0 where it imports none */
  #follow({ imports }: WasmModule): number {
    const names = new Map(imports.filter(isLibraryImport).map((entry) => [entry.module, entry]))
    let depth = 0
    for (const [name, entry] of names) depth = Math.max(depth, 1 + this.#library(name, entry))
    return depth
  }

  #library(name: string, entry: FunctionImport): number {
    const known = this.#found.get(name)
    if (known !== undefined) return known.depth
    // No code can contain its own hash; what is handed in might all the same.
    if (this.#open.has(name)) throw new ContainerError('module/library', `${name} imports itself`)
    if (this.#open.size >= this.#rules.maximumDepth) throw tooMuch('libraries of libraries')
    if (this.#found.size + this.#open.size >= this.#rules.maximumLibraries) throw tooMuch('libraries')
    const bytes = this.#find(libraryOf(entry))
    if (bytes === undefined) throw new ContainerError('module/library', `${name} is not installed`)
    this.#size += bytes.length
    if (this.#size > this.#rules.maximumLinkedSize) throw tooMuch('bytes of libraries')
    this.#open.add(name)
    const library = readLibrary(bytes, this.#dialect)
    const depth = this.#follow(library.module)
    this.#open.delete(name)
    this.#found.set(name, { ...library, functions: exportedFunctions(library.module), depth })
    return depth
  }
}

function exportedFunctions({ exports }: WasmModule): Map<string, number> {
  return new Map(
    exports.filter(({ kind }) => kind === ExportKind.FUNCTION).map(({ name, index }) => [name, index]),
  )
}

function sameValues(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i])
}

function tooMuch(what: string): ContainerError {
  return new ContainerError('module/limit', `too many ${what}`)
}
