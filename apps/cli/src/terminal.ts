import { stripVTControlCharacters } from 'node:util'

/** What a terminal needs of a stream. */
export interface OutputStream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Where a command's output goes: data to stdout, everything said about it to stderr. */
export interface Terminal {
  /** Writes one line of data. */
  print(line: string): void
  /** Writes one line about what is going on. */
  note(line: string): void
  /** Whether data may be coloured. */
  readonly colours: boolean
  /** Whether notes may be coloured. */
  readonly noteColours: boolean
  /** Columns of the screen that data is read on, `undefined` where it is not one. */
  readonly columns: number | undefined
  /** Rewrites the last line of stderr; `undefined` where that is not a screen. */
  readonly status: StatusLine | undefined
}

/** A line at the bottom of a screen that is written again and again. */
export interface StatusLine {
  readonly columns: number
  show(line: string): void
  clear(): void
}

const DEFAULT_COLUMNS = 80
const ERASE_LINE = '\r\u001b[2K'

/**
 * A terminal over two streams. Colours need a screen, and that neither `NO_COLOR` (https://no-color.org) nor a `TERM` of `dumb` is set; a status
 * line needs a screen and no `CI`.
 */
export function createTerminal(
  stdout: OutputStream,
  stderr: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const allowsColours = !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  const status =
    stderr.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb' ? createStatusLine(stderr) : undefined
  return {
    print: (line) => {
      status?.clear()
      stdout.write(`${line}\n`)
    },
    note: (line) => {
      status?.clear()
      stderr.write(`${line}\n`)
    },
    colours: stdout.isTTY === true && allowsColours,
    noteColours: stderr.isTTY === true && allowsColours,
    columns: stdout.isTTY === true ? (stdout.columns ?? DEFAULT_COLUMNS) : undefined,
    status,
  }
}

function createStatusLine(stream: OutputStream): StatusLine {
  let isShown = false
  return {
    get columns() {
      return stream.columns ?? DEFAULT_COLUMNS
    },
    show: (line) => {
      const columns = stream.columns ?? DEFAULT_COLUMNS
      // A longer line would wrap, and could not be taken back. Where it must be cut, it loses its colours.
      const fits = stripVTControlCharacters(line).length < columns
      stream.write(`${ERASE_LINE}${fits ? line : stripVTControlCharacters(line).slice(0, columns - 1)}`)
      isShown = true
    },
    clear: () => {
      if (isShown) stream.write(ERASE_LINE)
      isShown = false
    },
  }
}
