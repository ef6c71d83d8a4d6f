import { styleText } from 'node:util'

/** The styles in use: what a terminal with 16 colours has. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** `text` in a style where colours are wanted. Who asks has looked at the terminal; nothing is looked up here. */
export function paint(style: Style, text: string, colours: boolean): string {
  return colours && text !== '' ? styleText(style, text, { validateStream: false }) : text
}
