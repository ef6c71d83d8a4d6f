import type { CodeFrame, CodePosition } from '@troupe/hypervisor'

/** What the engine in Wasm calls code that is evaluated: an actor's script, and what that evaluates. */
const EVALUATED = '<input>'

/** UTF-16 units of a function's name that are kept. */
const MAXIMUM_NAME = 128
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
 * there.
 *
 * Differs: what the engine counts in columns is bytes of UTF-8; here they are UTF-16 units.
 */
export function codeFrames(script: string, places: readonly ToldPlace[]): CodeFrame[] {
  const lines = new Lines(script)
  return places.flatMap(({ file, functionName, line, column, text, length }): CodeFrame[] => {
    if (file !== EVALUATED || text === '') return []
    const offset = lines.offsetOf(line, column)
    if (offset === undefined) return []
    const start = script.lastIndexOf(text, offset)
    if (start < 0 || start + length <= offset) return []
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

/** The lines of a script. */
class Lines {
  readonly #script: string
  /** Where each begins. */
  readonly #starts: number[] = [0]

  constructor(script: string) {
    this.#script = script
    for (const { index, 0: end } of script.matchAll(/\r\n|[\n\r\u2028\u2029]/g))
      this.#starts.push(index + end.length)
  }

  /** @param column in bytes of UTF-8, from 1 */
  offsetOf(line: number, column: number): number | undefined {
    const start = this.#starts[line - 1]
    if (start === undefined) return undefined
    const end = this.#starts[line] ?? this.#script.length
    let offset = start
    for (let bytes = column - 1; bytes > 0 && offset < end; offset++)
      bytes -= utf8Length(this.#script.charCodeAt(offset))
    return offset
  }

  positionOf(line: number, offset: number): CodePosition {
    return { line, column: offset - (this.#starts[line - 1] ?? 0) + 1 }
  }

  position(offset: number): CodePosition {
    let low = 0
    let high = this.#starts.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] as number) <= offset) low = middle
      else high = middle
    }
    return this.positionOf(low + 1, offset)
  }
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
