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
 * evaluated. Nobody in an actor can read what is written.
 */
export const actorConsole: Readonly<Record<string, (...values: unknown[]) => void>> = harden(
  Object.fromEntries(
    Object.entries(LEVELS).map(([name, level]) => [
      name,
      (...values: unknown[]): void => {
        const host = currentOrNone()?.host
        if (host?.isDebugging() === true) host.log(level, values.map(textOf).join(' '))
      },
    ]),
  ),
)

/** A value in one line, without looking into objects, which could run code. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (typeof value === 'object' || typeof value === 'function')
    return value === null ? 'null' : `[${typeof value}]`
  return String(value)
}
