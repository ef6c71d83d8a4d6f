import { existsSync, readFileSync } from 'node:fs'
import { parseSnapshot, type Snapshot } from '@troupe/cli/src/conformance/snapshot.ts'
import {
  judge,
  type Row,
  readOptions,
  renderReport,
  reportOf,
  rowsOf,
  SUITES,
  type SuiteRun,
  TEST_SUITES,
  type TestModule,
} from '@troupe/conformance'
import { describe, expect, it } from 'vitest'

const repository = new URL('../../../', import.meta.url)
const row = (id: string, status: Row['status'], gas = 0n): Row => ({ id, status, gas, reason: 'so' })

/** Suites of which some cases do not apply, each with its reason in the sources. */
const WITH_EXCEPTIONS: readonly string[] = [
  'evm-all',
  'evm-steps',
  'evm-chain',
  'solidity',
  'solidity-official',
]

/** Suites of the language and of libraries in it, of which some rows say what is otherwise here. */
const WITH_FAILURES: readonly string[] = ['js', 'endo', 'ertp']

describe('every suite', () => {
  it.each(SUITES.map(({ name }) => [name]))('has a committed snapshot of its own: %s', (name) => {
    const text = readFileSync(new URL(`tooling/conformance/snapshots/${name}.json`, repository), 'utf8')
    const { suite, vectors } = parseSnapshot(text)
    expect(suite).toBe(name)
    expect(vectors.size).toBeGreaterThan(0)
    if (WITH_FAILURES.includes(name)) return
    const allowed = WITH_EXCEPTIONS.includes(name) ? ['passed', 'skipped'] : ['passed']
    for (const { status } of vectors.values()) expect(allowed).toContain(status)
  })

  it('of JavaScript has 99 of 100 tests that pass, and the others by name', () => {
    const text = readFileSync(new URL('tooling/conformance/snapshots/js.json', repository), 'utf8')
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const { status, cases = 1 } of parseSnapshot(text).vectors.values()) counts[status] += cases
    expect(counts.passed).toBeGreaterThan(99 * counts.failed)
    expect(counts.passed).toBeGreaterThan(40_000)
  })

  it('of ERTP has tests that all pass but for one, which expects the words of V8', () => {
    const text = readFileSync(new URL('tooling/conformance/snapshots/ertp.json', repository), 'utf8')
    const rows = [...parseSnapshot(text).vectors].filter(([id]) => id.startsWith('ERTP/'))
    const failed = rows.filter(([, { status }]) => status === 'failed').map(([id]) => id)
    expect(failed).toEqual(['ERTP/test/unitTests/inputValidation.test.js: issuer.combine bad payments array'])
    const passed = rows.filter(([, { status }]) => status === 'passed')
    expect(passed.reduce((sum, [, { cases = 1 }]) => sum + cases, 0)).toBe(111)
  })

  it('of tests names files that are there', () => {
    for (const { files } of TEST_SUITES)
      for (const file of files) expect(existsSync(new URL(file, repository)), file).toBe(true)
  })

  it('stands in the committed results', () => {
    const results = readFileSync(new URL('tooling/conformance/RESULTS.md', repository), 'utf8')
    for (const { name } of SUITES) expect(results).toContain(`| \`${name}\` |`)
  })
})

describe('rows of tests', () => {
  const module = (file: string, state: string, ...tests: [string, string, string?][]): TestModule => ({
    moduleId: `/somewhere/${file}`,
    state: () => state,
    errors: () => [{ message: 'it cannot be loaded\nat all' }],
    children: {
      allTests: () =>
        tests.map(([fullName, ended, note]) => ({
          fullName,
          result: () => ({
            state: ended,
            note,
            errors: ended === 'failed' ? [{ message: 'not so\n  in detail' }] : [],
          }),
        })),
    },
  })

  it('say how each test ended, and why', () => {
    expect(
      rowsOf([
        module('a.test.ts', 'failed', ['one', 'passed'], ['two', 'failed'], ['three', 'skipped', 'no data']),
      ]),
    ).toEqual([
      { id: 'a.test.ts: one', status: 'passed', gas: 0n },
      { id: 'a.test.ts: two', status: 'failed', gas: 0n, reason: 'not so' },
      { id: 'a.test.ts: three', status: 'skipped', gas: 0n, reason: 'no data' },
    ])
  })

  it('have names of their own where tests have the same', () => {
    const twins = module('a.test.ts', 'passed', ['x', 'passed'], ['x', 'passed'])
    expect(rowsOf([twins, twins]).map(({ id }) => id)).toEqual([
      'a.test.ts: x',
      'a.test.ts: x (2)',
      'a.test.ts: x (3)',
      'a.test.ts: x (4)',
    ])
  })

  it('tell of a file that cannot be loaded', () => {
    expect(rowsOf([module('a.test.ts', 'failed')])).toEqual([
      { id: 'a.test.ts', status: 'failed', gas: 0n, reason: 'it cannot be loaded' },
    ])
  })
})

