import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireNode } from '../src/commands/tour.ts'
import { TOUR_ACTORS } from '../src/tour/actors.ts'
import { compileActors } from '../src/tour/compile-actors.ts'
import { type RunResult, run } from './support/run.ts'

/** Where nothing is compiled yet, the compiler takes its time. */
const TIMEOUT_MS = 120_000
const FINAL_ROOT = 'bafy2bzaceavlufgy2yqxykfuyrfsuvqs4wxdjr2ltg7de67pc54yxmhc6hpri'

const commands = {
  tour: { summary: 'the tour', load: () => import('../src/commands/tour.ts') },
}

let nowhere: string
beforeAll(async () => {
  await compileActors()
  nowhere = mkdtempSync(join(tmpdir(), 'tour-'))
}, TIMEOUT_MS)
afterAll(() => rmSync(nowhere, { recursive: true }))

/** Gives the tour through the command, on a machine without vectors. */
function giveTour(argv: readonly string[], isScreen = false): Promise<RunResult> {
  return run(['tour', ...argv], { commands, isScreen, env: { TROUPE_VECTORS: nowhere } })
}

/** What is printed, without what differs from run to run. */
function lasting(output: string): string {
  return output.replace(/took .*$/m, 'took (time), on (Node).')
}

describe('troupe tour', { timeout: TIMEOUT_MS }, () => {
  it('prints each step, within 100 columns, and what is going on beside it', async () => {
    const { status, stdout, stderr } = await giveTour([])
    expect(status).toBe(0)
    await expect(lasting(stdout)).toMatchFileSnapshot('./tour.txt')
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
    expect(stderr).toBe('compiling 2 actors\nrunning a chain on disk\nreplaying messages of mainnet\n')
  })

  it('prints the same in colours on a screen', async () => {
    const { stdout } = await giveTour([], true)
    expect(stdout).toContain('\u001b[')
    await expect(lasting(stripVTControlCharacters(stdout))).toMatchFileSnapshot('./tour.txt')
  })

  it('gives one JSON object with --json', async () => {
    const { status, stdout, stderr } = await giveTour(['--json', '--quiet'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const tour = JSON.parse(stdout)
    expect(Object.keys(tour)).toEqual(['node', 'actors', 'steps', 'mainnet', 'seconds'])
    expect(Object.keys(tour.actors)).toEqual(TOUR_ACTORS)
    expect(tour.steps.find(({ kind }: { kind: string }) => kind === 'state').root).toBe(FINAL_ROOT)
    expect(tour.steps[1].messages[0]).toMatchObject({
      exitCode: 0,
      value: '25.0',
      fidelity: { level: 'calibrated' },
    })
    expect(tour.steps[1].messages[0]).not.toHaveProperty('tree')
    expect(tour.mainnet.messages).toEqual([])
    expect(tour.mainnet.missing).toHaveLength(1)
  })

  it('says what it needs outside of the repository', async () => {
    await expect(compileActors(undefined, nowhere)).rejects.toMatchObject({ code: 'tour/no-actors' })
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
