/** A place in a text: line and column, from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** The place of an offset in a text (UTF-16 units). */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lines = before.split('\n')
  return { line: lines.length, column: (lines.at(-1) as string).length + 1 }
}
