import { fileURLToPath } from 'node:url'
import {
  compareReceipts,
  describeAbsent,
  describeComparison,
  imageName,
  type RunReceipts,
  reasonAgainstBrowser,
  receiptTests,
} from '@troupe/packed'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const run = (tests: Readonly<Record<string, readonly string[]>>, state = 'passed'): RunReceipts =>
  Object.fromEntries(Object.entries(tests).map(([name, lines]) => [name, { state, lines }]))

describe('the receipts of two runs', () => {
  it('are counted where they are the same', () => {
    const all = run({
      ...{ 'a > one': ['exit 0', 'root'], 'a > two': ['exit 1'], 'a > none': [] },
      [imageName('a code')]: ['bafy'],
    })
    const comparison = compareReceipts(all, all)
    expect(comparison).toEqual({ tests: 2, receipts: 3, images: 1, absent: [], differences: [] })
    expect(describeComparison(comparison)).toBe(
      '2 tests with 3 receipts and roots, and 1 images, are the same',
    )
  })

  it('differ where an image does, and an engine that makes two of one code differs from itself', () => {
    const [one, both] = [['bafy-a'], ['bafy-a', 'bafy-b']].map((lines) =>
      run({ [imageName('a code')]: lines }),
    )
    for (const expected of [one, both])
      expect(compareReceipts(expected ?? {}, both ?? {}).differences).toEqual([
        'image of a code: made as bafy-a and as bafy-b',
      ])
    const other = run({ [imageName('a code')]: ['bafy-b'] })
    expect(compareReceipts(one ?? {}, other).differences).toHaveLength(1)
    const absent = compareReceipts(one ?? {}, {})
    expect(absent).toMatchObject({ images: 0, absent: ['image of a code'] })
    expect(describeAbsent(absent)).toEqual(['  1 images not there: of codes that only those tests have'])
  })

  it.each([
    ['another line', ['exit 0', 'other'], 'line 2 is not\n  root\nbut\n  other'],
    ['a line less', ['exit 0'], 'line 2 is not\n  root\nbut\n  nothing'],
    ['a line more', ['exit 0', 'root', 'more'], 'there is one more line: more'],
  ])('differ by %s', (_, found, difference) => {
    const { differences, tests } = compareReceipts(run({ test: ['exit 0', 'root'] }), run({ test: found }))
    expect([differences, tests]).toEqual([[`test: ${difference}`], 0])
  })

  it('differ where a test fails, whether it has sent anything', () => {
    const expected = run({ 'a > one': ['exit 0'], 'a > none': [] })
    const found = run({ 'a > one': ['exit 0'], 'a > none': [] }, 'failed')
    const comparison = compareReceipts(expected, found)
    expect(comparison.differences).toEqual(['a > one: failed', 'a > none: failed'])
    expect(describeComparison(comparison)).toMatch(/, 2 differ$/)
  })

  it('differ where nothing was recorded, or nothing has run', () => {
    const nothing = ['no test with messages has run']
    expect(compareReceipts(run({ none: [] }), run({ none: [] })).differences).toEqual(nothing)
    expect(compareReceipts(run({ one: ['exit 0'] }), {}).differences).toEqual(nothing)
  })

  it('say which tests with messages did not run, and why they cannot in a browser', () => {
    const names = [
      'packages/troupe/test/a.test.ts > sends',
      'packages/runtime-ses/test/b.node.test.ts > sends',
      'packages/runtime-ses/test/b.node.test.ts > sends more',
    ]
    const expected = run({ ...Object.fromEntries(names.map((name) => [name, ['exit 0']])), quiet: [] })
    const skipped = run({ [names[0] as string]: [] }, 'skipped')
    const comparison = compareReceipts(expected, skipped)
    expect(comparison.absent).toEqual(names)
    expect(describeAbsent(comparison)).toEqual([
      '  1 tests not there: troupe is for Node\n    packages/troupe/test/a.test.ts: 1',
      '  2 tests not there: needs files, threads or processes\n    packages/runtime-ses/test/b.node.test.ts: 2',
    ])
  })
})

describe('the tests whose receipts are compared', () => {
  it('are all that have to do with actors in JavaScript', () => {
    const files = receiptTests(root, 'javascript')
    expect(files).toContain('packages/runtime-ses/test/attacks.test.ts')
    expect(files).toContain('packages/troupe/test/vm/javascript.node.test.ts')
    expect(files).not.toContain('packages/runtime-wasm/test/wasm-runtime.test.ts')
    expect(files.filter((file) => /(?:browser|isolated)\.test\.ts$/.test(file))).toEqual([])
  })

  it('are those of every room that executes messages, where all are wanted', () => {
    const files = receiptTests(root, 'all')
    expect(files).toContain('packages/runtime-wasm/test/wasm-runtime.test.ts')
    expect(files.length).toBeGreaterThan(receiptTests(root, 'javascript').length)
  })

  it('run in a browser where neither they nor their room needs Node', () => {
    expect(reasonAgainstBrowser('packages/runtime-ses/test/attacks.test.ts')).toBeUndefined()
    expect(reasonAgainstBrowser('packages/hypervisor/test/a/b.test.ts')).toBeUndefined()
    expect(reasonAgainstBrowser('packages/hypervisor/test/a/b.node.test.ts')).toMatch(/files/)
    expect(reasonAgainstBrowser('packages/rpc/test/rpc.test.ts')).toMatch(/Node/)
  })
})
