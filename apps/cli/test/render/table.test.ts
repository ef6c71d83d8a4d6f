import { describe, expect, it } from 'vitest'
import { paint } from '../../src/render/paint.ts'
import { renderTable } from '../../src/render/table.ts'

describe('a table', () => {
  it('is as wide as its widest cells, and colours take no room', () => {
    const rows = [
      ['a', '1'],
      ['bcd', paint('red', '20', true)],
    ]
    const columns = [
      { title: 'x', align: 'left' },
      { title: 'count', align: 'right' },
    ] as const
    expect(renderTable(columns, rows)).toEqual([
      'x    count',
      '──────────',
      'a        1',
      'bcd     \u001b[31m20\u001b[39m',
    ])
  })

  it('has titles without rows too', () => {
    expect(renderTable([{ title: 'x', align: 'left' }], [])).toEqual(['x', '─'])
  })
})
