import harden from '@endo/harden'
import type { LogLevel } from '../host/host-kernel.ts'
import { currentOrNone } from '../invocation/current.ts'

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
}

/**
 * The `console` of actors, which packages write to: to the log of a chain on which actors are being debugged, and nowhere where they are not, or while a script is
 * evaluated. Nobody in an actor can read what is written; and what is written is made of the values whether anybody reads it or not, so that it costs the same, and does the same where making it
 * runs code: a name of an error, or a proxy.
 */
export const actorConsole: Readonly<Record<string, (...values: unknown[]) => void>> = harden(
  Object.fromEntries(
    Object.entries(LEVELS).map(([name, level]) => [
      name,
      (...values: unknown[]): void => {
        currentOrNone()?.host.log(level, values.map((value) => textOf(value)).join(' '))
      },
    ]),
  ),
)

/** Levels of lists and records, and entries of each, that are shown. */
const MAX_DEPTH = 3
const MAX_ENTRIES = 20

/** A value in one line. No getters of lists and records are run: what is computed is not shown. */
function textOf(value: unknown, depth = 0): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (typeof value === 'function') return '[function]'
  if (typeof value !== 'object' || value === null) return String(value)
  const isList = Array.isArray(value)
  if (depth === MAX_DEPTH || !(isList || isRecord(value))) return '[object]'
  const entries = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(
    ([, { enumerable }]) => enumerable,
  )
  const shown = entries.slice(0, MAX_ENTRIES).map(([key, property]) => {
    const text = 'value' in property ? textOf(property.value, depth + 1) : '[computed]'
    return isList ? text : `${key}: ${text}`
  })
  const all = [...shown, ...(entries.length > MAX_ENTRIES ? ['…'] : [])].join(', ')
  return isList ? `[${all}]` : `{${all}}`
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