describe('a run is judged by the snapshot', () => {
  const before: Snapshot = {
    suite: 's',
    vectors: new Map([
      ['a', { status: 'passed', gas: 1n }],
      ['b', { status: 'passed', gas: 2n }],
      ['gone', { status: 'passed', gas: 3n }],
    ]),
  }

  it('where what fails is worse, what is new has changed, and what is skipped for want of data was not run', () => {
    const rows = [
      row('a', 'failed', 1n),
      row('b', 'skipped'),
      row('new', 'passed', 5n),
      row('other', 'skipped'),
    ]
    const { worse, changed, absent, next } = judge('s', before, rows, false)
    expect({ worse, changed, absent }).toEqual({ worse: ['a'], changed: ['new', 'other'], absent: 2 })
    expect([...next.vectors]).toEqual([
      ['b', { status: 'passed', gas: 2n }],
      ['a', { status: 'failed', gas: 1n }],
      ['new', { status: 'passed', gas: 5n }],
      ['other', { status: 'skipped', gas: 0n }],
    ])
  })

  it('which keeps what was not run where the suite may be run in part', () => {
    const { next } = judge('s', before, [row('a', 'passed', 1n)], true)
    expect(next).toEqual(before)
  })

  it('which has cases, and what they are of', () => {
    const of = (cases: number): Row => ({ ...row('a', 'passed', 1n), cases })
    const first = judge('s', undefined, [of(3)], true, 'o/r@1').next
    expect(first).toEqual({
      ...{ suite: 's', source: 'o/r@1' },
      vectors: new Map([['a', { status: 'passed', gas: 1n, cases: 3 }]]),
    })
    expect(judge('s', first, [of(2)], true).worse).toEqual(['a'])
    expect(judge('s', first, [of(3)], true)).toMatchObject({ worse: [], changed: [], absent: 0 })
  })

  it('and is new where there is none', () => {
    expect(judge('s', undefined, [row('a', 'passed')], false)).toMatchObject({
      worse: [],
      changed: ['a'],
      absent: 0,
    })
    expect(judge('s', undefined, [row('a', 'failed')], false).worse).toEqual(['a'])
  })
})

describe('the report', () => {
  const environment = {
    date: '2026-01-02',
    node: '26.0.0',
    v8: '14',
    platform: 'linux x64',
    cpu: 'cpu',
    cpuCount: 2,
    memoryGiB: 8,
    loadBefore: 0,
    loadAfter: 0,
  }
  const runs: SuiteRun[] = [
    {
      suite: { name: 'one', about: 'the first' },
      result: { rows: [row('a', 'passed', 1234n), row('b', 'failed', 1n), row('c', 'skipped')] },
      seconds: 1.26,
    },
    { suite: { name: 'two', about: 'the second' }, result: { skipped: 'no data' }, seconds: 0 },
  ]

  it('is a table with environment, failures and skips', () => {
    expect(renderReport(reportOf(runs, environment)).split('\n')).toEqual([
      '| suite | what | passed | failed | skipped | gas | seconds |',
      '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
      '| `one` | the first | 1 | 1 | 1 | 1,235 | 1.3 |',
      '| `two` | the second | not run: no data | | | | |',
      '',
      '2026-01-02; Node 26.0.0 (V8 14) on linux x64, 2 × cpu, 8 GiB.',
      '',
      'Failed in `one`:',
      '',
      '- b: so',
      '',
      'Skipped in `one`:',
      '',
      '- c: so',
      '',
    ])
  })

  it('is data too', () => {
    expect(reportOf(runs, environment)).toMatchObject({
      environment: { date: '2026-01-02' },
      suites: [
        { name: 'one', passed: 1, failed: 1, skipped: 1, gas: 1235n, failures: [{ id: 'b', reason: 'so' }] },
        { name: 'two', notRun: 'no data', passed: 0 },
      ],
    })
  })

  it('has how many cases there are where rows stand for several', () => {
    const rows = [
      { ...row('a', 'passed'), cases: 1200 },
      { ...row('b', 'passed'), cases: 34 },
      { ...row('c', 'skipped'), cases: 2 },
    ]
    const report = reportOf([{ suite: { name: 's', about: '' }, result: { rows }, seconds: 0 }], environment)
    expect(report.suites[0]).toMatchObject({ passed: 2, cases: { passed: 1234, failed: 0, skipped: 2 } })
    expect(renderReport(report)).toContain('| 2 (1,234 cases) | 0 | 1 (2 cases) |')
  })

  it('tells no more than the first rows', () => {
    const rows = Array.from({ length: 30 }, (_, i) => row(`r${i}`, 'failed'))
    const text = renderReport(
      reportOf([{ suite: { name: 's', about: '' }, result: { rows }, seconds: 0 }], environment),
    )
    expect(text).toContain('- r24: so\n- 5 more\n')
  })
})

describe('the command line', () => {
  it('names suites, and says how they are run', () => {
    expect(readOptions(['a', '--vectors', 'v', '--jobs', '3', '--update', '--json'], ['a', 'b'])).toEqual({
      suites: ['a'],
      vectors: 'v',
      jobs: 3,
      update: true,
      json: true,
    })
    expect(readOptions([], ['a'])).toMatchObject({
      suites: [],
      update: false,
      json: false,
      vectors: undefined,
    })
  })

  it.each([[['c']], [['--jobs', '0']], [['--jobs', '1.5']], [['--jobs', '257']], [['--what']]])(
    'is refused: %j',
    (args) => {
      expect(() => readOptions(args, ['a', 'b'])).toThrow(TypeError)
    },
  )
})
