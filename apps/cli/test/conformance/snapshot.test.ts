import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  compareSnapshots,
  formatSnapshot,
  parseSnapshot,
  readSnapshot,
  type Snapshot,
  type SnapshotEntry,
  snapshotOf,
  updateSnapshot,
  writeSnapshot,
} from '../../src/conformance/snapshot.ts'
import { temporaryDirectory } from '../support/run.ts'

type Entries = Readonly<Record<string, readonly [SnapshotEntry['status'], number]>>

function snapshot(entries: Entries): Snapshot {
  const vectors = Object.entries(entries).map(
    ([id, [status, gas]]) => [id, { status, gas: BigInt(gas) }] as const,
  )
  return { suite: 'fvm', vectors: new Map(vectors) }
}

describe('a snapshot', () => {
  const sample = snapshot({ b: ['failed', 20], a: ['passed', 1], c: ['skipped', 0] })
  const text = [
    '{',
    '  "suite": "fvm",',
    '  "totals": { "passed": 1, "failed": 1, "skipped": 1, "gas": 21 },',
    '  "vectors": {',
    '    "a": ["passed", 1],',
    '    "b": ["failed", 20],',
    '    "c": ["skipped", 0]',
    '  }',
    '}',
    '',
  ].join('\n')

  it('is text with totals and one sorted line for each vector', () => {
    expect(formatSnapshot(sample)).toBe(text)
    expect(formatSnapshot(parseSnapshot(text))).toBe(text)
    expect(parseSnapshot(formatSnapshot(snapshot({}))).vectors.size).toBe(0)
  })

  it('of vectors that have cases says what they are of, and adds the cases up by folder', () => {
    const vectors = new Map<string, SnapshotEntry>([
      ['a/b/x.json', { status: 'passed', gas: 5n, cases: 3 }],
      ['a/b/x.json (skipped)', { status: 'skipped', gas: 0n, cases: 2 }],
      ['a/y.json', { status: 'failed', gas: 1n, cases: 1 }],
      ['z.json', { status: 'skipped', gas: 0n }],
    ])
    const written = formatSnapshot({ suite: 'evm', source: 'o/r@1', vectors })
    expect(written.split('\n').slice(1, 12)).toEqual([
      '  "suite": "evm",',
      '  "source": "o/r@1",',
      '  "totals": { "passed": 1, "failed": 1, "skipped": 2, "gas": 6 },',
      '  "cases": {',
      '    "a": { "passed": 0, "failed": 1, "skipped": 0 },',
      '    "a/b": { "passed": 3, "failed": 0, "skipped": 2 }',
      '  },',
      '  "vectors": {',
      '    "a/b/x.json": ["passed", 5, 3],',
      '    "a/b/x.json (skipped)": ["skipped", 0, 2],',
      '    "a/y.json": ["failed", 1, 1],',
    ])
    expect(parseSnapshot(written)).toEqual({ suite: 'evm', source: 'o/r@1', vectors })
    expect(() => parseSnapshot(written.replace('"passed": 3', '"passed": 4'))).toThrow(
      expect.objectContaining({ code: 'snapshot/malformed' }),
    )
  })

  it('is made of outcomes', () => {
    const outcome = { id: 'x', status: 'passed', gas: 7n, milliseconds: 1 } as const
    expect(snapshotOf('fvm', [outcome])).toEqual(snapshot({ x: ['passed', 7] }))
  })

  it.each([
    ['no JSON', ''],
    ['another kind of JSON', '[]'],
    ['a missing part', '{"suite":"fvm"}'],
    ['an edited total', text.replace('"passed": 1', '"passed": 2')],
    ['an edited line', text.replace('["failed", 20]', '["passed", 20]')],
    ['an unknown status', text.replace('"skipped", 0', '"toString", 0')],
    ['gas that is no integer', text.replace('20]', '20.5]')],
    ['cases that are no whole number', text.replace('20]', '20, 1.5]')],
    ['a source that is no text', text.replace('"fvm",', '"fvm",\n  "source": 1,')],
    ['lines in another order', text.replace('"a": [', '"d": [')],
  ])('is refused with %s', (_, wrong) => {
    expect(() => parseSnapshot(wrong)).toThrow(expect.objectContaining({ code: 'snapshot/malformed' }))
  })

  it('is written to a file, and read back; a file that is not there is none', async () => {
    const file = join(temporaryDirectory(), 'fvm.json')
    expect(await readSnapshot(file)).toBeUndefined()
    await writeSnapshot(file, sample)
    expect(await readSnapshot(file)).toEqual(parseSnapshot(text))
    writeFileSync(file, 'x')
    await expect(readSnapshot(file)).rejects.toMatchObject({ code: 'snapshot/malformed', where: file })
  })
})

describe('results are compared with a snapshot', () => {
  const compare = (before: Entries, now: Entries): ReturnType<typeof compareSnapshots> =>
    compareSnapshots(snapshot(before), snapshot(now))

  it('and are no worse where they are the same, or where not all was run', () => {
    const before: Entries = { a: ['passed', 1], b: ['failed', 2] }
    expect(compare(before, before)).toEqual({ worse: [], changed: [], absent: 0 })
    expect(compare(before, { a: ['passed', 1] })).toEqual({ worse: [], changed: [], absent: 1 })
  })

  it.each<[SnapshotEntry['status'] | undefined, SnapshotEntry['status'], string]>([
    ['passed', 'failed', 'worse'],
    ['passed', 'skipped', 'worse'],
    ['skipped', 'failed', 'worse'],
    [undefined, 'failed', 'worse'],
    ['failed', 'passed', 'changed'],
    ['failed', 'skipped', 'changed'],
    ['skipped', 'passed', 'changed'],
    [undefined, 'passed', 'changed'],
    [undefined, 'skipped', 'changed'],
  ])('%s then %s is %s', (before, now, verdict) => {
    const { worse, changed } = compare(before === undefined ? {} : { a: [before, 1] }, { a: [now, 1] })
    expect({ worse, changed }).toEqual({ worse: [], changed: [], [verdict]: ['a'] })
  })

  it.each<[number | undefined, number | undefined, string]>([
    [3, 2, 'worse'],
    [3, undefined, 'worse'],
    [3, 4, 'changed'],
    [undefined, 1, 'changed'],
  ])('%s cases and then %s is %s', (before, now, verdict) => {
    const one = (cases: number | undefined): Snapshot =>
      snapshotOf('evm', [{ id: 'a', status: 'passed', gas: 1n, ...(cases === undefined ? {} : { cases }) }])
    const { worse, changed } = compareSnapshots(one(before), one(now))
    expect({ worse, changed }).toEqual({ worse: [], changed: [], [verdict]: ['a'] })
  })

  it('and another amount of gas is a change', () => {
    expect(compare({ a: ['passed', 1] }, { a: ['passed', 2] }).changed).toEqual(['a'])
  })
})

it('a run takes the place of what a snapshot has of the same vectors', () => {
  const before = snapshot({ a: ['failed', 1], b: ['passed', 2] })
  expect(updateSnapshot(before, snapshot({ a: ['passed', 3], c: ['passed', 4] }))).toEqual(
    snapshot({ a: ['passed', 3], b: ['passed', 2], c: ['passed', 4] }),
  )
})
