import type { CodeFrame, CodePosition } from '@troupe/hypervisor'

/** What the engine in Wasm calls code that is evaluated: an actor's script, and what that evaluates. */
const EVALUATED = '<input>'

/** UTF-16 units of a function's name that are kept. */
const MAXIMUM_NAME = 128
/** UTF-16 units of a script that are gone through for the functions of one stack; a text that is compared whole counts as long as it is. */
export const MAXIMUM_SEARCH: number = 2_097_152
/** UTF-16 units of a function's text by which it is looked for, before all of it is compared. */
const SEARCHED_BY = 16
/** UTF-16 units of a script between two places whose bytes are counted. */
const COUNTED_EVERY = 1024
/** UTF-16 units before a function among which its name is looked for. */
const NAME_REACH = 160

/** A place that the script in the image tells of; see `PLACES_SCRIPT`. */
export interface ToldPlace {
  readonly file: string
  readonly functionName: string | undefined
  readonly line: number
  readonly column: number
  /** The beginning of the function's text, and the length of all of it (UTF-16 units). */
  readonly text: string
  readonly length: number
}

/** Reads what the script says. What is malformed, and whatever stands nowhere, is left out. */
export function readPlaces(json: string): ToldPlace[] {
  const rows: unknown = JSON.parse(json)
  if (!Array.isArray(rows)) return []
  return rows.flatMap((row: unknown): ToldPlace[] => {
    const [file, name, line, column, text, length] = Array.isArray(row) ? (row as readonly unknown[]) : []
    if (typeof file !== 'string' || !isPlace(line) || !isPlace(column)) return []
    if (typeof text !== 'string' || typeof length !== 'number') return []
    const functionName = typeof name === 'string' && name !== '' ? oneLine(name) : undefined
    return [{ file, functionName, line, column, text, length }]
  })
}

/**
 * The places of an actor's script, of those that the engine in Wasm tells of. It has one name for all that is evaluated: a place is the script's where the function's text is around it
 * there. Whoever writes a script decides how long that takes, and does not pay for it: where it takes too long, the outer functions are left out.
 *
 * Differs: what the engine counts in columns is bytes of UTF-8; here they are UTF-16 units.
 */
export function codeFrames(script: string, places: readonly ToldPlace[]): CodeFrame[] {
  const lines = new Lines(script)
  const search = new TextSearch(script)
  return places.flatMap(({ file, functionName, line, column, text, length }): CodeFrame[] => {
    if (file !== EVALUATED || text === '') return []
    const offset = lines.offsetOf(line, column)
    if (offset === undefined) return []
    const start = search.around(offset, text, length)
    if (start === undefined) return []
    const name = functionName === undefined ? undefined : nameOffset(script, start, text, functionName)
    return [
      {
        functionName,
        ...lines.positionOf(line, offset),
        ...(name === undefined ? {} : { nameAt: lines.position(name) }),
      },
    ]
  })
}

/** The places of a script that V8 has under a name of its own. Where a function is called by its own name, that is where it has it. */
export function framesOf(file: string, script: string, places: readonly ToldPlace[]): CodeFrame[] {
  const lines = script.split('\n')
  const own = places.filter((place) => place.file === file)
  return own.map(({ functionName, line, column }, i): CodeFrame => {
    // Of functions without a name, in what is evaluated: no function of an actor can have this one.
    if (functionName === undefined || functionName === 'eval')
      return { functionName: undefined, line, column }
    const caller = own[i + 1]
    const called = caller && lines[caller.line - 1]?.slice(caller.column - 1)
    return {
      ...{ functionName, line, column },
      ...(caller !== undefined && called?.startsWith(`${functionName}(`) === true
        ? { nameAt: { line: caller.line, column: caller.column } }
        : {}),
    }
  })
}

/** Where a function's name stands: behind the word `function` or `class`, or before the function, to which it is given. */
function nameOffset(script: string, start: number, text: string, name: string): number | undefined {
  const declared = /^(?:async\s+)?(?:function\b\s*\*?|class\b)\s*/.exec(text)
  if (declared !== null && text.startsWith(name, declared[0].length)) return start + declared[0].length
  const before = script.slice(Math.max(0, start - NAME_REACH), start)
  const given = /\s*=\s*$/.exec(before)
  return given !== null && before.slice(0, given.index).endsWith(name)
    ? start - before.length + given.index - name.length
    : undefined
}

