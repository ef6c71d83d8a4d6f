import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CountedModule, CountReporter, countTests, formatCount } from '@troupe/test-count'
import { describe, expect, it } from 'vitest'

const file = (state: string, ...tests: readonly string[]): CountedModule => ({
  children: { allTests: () => tests.map((one) => ({ result: () => ({ state: one }) })) },
  state: () => state,
})

describe('the count of a test run', () => {
  it('adds up files', () => {
    const files = [
      file('passed', 'passed', 'skipped'),
      file('failed', 'failed', 'passed'),
      file('skipped', 'skipped'),
    ]
    expect(countTests(files, 0)).toEqual({ passed: 2, failed: 1, skipped: 2 })
  })

  it('counts a test that never ended as skipped and its file as failed', () => {
    expect(countTests([file('pending', 'passed', 'pending')], 0)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 1,
    })
  })

  it('counts a file that could not be loaded as one failure', () => {
    expect(countTests([file('failed'), file('failed', 'passed')], 0)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    })
  })

  it('counts errors outside tests as failures', () => {
    expect(countTests([file('passed', 'passed')], 2)).toEqual({ passed: 1, failed: 2, skipped: 0 })
  })

  it('reads as a line, with the skipped ones only where there are some', () => {
    expect(formatCount({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
    expect(formatCount({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
  })

  it('is written to the file of the reporter', () => {
    const directory = mkdtempSync(join(tmpdir(), 'troupe-count-'))
    const path = join(directory, 'deeper/count.txt')
    new CountReporter(path).onTestRunEnd([file('passed', 'passed')], [])
    expect(readFileSync(path, 'utf8')).toBe('1 passed, 0 failed\n')
    rmSync(directory, { recursive: true })
  })
})
