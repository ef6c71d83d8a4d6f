/** @module Calls, and what went in and came out of them, on one line each. All text that comes from actors is made visible, and is short. */
import {
  type Address,
  type Block,
  type CallFrame,
  ExitCode,
  errorNumberName,
  exitCodeName,
  type StampedEvent,
} from '@troupe/hypervisor'
import { RAW } from '@troupe/ipld'
import { ANY, decodeWith, type Schema } from '@troupe/schema'
import { formatValue } from '../text/format-value.ts'
import { visible } from '../text/plain.ts'
import type { Names } from './names.ts'

const MAX_TEXT_LENGTH = 200
/** Characters of a value. */
const MAX_VALUE_LENGTH = 120

/** Whose words are used; whoever knows none gives none. */
export type PartialNames = Partial<Names>

/** Who was called, as far as it was found: `f01000`. */
export function formatReceiver({ actor, call: { to } }: CallFrame, names: PartialNames): string {
  if (actor !== undefined) return `f0${actor}`
  return to.id === undefined ? shorten(formatAddress(to, names)) : `f0${to.id}`
}

/** What was called: `multisig.Propose`, or `method 77`. */
export function formatMethod(frame: CallFrame, names: PartialNames): string {
  const known = names.callName?.(frame)
  if (known !== undefined) return visible(known, MAX_TEXT_LENGTH)
  const { method } = frame.call
  const actor = actorName(frame, names)
  const name = names.methodName?.(actor, method)
  const shown = actor === undefined ? [] : [visible(actor, MAX_TEXT_LENGTH)]
  return name === undefined ? [...shown, `method ${method}`].join(' ') : [...shown, name].join('.')
}

/** What a call was given: `(to: f0101, value: 5)`. Nothing for none. */
export function formatParameters(frame: CallFrame, names: PartialNames): string {
  const { method, parameters } = frame.call
  if (parameters === undefined || parameters.data.length === 0) return ''
  const schema = names.method?.(actorName(frame, names), method)?.parameters
  const text = formatBlock(parameters, schema, names)
  // Fields are the arguments. Where the text is cut it ends in something else.
  return `(${text.startsWith('{') ? text.slice(1).replace(/\}$/u, '') : text})`
}

/** What a call gave back. Nothing for none. */
export function formatReturn(frame: CallFrame, names: PartialNames): string {
  if (frame.outcome?.type !== 'return') return ''
  const { value } = frame.outcome
  if (value === undefined || value.data.length === 0) return ''
  const schema = names.method?.(actorName(frame, names), frame.call.method)?.returns
  return formatBlock(value, schema, names)
}

/**
 * How a call failed: `USR_FORBIDDEN (18)`, `NotFound: there is no actor`. `undefined` for one that did not.
 * @param isShort whether exit codes are numbers only, that of a call without gas too
 */
export function formatFailure({ outcome }: CallFrame, isShort = false): string | undefined {
  if (outcome === undefined) return 'not finished'
  if (outcome.type === 'return') {
    const { exitCode } = outcome
    if (exitCode === 0) return undefined
    return isShort ? String(exitCode) : `${exitCodeName(exitCode)} (${exitCode})`
  }
  const { number, message } = outcome
  if (number === 'out-of-gas') return isShort ? String(ExitCode.SYS_OUT_OF_GAS) : 'out of gas'
  return `${typeof number === 'number' ? errorNumberName(number) : number}: ${visible(message, MAX_TEXT_LENGTH)}`
}

/** An event: `f0103 type: allocation, id: 5`. */
export function formatEvent({ emitter, entries }: StampedEvent): string {
  const shown = entries.map(({ key, codec, value }) => {
    const text = formatBlock({ codec: Number(codec), data: value }, undefined, {})
    return `${visible(key, MAX_TEXT_LENGTH)}: ${text}`
  })
  return `f0${emitter} ${shown.join(', ')}`.trimEnd()
}

/** A block on one line: decoded where it is CBOR, else as bytes. */
function formatBlock(
  { codec, data }: Block,
  schema: Schema | undefined,
  { addresses }: PartialNames,
): string {
  const value = codec === RAW ? data : decodeWith(schema ?? ANY, data, { addresses }).value
  return formatValue(value, { maxLength: MAX_VALUE_LENGTH })
}

function actorName({ code }: CallFrame, names: PartialNames): string | undefined {
  return code === undefined ? undefined : names.actorName?.(code)
}

function formatAddress(to: Address, names: PartialNames): string {
  return names.formatAddress?.(to) ?? `f${to.protocol}…`
}

/** A long address by its ends. */
function shorten(address: string): string {
  return address.length <= 24 ? address : `${address.slice(0, 12)}…${address.slice(-6)}`
}
