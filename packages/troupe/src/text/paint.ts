/** The styles in use: what a terminal with 16 colours has. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta' | 'cyan'

/** Parameters of SGR that switch a style on and off (ECMA-48, 8.3.117). */
const CODES: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  magenta: [35, 39],
  cyan: [36, 39],
}

/** `text` in a style where colours are wanted. Who asks has looked at the terminal; nothing is looked up here. */
export function paint(style: Style, text: string, colours: boolean): string {
  if (!colours || text === '') return text
  const [on, off] = CODES[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}

const ESCAPE = '\u001b'
const PAINTED = new RegExp(`${ESCAPE}\\[\\d+m`, 'gu')

/** How many units of a text are seen: all but those of its styles. */
export function paintedLength(text: string): number {
  return text.replace(PAINTED, '').length
}
