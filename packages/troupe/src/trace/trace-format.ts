/**
 * @module Traces as text that lasts: JSON lines, one event a line, of which the format is versioned.
 *
 * The first line says what follows: `{"format":"troupe-trace","version":1}`, with whatever else its writer adds. Every other line is one event in the order in
 * which it happened, `{"type":…}` with the fields of `TraceEvent`:
 *
 * | type | fields |
 * | --- | --- |
 * | `call` | `from` (id), `to` (address), `method`, `value` (attoFIL), `gasLimit` (milligas), `readOnly`, `parameters` (block or null) |
 * | `invoke` | `actor` (id), `code` (CID) |
 * | `return` | `exitCode`, `value` (block or null) |
 * | `error` | `number` (error number, `"out-of-gas"` or `"fatal"`), `message` |
 * | `gas` | `name`, `milligas` |
 * | `syscall` | `module`, `name`, `errorNumber` (0 for success) |
 * | `event` | `emitter` (id), `entries` (how many) |
 * | `log` | `actor` (id), `message` |
 * | `stack` | `actor` (id), `code` (CID), `frames`: each `{"functionName":…,"line":…,"column":…,"nameAt":{"line":…,"column":…}}`, without what is not known; the innermost first |
 * | `caches` | `blocks` (null where the store has none nearer than others), `nodes`, `code`: each `{"hits":…,"misses":…}`, what the message found in the machine's read caches and what not; last |
 *
 * Ids, methods, amounts and gas are decimal strings, because JSON's readers round large numbers; an address is the hexadecimal of its bytes; a block is
 * `{"codec":…,"data":"hex"}`. A reader passes over fields and types that it does not know; what exists keeps its meaning within a version.
 */
import { CodedError } from '@troupe/crypto'
import { decodeAddress, type TraceEvent } from '@troupe/hypervisor'
import { parseCid } from '@troupe/ipld'
import { TroupeError } from '../errors.ts'

/** The version of the format. */
export const TRACE_VERSION = 1

const FORMAT = 'troupe-trace'

/** The first line of a trace. `about` is what its writer wants to be known: the message, the network. */
export function traceHeader(about: Readonly<Record<string, string | number>> = {}): string {
  return JSON.stringify({ format: FORMAT, version: TRACE_VERSION, ...about })
}

/** An event as a line, without its end. */
export function formatTraceEvent(event: TraceEvent): string {
  return JSON.stringify(event, (key, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (key === 'milligas') return String(value)
    if (key === 'code' && (event.type === 'invoke' || event.type === 'stack')) return String(event.code)
    if (key === 'to' && event.type === 'call') return hexOf(event.to.bytes)
    if (key === 'blocks' && value === undefined) return null
    if (isBlock(value)) return { codec: value.codec, data: hexOf(value.data) }
    return value === undefined && (key === 'parameters' || key === 'value') ? null : value
  })
}

/** A trace that was read. */
export interface ParsedTrace {
  readonly version: number
  readonly events: TraceEvent[]
}

/**
 * Reads a trace.
 * @throws {TroupeError} trace/malformed, with the line; trace/unsupported-version
 */
export function parseTrace(text: string): ParsedTrace {
  const lines = text.split('\n')
  const header = parseLine(lines[0] ?? '', 1)
  if (header['format'] !== FORMAT) throw malformed(1, `is not the first line of a trace`)
  if (header['version'] !== TRACE_VERSION)
    throw new TroupeError(
      'trace/unsupported-version',
      `traces of version ${header['version']} cannot be read, only of ${TRACE_VERSION}`,
    )
  const events: TraceEvent[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue
    const event = parseEvent(new Fields(parseLine(line, index + 1), index + 1))
    if (event !== undefined) events.push(event)
  }
  return { version: TRACE_VERSION, events }
}

/** The event of a line; `undefined` for a type that a later writer knows. */
function parseEvent(fields: Fields): TraceEvent | undefined {
  switch (fields.text('type')) {
    case 'call':
      return {
        type: 'call',
        from: fields.bigint('from'),
        to: fields.address('to'),
        method: fields.bigint('method'),
        value: fields.bigint('value'),
        parameters: fields.block('parameters'),
        gasLimit: fields.bigint('gasLimit'),
        readOnly: fields.boolean('readOnly'),
      }
    case 'invoke':
      return { type: 'invoke', actor: fields.bigint('actor'), code: fields.cid('code') }
    case 'return':
      return { type: 'return', exitCode: fields.number('exitCode'), value: fields.block('value') }
    case 'error':
      return { type: 'error', number: fields.errorNumber('number'), message: fields.text('message') }
    case 'gas':
      return { type: 'gas', name: fields.text('name'), milligas: fields.bigint('milligas') }
    case 'syscall':
      return {
        type: 'syscall',
        module: fields.text('module'),
        name: fields.text('name'),
        errorNumber: fields.number('errorNumber') as Extract<TraceEvent, { type: 'syscall' }>['errorNumber'],
      }
    case 'event':
      return { type: 'event', emitter: fields.bigint('emitter'), entries: fields.number('entries') }
    case 'caches':
      return {
        type: 'caches',
        blocks: fields.optionalCounts('blocks'),
        nodes: fields.counts('nodes'),
        code: fields.counts('code'),
      }
    case 'stack':
      return {
        type: 'stack',
        actor: fields.bigint('actor'),
        code: fields.cid('code'),
        frames: fields.codeFrames('frames'),
      }
    case 'log':
      return { type: 'log', actor: fields.bigint('actor'), message: fields.text('message') }
    default:
      return undefined
  }
}

