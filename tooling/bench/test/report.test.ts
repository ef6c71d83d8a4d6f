import {
  type BenchmarkRun,
  type Environment,
  formatNumber,
  renderReport,
  renderTable,
  reportOf,
  warnOfLoad,
} from '@troupe/bench'
import { describe, expect, it } from 'vitest'

const IDLE: Environment = {
  date: '2024-01-02',
  node: '26.0.0',
  v8: '14.0',
  platform: 'linux x64',
  cpu: 'Some CPU',
  cpuCount: 4,
  memoryGiB: 16,
  loadBefore: 0.1,
  loadAfter: 1,
}

const RUNS: readonly BenchmarkRun[] = [
  {
    benchmark: { name: 'first', about: 'What is first.' },
    result: {
      measurements: [
        { name: 'fast', unit: 'ops/s', samples: [1, 3, 2], target: { value: 2, better: 'higher' } },
        { name: 'slow', unit: 'ms', samples: [1, 3, 2], target: { value: 1.9, better: 'lower' } },
        { name: 'free', unit: 'ms', samples: [4] },
      ],
      notes: ['A note.'],
    },
  },
  { benchmark: { name: 'second', about: 'What is second.' }, result: { skipped: 'it is not here' } },
]

describe('a report', () => {
  it('compares medians with targets, each way round', () => {
    const [first] = reportOf(RUNS, IDLE, false).benchmarks
    expect(first?.measurements.map(({ name, median, reached }) => [name, median, reached])).toEqual([
      ['fast', 2, true],
      ['slow', 2, false],
      ['free', 4, undefined],
    ])
  })

  it('shows each benchmark with its table and notes, or why it was skipped', () => {
    const text = renderReport(reportOf(RUNS, IDLE, false))
    expect(text).toContain('| fast | ops/s | 2 | 1 | 2.8 | 1 | 3 | ≥ 2 | yes |')
    expect(text).toContain('| slow | ms | 2 | 1 | 2.8 | 1 | 3 | ≤ 1.9 | **no** |')
    expect(text).toContain('| free | ms | 4 | 4 | 4 | 0 | 1 |  |  |')
    expect(text).toContain('- A note.')
    expect(text).toContain('## second\n\nWhat is second.\n\nSkipped: it is not here.\n')
  })

  it('says what it was measured on', () => {
    expect(renderReport(reportOf([], IDLE, true))).toContain(
      '2024-01-02, a quick run: Node 26.0.0, V8 14.0, linux x64, 4 x Some CPU, 16 GiB, load 0.1 before and 1 after.',
    )
  })

  it('warns in both forms where the machine did something else', () => {
    const report = reportOf(RUNS, { ...IDLE, loadBefore: 3 }, false)
    expect(report.warning).toContain('load 3 before')
    expect(renderReport(report)).toContain(`**${report.warning}**`)
    expect(reportOf(RUNS, IDLE, false)).not.toHaveProperty('warning')
  })
})

describe('the warning', () => {
  it('is for load before, and for more load after than a run makes', () => {
    expect(warnOfLoad({ loadBefore: 0.3, loadAfter: 1.5 })).toBeUndefined()
    expect(warnOfLoad({ loadBefore: 0.31, loadAfter: 0 })).toBeDefined()
    expect(warnOfLoad({ loadBefore: 0, loadAfter: 1.51 })).toBeDefined()
  })
})

describe('a table', () => {
  it('is Markdown, with what would end a cell escaped', () => {
    expect(renderTable(['', 'unit', 'n'], [['a|b', 'ms', '1']])).toEqual([
      '|  | unit | n |',
      '| --- | --- | ---: |',
      '| a\\|b | ms | 1 |',
    ])
  })
})

describe('a number', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [1.999, '2'],
    [12.34, '12.3'],
    [99.99, '100'],
    [123.4, '123'],
    [1_234_567.8, '1,234,568'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })
})
