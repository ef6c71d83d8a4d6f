/**
 * @module The custom section by which a module says that it is a library, and what memory and table it needs.
 *
 * Source: WebAssembly tool conventions, DynamicLinking.md (`dylink.0`).
 */
import { ContainerError } from '../errors.ts'
import { ByteReader } from '../module/byte-reader.ts'
import { isWasm } from '../module/parse.ts'

/** What a library needs of the actor that it is linked to. */
export interface Dylink {
  /** Bytes. */
  readonly memorySize: number
  /** Power of two that the start of the memory is a multiple of, as an exponent. */
  readonly memoryAlignment: number
  /** Elements. */
  readonly tableSize: number
  /** Exponent, likewise. */
  readonly tableAlignment: number
}

const NAME = 'dylink.0'
const MEMORY_INFO = 1
const NEEDED = 2
/** Greatest exponent of an alignment: a page. */
const MAXIMUM_ALIGNMENT = 16

/** Whether a module is a library: `dylink.0` is its first section. Bytes that are no module are no library. */
export function isLibrary(bytes: Uint8Array): boolean {
  return openSection(bytes) !== undefined
}

/**
 * Reads the section of a library.
 * @throws {ContainerError} module/malformed; module/limit for an alignment above a page; module/library where it is no library, or needs others by name
 */
export function readDylink(bytes: Uint8Array): Dylink {
  const section = openSection(bytes)
  if (section === undefined) throw new ContainerError('module/library', 'a module that is no library')
  let info: Dylink = { memorySize: 0, memoryAlignment: 0, tableSize: 0, tableAlignment: 0 }
  while (!section.done) {
    const offset = section.offset
    const type = section.byte()
    const content = section.part()
    if (type === MEMORY_INFO) info = readMemoryInfo(content)
    else if (type === NEEDED && content.u32() > 0)
      throw new ContainerError('module/library', 'a library that needs others by name', { offset })
  }
  return info
}

function readMemoryInfo(reader: ByteReader): Dylink {
  const memorySize = reader.u32()
  const memoryAlignment = readAlignment(reader)
  const tableSize = reader.u32()
  const tableAlignment = readAlignment(reader)
  return { memorySize, memoryAlignment, tableSize, tableAlignment }
}

function readAlignment(reader: ByteReader): number {
  const offset = reader.offset
  const exponent = reader.u32()
  if (exponent > MAXIMUM_ALIGNMENT)
    throw new ContainerError('module/limit', `an alignment of 2^${exponent}`, { offset })
  return exponent
}

/** The content of the section, behind its name; `undefined` where the first section is another. */
function openSection(bytes: Uint8Array): ByteReader | undefined {
  if (!isWasm(bytes)) return undefined
  const reader = new ByteReader(bytes, 8)
  try {
    if (reader.byte() !== 0) return undefined
    const content = reader.part()
    return content.name() === NAME ? content : undefined
  } catch (error) {
    if (error instanceof ContainerError) return undefined
    throw error
  }
}