/** Looks for the texts of functions in a script, for as long as {@link MAXIMUM_SEARCH} says. */
class TextSearch {
  readonly #script: string
  #left = MAXIMUM_SEARCH

  constructor(script: string) {
    this.#script = script
  }

  /** Where a text of a length begins that is around a place: the last one that begins before it. @param text its beginning */
  around(offset: number, text: string, length: number): number | undefined {
    const sample = text.slice(0, SEARCHED_BY)
    const lowest = Math.max(0, offset - length + 1)
    for (let from = offset; from >= lowest && this.#left > 0; ) {
      const reach = Math.max(lowest, from - this.#left)
      const found = this.#script.slice(reach, from + sample.length).lastIndexOf(sample)
      if (found < 0) {
        this.#left -= from - reach + 1
        return undefined
      }
      const start = reach + found
      this.#left -= from - start + text.length
      if (this.#script.startsWith(text, start)) return start
      from = start - 1
    }
    return undefined
  }
}

/** The lines of a script. */
class Lines {
  readonly #script: string
  /** Where each begins. */
  readonly #starts: number[] = [0]
  /** Bytes of UTF-8 before every so many units. */
  readonly #bytes: number[] = []

  constructor(script: string) {
    this.#script = script
    let bytes = 0
    for (let at = 0; at < script.length; at++) {
      if (at % COUNTED_EVERY === 0) this.#bytes.push(bytes)
      const unit = script.charCodeAt(at)
      bytes += utf8Length(unit)
      const isFirstOfTwo = unit === 0x0d && script.charCodeAt(at + 1) === 0x0a
      if (endsLine(unit) && !isFirstOfTwo) this.#starts.push(at + 1)
    }
  }

  /** @param column in bytes of UTF-8, from 1 */
  offsetOf(line: number, column: number): number | undefined {
    const start = this.#starts[line - 1]
    if (start === undefined) return undefined
    const end = this.#starts[line] ?? this.#script.length
    const wanted = this.#bytesBefore(start) + column - 1
    const counted = lastNotAbove(this.#bytes, wanted)
    let offset = Math.max(start, counted * COUNTED_EVERY)
    for (let bytes = wanted - this.#bytesBefore(offset); bytes > 0 && offset < end; offset++)
      bytes -= utf8Length(this.#script.charCodeAt(offset))
    return Math.min(offset, end)
  }

  positionOf(line: number, offset: number): CodePosition {
    return { line, column: offset - (this.#starts[line - 1] ?? 0) + 1 }
  }

  position(offset: number): CodePosition {
    return this.positionOf(lastNotAbove(this.#starts, offset) + 1, offset)
  }

  #bytesBefore(offset: number): number {
    const counted = Math.floor(offset / COUNTED_EVERY)
    // A script may end where the next are to be counted.
    const from = Math.min(counted, Math.max(0, this.#bytes.length - 1))
    let bytes = this.#bytes[from] ?? 0
    for (let at = from * COUNTED_EVERY; at < offset; at++) bytes += utf8Length(this.#script.charCodeAt(at))
    return bytes
  }
}

/** The index of the last of numbers in order, the first of them 0, that is not above one. */
function lastNotAbove(numbers: readonly number[], limit: number): number {
  let low = 0
  let high = numbers.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] as number) <= limit) low = middle
    else high = middle
  }
  return low
}

function endsLine(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d || unit === 0x2028 || unit === 0x2029
}

/** Of one unit of UTF-16; each of a pair has half of the four bytes. */
function utf8Length(unit: number): number {
  if (unit < 0x80) return 1
  if (unit < 0x800) return 2
  return unit >= 0xd800 && unit < 0xe000 ? 2 : 3
}

/** A name as it can stand in a line: any text can be one. */
function oneLine(name: string): string {
  return name.slice(0, MAXIMUM_NAME).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\ufffd')
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}
