import { type SourceMapInput, TraceMap, traceSegment } from '@jridgewell/trace-mapping'
import type { CodeFrame, CodePosition, SourcePosition } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'

/** UTF-16 units that a source map may have. */
export const MAX_SOURCE_MAP_LENGTH: number = 32 * 1024 * 1024
/** UTF-16 units that its mappings may have: what an actor's code of the greatest length has is a third of it. */
export const MAX_MAPPINGS_LENGTH: number = 4 * 1024 * 1024
/** UTF-16 units that the names in it may have, those of sources with their root, and one more each. */
export const MAX_NAMES_LENGTH: number = 4 * 1024 * 1024
/** Field of a source map by which it says which code it is of: its CID. `troupe build` writes it. */
export const CODE_FIELD = 'x_troupe_code'
const VERSION = 3

type Json = Readonly<Record<string, unknown>>

/** A source map (version 3) of an actor's code. */
export class ScriptMap {
  /** What it takes to keep it, about: UTF-16 units of its mappings and names. */
  readonly size: number
  readonly #map: TraceMap

  private constructor(size: number, map: Json) {
    this.size = size
    this.#map = new TraceMap(map as unknown as SourceMapInput)
  }

  /**
   * Reads the JSON of a source map. What it says beyond mappings and names is forgotten.
   * @param code of the actor that it has to be of, where it says so
   * @throws {TroupeError} source-map/malformed, source-map/too-large, source-map/other-code
   */
  static parse(text: string, code: Cid): ScriptMap {
    if (text.length > MAX_SOURCE_MAP_LENGTH) throw tooLarge(text.length, MAX_SOURCE_MAP_LENGTH, 'units')
    const map = parseJson(text)
    if (map['version'] !== VERSION) throw malformed(`is not of version ${VERSION}`)
    const { mappings, names = [], sourceRoot, sources } = map
    if (typeof mappings !== 'string') throw malformed('has no mappings of its own')
    if (mappings.length > MAX_MAPPINGS_LENGTH)
      throw tooLarge(mappings.length, MAX_MAPPINGS_LENGTH, 'units of mappings')
    if (!/^[A-Za-z0-9+/,;]*$/u.test(mappings)) throw malformed('has mappings that are none')
    if (
      !isListOf(sources, (source): source is string | null => typeof source === 'string' || source === null)
    )
      throw malformed('has no list of sources')
    if (!isListOf(names, (name): name is string => typeof name === 'string'))
      throw malformed('has names that are none')
    if (sourceRoot !== undefined && sourceRoot !== null && typeof sourceRoot !== 'string')
      throw malformed('has a root of sources that is none')
    const namesLength = lengthOf(names, 0) + lengthOf(sources, sourceRoot?.length ?? 0)
    if (namesLength > MAX_NAMES_LENGTH) throw tooLarge(namesLength, MAX_NAMES_LENGTH, 'units of names')
    const of = map[CODE_FIELD]
    if (of !== undefined && of !== code.toString())
      throw new TroupeError(
        'source-map/other-code',
        `the source map is of the code ${String(of).slice(0, 100)}, and not of ${code}`,
      )
    const size = mappings.length + namesLength
    return new ScriptMap(size, { version: VERSION, mappings, names, sourceRoot, sources })
  }

  /** Where a place of the code was written; `undefined` for what was not written by anybody. */
  place({ functionName, line, column, nameAt }: CodeFrame): SourcePosition | undefined {
    const [, source, sourceLine, sourceColumn] = this.#at({ line, column })
    // Mappings are numbers, of which nobody has seen to it that they are of anything.
    if (source === undefined || typeof this.#map.sources[source] !== 'string') return undefined
    if (sourceLine === undefined || sourceLine < 0 || sourceColumn === undefined || sourceColumn < 0)
      return undefined
    const name = nameAt === undefined ? undefined : this.#at(nameAt)[4]
    return {
      file: this.#map.resolvedSources[source] as string,
      functionName: (name === undefined ? undefined : this.#map.names[name]) ?? functionName,
      ...{ line: sourceLine + 1, column: sourceColumn + 1 },
    }
  }

  /** `[column, source, line, column, name]`, by their places in lists, and from 0; as much as there is of it. */
  #at({ line, column }: CodePosition): readonly (number | undefined)[] {
    return line < 1 ? [] : (traceSegment(this.#map, line - 1, column - 1) ?? [])
  }
}

function parseJson(text: string): Json {
  let value: unknown
  try {
    // Some servers put this in front, so that no script can read it.
    value = JSON.parse(text.startsWith(")]}'") ? text.slice(text.indexOf('\n') + 1) : text)
  } catch {
    throw malformed('is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('is no JSON object')
  return value as Json
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(is)
}

/** Units of names, each with a root before it, and one more for each. */
function lengthOf(names: readonly (string | null)[], rootLength: number): number {
  return names.reduce((sum, name) => sum + (name?.length ?? 0) + rootLength + 1, 0)
}

function malformed(what: string): TroupeError {
  return new TroupeError('source-map/malformed', `the source map ${what}`)
}

function tooLarge(length: number, limit: number, what: string): TroupeError {
  return new TroupeError(
    'source-map/too-large',
    `a source map of ${length} ${what}, where ${limit} are allowed`,
  )
}
