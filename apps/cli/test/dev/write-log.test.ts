import type { LogEntry } from '@troupe/server'
import { describe, expect, it } from 'vitest'
import type { LogFormat } from '../../src/dev/dev-options.ts'
import { writeActorLog, writeLog } from '../../src/dev/write-log.ts'
import { CliError } from '../../src/errors.ts'
import { createTerminal } from '../../src/terminal.ts'

const call: LogEntry = {
  ...{ level: 'warn', event: 'call', transport: 'http', client: '127.0.0.1' },
  ...{ method: 'eth_call', code: 3, milliseconds: 1.25 },
}
const ENTRIES: readonly LogEntry[] = [
  { level: 'info', event: 'listening', url: 'http://127.0.0.1:1' },
  { ...call, level: 'info', code: 0 },
  { ...call, message: 'execution reverted: too\nlate' },
  { level: 'warn', event: 'refused', transport: 'websocket', client: '::1', status: 1008, reason: 'slow' },
  { level: 'error', event: 'failure', error: new CliError('dev/thread-died', 'it\nended') },
]

function write(format: LogFormat): string[] {
  const lines: string[] = []
  const stderr = { write: (text: string) => lines.push(text.trimEnd()) }
  const log = writeLog(format, createTerminal({ write: () => undefined }, stderr, {}), () => 0)
  for (const entry of ENTRIES) log(entry)
  return lines
}

describe('what troupe dev says of calls', () => {
  it('is a line each, on which nothing of a client can move the cursor', () => {
    expect(write('text')).toEqual([
      'eth_call  ok  1.3 ms',
      'eth_call  error 3  1.3 ms  execution reverted: too\\u{a}late',
      'refused  slow, websocket 1008, from ::1',
      'failure  dev/thread-died: it\\u{a}ended',
    ])
  })

  it('is JSON a line, with a time and a level', () => {
    const entries = write('json').map((line) => JSON.parse(line))
    expect(entries.map(({ event, level }) => `${level} ${event}`)).toEqual([
      'info listening',
      'info call',
      'warn call',
      'warn refused',
      'error failure',
    ])
    expect(entries[2]).toEqual({ time: '1970-01-01T00:00:00.000Z', ...(ENTRIES[2] as object) })
    expect(entries[4].error).toMatchObject({ code: 'dev/thread-died' })
  })

  it('is nothing where nobody wants it, but for what no caller is to blame for', () => {
    expect(write('none')).toEqual(['failure  dev/thread-died: it\\u{a}ended'])
  })
})

describe('what troupe dev shows of what actors log', () => {
  it.each(['text', 'none', 'json'] as const)('is a line each, in the format %s too', (format) => {
    const lines: string[] = []
    const stderr = { write: (text: string) => lines.push(text.trimEnd()) }
    writeActorLog(format, createTerminal({ write: () => undefined }, stderr, {}), () => 0)(120n, 'one\ntwo')
    expect(lines).toEqual([
      format === 'json'
        ? '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"log","actor":"f0120","message":"one\\ntwo"}'
        : 'log  f0120  one\\u{a}two',
    ])
  })
})
