import type { ExitStatus } from './command.ts'
import { describeError, type ErrorReport } from './describe-error.ts'
import { jsonLine } from './json.ts'
import { paint } from './render/paint.ts'
import { visible } from './render/plain.ts'
import type { Terminal } from './terminal.ts'

/** Tells an error on stderr, in lines or as JSON, and gives the status to exit with. */
export function reportError(error: unknown, terminal: Terminal, json: boolean): ExitStatus {
  const report = describeError(error)
  if (json) terminal.note(jsonLine({ error: report }))
  else for (const line of formatError(report, terminal.noteColours)) terminal.note(line)
  if (report.code === 'internal') return 70
  return report.code.startsWith('usage/') ? 2 : 1
}

/** An error in lines. What comes from files stands on one line, and cannot move the cursor. */
export function formatError(report: ErrorReport, colours: boolean): string[] {
  const { code, message, where, advice, causes } = report
  if (code === 'internal')
    return [
      'troupe failed, and this is a fault of its own:',
      ...message.split('\n').map((line) => visible(line)),
    ]
  const lines = [`${paint('red', 'error', colours)} ${code}: ${visible(message)}`]
  if (where !== undefined) lines.push(`  in       ${visible(where)}`)
  for (const cause of causes) lines.push(`  because  ${cause.code}: ${visible(cause.message)}`)
  if (advice !== undefined) lines.push(`  do       ${visible(advice)}`)
  return lines
}
