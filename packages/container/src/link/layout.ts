import { ContainerError } from '../errors.ts'
import { ByteReader } from '../module/byte-reader.ts'
import { Op } from '../module/opcodes.ts'
import { ExportKind, type Limits, ValueType, type WasmModule } from '../module/wasm-module.ts'
import type { Library } from './library.ts'

const PAGE_SIZE = 65_536
const MAXIMUM_PAGES = 65_536
/**
 * Name of an export, of whatever kind, by which an actor says that its allocator takes no memory behind what it starts with but what it has grown by itself, so
 * that libraries may have theirs there. One that takes all it finds would write over it.
 */
const BEHIND = '__library_behind'
/** Names of exported constants: start and size of the memory that an actor has set apart for its libraries. */
const AREA_BASE = '__library_base'
const AREA_SIZE = '__library_size'

/** Where the memory and the table elements of a library begin. */
export interface Place {
  readonly memoryBase: number
  readonly tableBase: number
}

/** Where everything is, once libraries are linked. */
export interface Layout {
  /** In the order of the libraries. */
  readonly places: readonly Place[]
  readonly memory: Limits
  readonly table: Limits | undefined
}

/**
 * Gives every library its place. Its memory lies in what the actor has set apart (exported constants `__library_base` and `__library_size`), or behind
 * the memory that the actor starts with, which grows by as much (an export named `__library_behind`); its elements stand behind those of the actor's table.
 *
 * @throws {ContainerError} module/limit where there is no room; module/interface where the actor has no memory, or does not say where libraries have theirs
 */
export function layOut(actor: WasmModule, libraries: readonly Library[]): Layout {
  const { memory } = actor
  if (memory === undefined) throw new ContainerError('module/interface', 'an actor without a memory')
  const ownBytes = memory.minimum * PAGE_SIZE
  const area = readArea(actor, ownBytes)
  const isTold = area !== undefined || actor.exports.some(({ name }) => name === BEHIND)
  if (!isTold && libraries.some(({ dylink }) => dylink.memorySize > 0))
    throw new ContainerError('module/interface', 'an actor that has no memory for its libraries')
  let memoryEnd = area?.start ?? ownBytes
  // The first element of a table is kept free, as the null of the languages that libraries are written in.
  let tableEnd = Math.max(actor.table?.minimum ?? 0, 1)
  const places = libraries.map(({ dylink }): Place => {
    const memoryBase = align(memoryEnd, dylink.memoryAlignment)
    const tableBase = align(tableEnd, dylink.tableAlignment)
    // What needs nothing takes nothing, not even to be aligned.
    if (dylink.memorySize > 0) memoryEnd = memoryBase + dylink.memorySize
    if (dylink.tableSize > 0) tableEnd = tableBase + dylink.tableSize
    return { memoryBase, tableBase }
  })
  if (area !== undefined && memoryEnd > area.end)
    throw new ContainerError(
      'module/limit',
      `libraries need ${memoryEnd - area.end} bytes more than ${AREA_SIZE}`,
    )
  return {
    places,
    memory: widened(
      memory,
      most(memory.minimum, Math.ceil(memoryEnd / PAGE_SIZE), ...libraries.map(({ module }) => module.memory)),
      MAXIMUM_PAGES,
      'pages',
    ),
    table: layOutTable(actor, libraries, tableEnd),
  }
}

function layOutTable(actor: WasmModule, libraries: readonly Library[], end: number): Limits | undefined {
  if (actor.table === undefined && libraries.every(({ module }) => module.table === undefined))
    return undefined
  const table = actor.table ?? { minimum: 0, maximum: undefined }
  return widened(table, most(end, ...libraries.map(({ module }) => module.table)), 0xffff_ffff, 'elements')
}

/** The greatest of sizes, where those that are imported ask for their minimum. */
function most(...sizes: readonly (number | Limits | undefined)[]): number {
  return Math.max(...sizes.map((size) => (typeof size === 'number' ? size : (size?.minimum ?? 0))))
}

function widened({ maximum }: Limits, minimum: number, limit: number, what: string): Limits {
  if (minimum > (maximum ?? limit))
    throw new ContainerError('module/limit', `${minimum} ${what} with libraries, more than there may be`)
  return { minimum, maximum }
}

function align(offset: number, exponent: number): number {
  const unit = 2 ** exponent
  return Math.ceil(offset / unit) * unit
}

/** The memory that an actor has set apart for its libraries. @throws {ContainerError} module/limit where it is not within what the actor starts with */
function readArea(actor: WasmModule, ownBytes: number): { start: number; end: number } | undefined {
  const start = readConstant(actor, AREA_BASE)
  const size = readConstant(actor, AREA_SIZE)
  if (start === undefined || size === undefined) return undefined
  if (start + size > ownBytes)
    throw new ContainerError('module/limit', `${AREA_BASE} and ${AREA_SIZE} are beyond the memory`)
  return { start, end: start + size }
}

/** The value of an exported global that is a constant of type i32. */
function readConstant({ bytes, exports, globals }: WasmModule, name: string): number | undefined {
  const entry = exports.find((entry) => entry.name === name && entry.kind === ExportKind.GLOBAL)
  const global = globals[entry?.index ?? -1]
  if (global === undefined || bytes[global.head.start] !== ValueType.I32) return undefined
  if (bytes[global.head.start + 1] !== 0 || bytes[global.init.start] !== Op.I32_CONST) return undefined
  return new ByteReader(bytes, global.init.start + 1).s32() >>> 0
}
