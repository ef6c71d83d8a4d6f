import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run, temporaryDirectory } from '../support/run.ts'
import { BUNDLE, SENDER_BALANCE, transfer, type VectorOptions, vectorParts } from '../support/vector.ts'

/** A directory with one vector, whose actors' code is in the cache below it. */
async function withVector(
  options: VectorOptions,
): Promise<{ directory: string; env: Record<string, string> }> {
  const directory = temporaryDirectory()
  const env = { TROUPE_HOME: directory }
  writeFileSync(join(directory, 'v10.car'), BUNDLE.car)
  await run(['bundle', 'add', 'v10.car'], { directory, env })
  writeFileSync(join(directory, 'vector.json'), JSON.stringify(vectorParts(options)))
  return { directory, env }
}

describe('troupe replay', { timeout: 60_000 }, () => {
  it('shows the receipt beside the expected one, the trace, the state and the fidelity', async () => {
    const options = await withVector({ gasUsed: 1n })
    const { status, stdout, stderr } = await run(['replay', 'vector.json', '--trace'], options)
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    const lines = stdout.split('\n')
    expect(lines[0]).toBe('test-transfer  failed')
    for (const part of [
      /^network version 18, epoch 1,000$/,
      /^from {6}f1\w+$/,
      /^method {4}account\.Send \(0\)$/,
      /^value {5}0\.000000000000000005 FIL, gas limit 10,000,000$/,
      /^exit code {4}OK \(0\) {4}OK \(0\)$/,
      /^gas used {5}1 {9}1,\d{3},\d{3}$/,
      /^return data {2}none {6}none$/,
      /^1,\d{3},\d{3} +\d{3},\d{3} {2}message$/,
      / └─ f0100 → f0101 account\.Send \(\+0\.000000000000000005 FIL\) {2}ok$/,
      /^state root {2}bafy\w+$/,
      /^expected {4}bafy\w+$/,
      /^differs in {2}f02: balance 0\.00000000001 FIL, not 0\.0; f099: /,
      /^fidelity {4}exact$/,
    ])
      expect(
        lines.filter((line) => part.test(line)),
        String(part),
      ).toHaveLength(1)
  })

  it('gives all of it as one line of JSON', async () => {
    const options = await withVector({ message: transfer({ value: 2n * SENDER_BALANCE }), exitCode: 6 })
    const { stdout } = await run(['replay', 'vector.json', '--json', '--trace'], options)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    const replay = JSON.parse(stdout)
    expect(replay).toMatchObject({
      id: 'test-transfer',
      status: 'failed',
      networkVersion: 18,
      fidelity: { level: 'exact', reasons: [] },
      differences: [{ what: 'gas used' }, { what: 'state root' }],
    })
    const [message] = replay.messages
    expect(message).toMatchObject({ methodName: 'account.Send', value: '200.0', gasLimit: 10_000_000 })
    expect(message.expected).toEqual({ exitCode: 6, returnData: '', gasUsed: expect.any(Number) })
    expect(message.actual.exitCode).toBe(6)
    expect(message.failure).toContain('InsufficientFunds')
    expect(message.trace.calls).toMatchObject([{ to: 'f0101', outcome: { error: 'InsufficientFunds' } }])
  })

  it('fails where the result is not as good as it has to be', async () => {
    const options = await withVector({})
    const exact = await run(['replay', 'vector.json', '--require-fidelity', 'exact'], options)
    expect(exact).toMatchObject({ status: 1, stderr: '' })
    const wrong = await run(['replay', 'vector.json', '--require-fidelity', 'simulated'], options)
    expect(wrong.status).toBe(2)
    expect(wrong.stderr).toContain('usage/bad-option')
  })

  it('tells an error of the vector, with the file', async () => {
    const directory = temporaryDirectory()
    const env = { TROUPE_HOME: directory }
    writeFileSync(join(directory, 'vector.json'), JSON.stringify(vectorParts()))
    const { status, stdout, stderr } = await run(['replay', 'vector.json'], { directory, env })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^error vector\/unknown-bundle: no cached bundle has the code/),
      `  in       ${join(directory, 'vector.json')}`,
      '  do       troupe bundle add v10.tar.zst (builtin-actors v10)',
      '',
    ])
  })
})
