import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from './support/run.ts'
import { BUNDLE, vectorParts } from './support/vector.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
/** The same as a clone installs it. */
const BIN = fileURLToPath(new URL('../bin/troupe.js', import.meta.url))

/** Starts the command as a program of its own. */
function start(
  argv: readonly string[],
  directory: string,
  env: Readonly<Record<string, string>> = {},
  program = MAIN,
): ChildProcess {
  return spawn(process.execPath, [program, ...argv], { cwd: directory, env: { ...env, PATH: '' } })
}

async function ended(child: ChildProcess): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const texts = { stdout: '', stderr: '' }
  child.stdout?.on('data', (part) => (texts.stdout += String(part)))
  child.stderr?.on('data', (part) => (texts.stderr += String(part)))
  const [status]: unknown[] = await once(child, 'close')
  return { status, ...texts }
}

describe('troupe, as a program', { timeout: 60_000 }, () => {
  it.each([
    ['published', MAIN],
    ['in a clone', BIN],
  ])('shows its help, as it is %s', async (_, program) => {
    const { status, stdout, stderr } = await ended(start(['--help'], temporaryDirectory(), {}, program))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const name of [
      'tour',
      'dev',
      'replay',
      'inspect',
      'conformance',
      'build',
      'deploy',
      'send',
      'call',
      'bundle',
    ])
      expect(stdout).toContain(`\n  ${name} `)
  })

  it('ends with status 2 and an error on stderr for a command that it does not have', async () => {
    const { status, stdout, stderr } = await ended(start(['nothing'], temporaryDirectory()))
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^error usage\/unknown-command: troupe has no command "nothing"\n/)
  })

  it('ends quietly where nobody reads what it writes', async () => {
    const child = start(['--help'], temporaryDirectory())
    child.stdout?.destroy()
    expect(await ended(child)).toMatchObject({ status: 0, stderr: '' })
  })

  it('keeps all that it keeps below TROUPE_HOME, and replays with what is there', async () => {
    const directory = temporaryDirectory()
    const env = { TROUPE_HOME: join(directory, 'home'), HOME: join(directory, 'user') }
    writeFileSync(join(directory, 'v10.car'), BUNDLE.car)
    writeFileSync(join(directory, 'vector.json'), JSON.stringify(vectorParts()))
    expect((await ended(start(['bundle', 'add', 'v10.car', '--json'], directory, env))).status).toBe(0)
    const { status, stdout, stderr } = await ended(start(['replay', 'vector.json'], directory, env))
    // The vector expects the state as it was.
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toMatch(/^test-transfer {2}failed\n/)
    expect(readdirSync(directory).sort()).toEqual(['home', 'v10.car', 'vector.json'])
    expect(readdirSync(env.TROUPE_HOME).sort()).toEqual(['bundles', 'scripts'])
  })
})
