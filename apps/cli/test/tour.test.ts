import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireNode } from '../src/commands/tour.ts'
import type { CodeReport } from '../src/tour/actors.ts'
import { buildActors } from '../src/tour/build-actors.ts'
import { STEPS } from '../src/tour/play-tour.ts'
import type { Step } from '../src/tour/step.ts'
import { type RunResult, run } from './support/run.ts'

/** Where nothing is compiled yet, the compiler takes its time. */
const TIMEOUT_MS = 120_000

const commands = {
  tour: { summary: 'the tour', load: () => import('../src/commands/tour.ts') },
}

let nowhere: string
beforeAll(async () => {
  await buildActors()
  nowhere = mkdtempSync(join(tmpdir(), 'tour-'))
}, TIMEOUT_MS)
afterAll(() => rmSync(nowhere, { recursive: true }))

/** Gives the tour through the command, on a machine without vectors. */
function giveTour(argv: readonly string[], isScreen = false, columns = 100): Promise<RunResult> {
  return run(['tour', ...argv], {
    commands,
    isScreen,
    columns,
    env: { TROUPE_HOME: nowhere, TROUPE_VECTORS: nowhere },
  })
}

/** What is printed, without what differs from run to run; and from where JavaScript comes in without what its SDK costs, and all that follows from that. */
function lasting(output: string): string {
  const timeless = output
    .replace(/took .*$/m, 'took (time), on (Node).')
    .replace(/^( +Hall .* )[\d,]+( +javascript)/m, '$1#$2')
  const start = timeless.indexOf('\n9  ')
  return timeless.slice(0, start) + withoutFigures(timeless.slice(start))
}

function withoutFigures(text: string): string {
  return text
    .replace(/bafy\w+/g, 'bafy…')
    .replace(/…[a-z2-7]{8}\b/g, '…')
    .replace(/@troupe\/sdk-js[^\s)]+/g, '@troupe/sdk-js…')
    .replace(/\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d+…?|\d{7,}/g, '#')
    .replace(/(?<=\S) {2,}/g, '  ')
    .replace(/^ {4,}(?=gas|#)/gm, '   ')
    .replace(/^ {6,}/gm, '      ')
    .replace(/─{4,}/g, '───')
}

describe('troupe tour', { timeout: TIMEOUT_MS }, () => {
  it('prints each step, within 120 columns, and what is going on beside it', async () => {
    const { status, stdout, stderr } = await giveTour([])
    expect(status).toBe(0)
    await expect(lasting(stdout)).toMatchFileSnapshot('./tour.txt')
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120)
    expect(stderr).toBe(
      'building actors\nbooting an engine for JavaScript\nrunning a chain on disk\nreplaying messages of mainnet\n',
    )
  })

  it('prints the same in colours on a screen', async () => {
    const { stdout } = await giveTour([], true, 120)
    expect(stdout).toContain('\u001b[')
    await expect(lasting(stripVTControlCharacters(stdout))).toMatchFileSnapshot('./tour.txt')
  })

  it('is in the README as it is, where that shows it', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
    const shown = /```text\n(11 It fails [^`]*)```/.exec(read('../../../README.md'))?.[1] ?? ''
    const printed = read('./tour.txt').split('\n')
    const lines = withoutFigures(shown).trim().split('\n')
    expect(lines.length).toBeGreaterThan(10)
    // An ellipsis at the end of a line stands for what is left out.
    for (const line of lines)
      expect(
        printed.some((other) => other.startsWith(line.replace(/ *…$/, ''))),
        line,
      ).toBe(true)
  })

  it('gives one JSON object with --json', async () => {
    const { status, stdout, stderr } = await giveTour(['--json', '--quiet'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const tour = JSON.parse(stdout)
    expect(Object.keys(tour)).toEqual(['node', 'actors', 'steps', 'mainnet', 'seconds'])
    expect(tour.actors.map(({ name, source }: CodeReport) => [name, source])).toEqual([
      ['counter', 'assembly/counter.ts'],
      ['relay', 'assembly/relay.ts'],
      ['BoxOffice', 'solidity/BoxOffice.sol'],
      ['Hall', 'javascript/hall.ts'],
    ])
    expect(tour.steps).toHaveLength(STEPS)
    expect(tour.steps[1].messages[0]).toMatchObject({
      exitCode: 0,
      value: '25.0',
      fidelity: { level: 'calibrated' },
    })
    expect(tour.steps[1].messages[0]).not.toHaveProperty('tree')
    const failing = tour.steps.find(({ title }: Step) => title.startsWith('It fails')).messages[0]
    expect(failing.failure[1]).toMatchObject({ call: 'Hall.seat', line: { text: expect.any(String) } })
    expect(failing.trace.calls[0]).toMatchObject({ callName: 'BoxOffice.sell', runtime: 'evm' })
    expect(tour.mainnet.messages).toEqual([])
    expect(tour.mainnet.missing).toHaveLength(1)
  })

  it('fits a terminal of 80 columns, and cuts next to nothing', async () => {
    const { stdout } = await giveTour([], true, 80)
    const lines = stripVTControlCharacters(stdout).split('\n')
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80)
    const cut = lines.filter((line) => line.length === 80 && line.endsWith('…'))
    expect(cut.map((line) => line.replace(/^.*[├└]─ |^ +/, ''))).toEqual([
      'f0100 account.PubkeyAddress (read-…',
      'at @troupe/sdk-js/abi/answer…',
      'at @troupe/sdk-js/abi/answer…',
    ])
  })

  it('says what it needs outside of the repository', async () => {
    await expect(buildActors(undefined, nowhere)).rejects.toMatchObject({ code: 'tour/no-actors' })
  })

  it('refuses a Node that is too old', () => {
    for (const version of ['18.20.0', '20.20.2', '22.14.9'])
      expect(() => requireNode(version), version).toThrow(
        expect.objectContaining({ code: 'tour/unsupported-node' }),
      )
    for (const version of ['22.15.0', '24.0.0', '26.10.0'])
      expect(() => requireNode(version), version).not.toThrow()
  })
})
