import type { LogEntry, ServerLog } from '@troupe/server'
import { describeError } from '../describe-error.ts'
import { jsonLine } from '../json.ts'
import { paint } from '../render/paint.ts'
import { visible } from '../render/plain.ts'
import type { Terminal } from '../terminal.ts'
import type { LogFormat } from './dev-options.ts'

/** Writes what happens to stderr, a line each. @param now milliseconds since 1970, for the lines of JSON */
export function writeLog(format: LogFormat, terminal: Terminal, now: () => number = Date.now): ServerLog {
  switch (format) {
    case 'none':
      return (entry) => {
        // What nobody who calls is to blame for is told in any case.
        if (entry.event === 'failure') terminal.note(textOf(entry, terminal.noteColours))
      }
    case 'json':
      return (entry) => terminal.note(jsonLine({ time: new Date(now()).toISOString(), ...plain(entry) }))
    case 'text':
      return (entry) => {
        // Where it listens is what the command prints.
        if (entry.event !== 'listening') terminal.note(textOf(entry, terminal.noteColours))
      }
  }
}

/** Writes what actors log to stderr, a line each: whoever wants to see it sees it whatever else is told. */
export function writeActorLog(
  format: LogFormat,
  terminal: Terminal,
  now: () => number = Date.now,
): (actor: bigint, message: string) => void {
  return (actor, message) => {
    const name = `f0${actor}`
    if (format !== 'json')
      terminal.note(`${paint('dim', `log  ${name}`, terminal.noteColours)}  ${visible(message)}`)
    else
      terminal.note(
        jsonLine({ time: new Date(now()).toISOString(), level: 'info', event: 'log', actor: name, message }),
      )
  }
}

function plain(entry: LogEntry): object {
  return entry.event === 'failure' ? { ...entry, error: describeError(entry.error) } : entry
}

function textOf(entry: LogEntry, colours: boolean): string {
  switch (entry.event) {
    case 'call': {
      const { code, message, method, milliseconds } = entry
      const outcome = code === 0 ? paint('green', 'ok', colours) : paint('red', `error ${code}`, colours)
      const time = paint('dim', `${milliseconds.toFixed(1)} ms`, colours)
      return `${visible(method)}  ${outcome}  ${time}${message === undefined ? '' : `  ${visible(message)}`}`
    }
    case 'refused':
      return `${paint('yellow', 'refused', colours)}  ${entry.reason}, ${entry.transport} ${entry.status}, from ${entry.client}`
    case 'failure': {
      const { code, message } = describeError(entry.error)
      return `${paint('red', 'failure', colours)}  ${code}: ${visible(message)}`
    }
    default:
      return paint('dim', entry.event, colours)
  }
}
