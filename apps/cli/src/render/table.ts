import { stripVTControlCharacters } from 'node:util'

/** A column of a table. */
export interface TableColumn {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** Draws a table: titles, a line, and rows. Cells may hold colours; they take no room. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[index] ?? ''))),
  )
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => pad(cells[index] ?? '', widths[index] as number, align))
      .join('  ')
      .trimEnd()
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => '─'.repeat(width)).join('──'),
    ...rows.map(line),
  ]
}

function pad(cell: string, width: number, align: TableColumn['align']): string {
  const room = ' '.repeat(width - widthOf(cell))
  return align === 'left' ? cell + room : room + cell
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length
}
