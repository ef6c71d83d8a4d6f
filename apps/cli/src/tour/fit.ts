import { stripVTControlCharacters } from 'node:util'

const ESCAPE = '\u001b'
/** A colour sequence, or one character. */
const PIECE = new RegExp(`${ESCAPE}\\[[0-9;]*m|.`, 'gu')

/**
 * Cuts a line that a screen would break: the tree would be torn apart. Colours stay as they are.
 *
 * @param columns of the screen; `undefined` where there is none, and nothing is cut
 */
export function fit(line: string, columns: number | undefined): string {
  if (columns === undefined || stripVTControlCharacters(line).length <= columns) return line
  let room = columns - 1
  return line.replace(PIECE, (piece) => {
    if (piece.startsWith(ESCAPE)) return piece
    room--
    if (room >= 0) return piece
    return room === -1 ? '…' : ''
  })
}