type Json = Readonly<Record<string, unknown>>
type Block = NonNullable<Extract<TraceEvent, { type: 'return' }>['value']>
type Counts = Extract<TraceEvent, { type: 'caches' }>['nodes']
type CodeFrame = Extract<TraceEvent, { type: 'stack' }>['frames'][number]
type ErrorNumber = Extract<TraceEvent, { type: 'error' }>['number']

/** The fields of one line, each read as what it must be. */
class Fields {
  readonly #fields: Json
  readonly #line: number

  constructor(fields: Json, line: number) {
    this.#fields = fields
    this.#line = line
  }

  text(name: string): string {
    const value = this.#fields[name]
    return typeof value === 'string' ? value : this.#wrong(name)
  }

  number(name: string): number {
    const value = this.#fields[name]
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : this.#wrong(name)
  }

  boolean(name: string): boolean {
    const value = this.#fields[name]
    return typeof value === 'boolean' ? value : this.#wrong(name)
  }

  bigint(name: string): bigint {
    const text = this.text(name)
    return /^-?\d{1,60}$/.test(text) ? BigInt(text) : this.#wrong(name)
  }

  address(name: string): Extract<TraceEvent, { type: 'call' }>['to'] {
    return this.#coded(name, () => decodeAddress(this.#bytes(name, this.#fields[name])))
  }

  cid(name: string): Extract<TraceEvent, { type: 'invoke' }>['code'] {
    return this.#coded(name, () => parseCid(this.text(name)))
  }

  block(name: string): Block | undefined {
    const value = this.#fields[name]
    if (value === null) return undefined
    if (typeof value !== 'object' || value === undefined) return this.#wrong(name)
    const { codec, data } = value as Json
    if (typeof codec !== 'number') return this.#wrong(name)
    return { codec, data: this.#bytes(name, data) }
  }

  counts(name: string): Counts {
    return this.optionalCounts(name) ?? this.#wrong(name)
  }

  optionalCounts(name: string): Counts | undefined {
    const value = this.#fields[name]
    if (value === null) return undefined
    if (typeof value !== 'object' || value === undefined) return this.#wrong(name)
    const { hits, misses } = value as Json
    if (!isCount(hits) || !isCount(misses)) return this.#wrong(name)
    return { hits, misses }
  }

  codeFrames(name: string): CodeFrame[] {
    const value = this.#fields[name]
    return Array.isArray(value)
      ? value.map((frame: unknown) => codeFrame(frame) ?? this.#wrong(name))
      : this.#wrong(name)
  }

  errorNumber(name: string): ErrorNumber {
    const value = this.#fields[name]
    if (value === 'out-of-gas' || value === 'fatal') return value
    return this.number(name) as ErrorNumber
  }

  #bytes(name: string, value: unknown): Uint8Array {
    if (typeof value !== 'string' || !/^(?:[0-9a-f]{2})*$/.test(value)) return this.#wrong(name)
    return Uint8Array.from(value.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  }

  #coded<T>(name: string, read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof CodedError) return this.#wrong(name)
      throw error
    }
  }

  #wrong(name: string): never {
    throw malformed(this.#line, `has no right "${name}"`)
  }
}

function parseLine(line: string, number: number): Json {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw malformed(number, 'is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(number, 'is no JSON object')
  return value as Json
}

function malformed(line: number, what: string): TroupeError {
  return new TroupeError('trace/malformed', `line ${line} of the trace ${what}`)
}

function codeFrame(value: unknown): CodeFrame | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { functionName, line, column, nameAt } = value as Json
  const place = codePosition({ line, column })
  const name = nameAt === undefined ? undefined : codePosition(nameAt)
  const hasName = functionName === undefined || typeof functionName === 'string'
  if (place === undefined || !hasName || (nameAt !== undefined && name === undefined)) return undefined
  return { functionName: functionName as string | undefined, ...place, ...(name && { nameAt: name }) }
}

function codePosition(value: unknown): CodeFrame['nameAt'] {
  if (typeof value !== 'object' || value === null) return undefined
  const { line, column } = value as Json
  return isCount(line) && isCount(column) ? { line, column } : undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isBlock(value: unknown): value is Block {
  return (
    typeof value === 'object' &&
    value !== null &&
    'codec' in value &&
    'data' in value &&
    value.data instanceof Uint8Array
  )
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
