import { describe, expect, it } from 'vitest'
import type { CommandArguments, CommandEntry, LeafCommand } from '../src/command.ts'
import { CliError } from '../src/errors.ts'
import { run } from './support/run.ts'

/** A command with every kind of option, which tells what it was called with. */
function commandsWith(perform: LeafCommand['run']): Readonly<Record<string, CommandEntry>> {
  const leaf: LeafCommand = {
    summary: 'do something',
    usage: 'FILE [--depth N] [--all]',
    details: 'All about it.',
    positionals: { min: 1, max: 2 },
    options: {
      depth: { type: 'string', value: 'N', help: 'how deep' },
      all: { type: 'boolean', help: 'everything' },
    },
    run: perform,
  }
  return {
    leaf: { summary: leaf.summary, load: async () => ({ command: leaf }) },
    group: {
      summary: 'several',
      load: async () => ({ command: { summary: 'several', commands: { leaf } } }),
    },
  }
}

const quiet = commandsWith(async () => 0)

describe('calling a command', () => {
  it('gives it its arguments, alone or in a group', async () => {
    const seen: CommandArguments[] = []
    const commands = commandsWith(async (_, args) => {
      seen.push(args)
      return 1
    })
    expect((await run(['leaf', 'a', '--depth', '3', 'b', '--all', '--json'], { commands })).status).toBe(1)
    expect((await run(['group', 'leaf', '--depth=4', '--', '--a'], { commands })).status).toBe(1)
    expect(seen).toEqual([
      { positionals: ['a', 'b'], flags: new Set(['all', 'json']), values: new Map([['depth', '3']]) },
      { positionals: ['--a'], flags: new Set(), values: new Map([['depth', '4']]) },
    ])
  })

  it.each([
    ['usage/unknown-command', ['nothing']],
    ['usage/unknown-command', ['toString']],
    ['usage/unknown-command', ['group', 'nothing']],
    ['usage/unknown-option', ['leaf', 'a', '--nothing']],
    ['usage/unknown-option', ['leaf', 'a', '-x']],
    ['usage/bad-option', ['leaf', 'a', '--depth']],
    ['usage/bad-option', ['leaf', 'a', '--all=3']],
    ['usage/missing-argument', ['leaf']],
    ['usage/unexpected-argument', ['leaf', 'a', 'b', 'c']],
  ])('ends with %s and status 2 for %j', async (code, argv) => {
    const { status, stdout, stderr } = await run(argv, { commands: quiet })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(`error ${code}: `)
    expect(stderr).toContain('  do       ')
  })

  it('says its version, and that of its Node', async () => {
    expect(await run(['--version'])).toMatchObject({
      stdout: `troupe 0.0.0 (Node ${process.version})\n`,
      status: 0,
    })
  })

  it('shows its help on stdout, without running it', async () => {
    const commands = commandsWith(() => Promise.reject(new Error('ran')))
    for (const argv of [
      ['leaf', '--help'],
      ['leaf', 'a', 'b', 'c', '-h', '--nothing'],
      ['help', 'leaf'],
    ]) {
      const { status, stdout, stderr } = await run(argv, { commands })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toMatch(/^usage: troupe leaf FILE \[--depth N\] \[--all\]\n/)
      for (const part of ['Do something.', 'All about it.', '--depth N', '--json', 'Exit status'])
        expect(stdout).toContain(part)
    }
    expect((await run(['group', '--help'], { commands })).stdout).toContain('leaf  do something')
  })

  it('shows the list of commands where none is named, which is wrong usage, and with --help, which is not', async () => {
    const asked = await run(['--help'], { commands: quiet })
    const bare = await run([], { commands: quiet })
    expect(asked).toMatchObject({ status: 0, stderr: '' })
    expect(asked.stdout).toMatch(/leaf {3}do something\n {2}group {2}several/)
    expect(bare).toEqual({ ...asked, status: 2 })
    expect((await run(['group'], { commands: quiet })).status).toBe(2)
  })
})

describe('what a command throws', () => {
  const failing = (error: unknown): Readonly<Record<string, CommandEntry>> =>
    commandsWith(() => Promise.reject(error))

  it('is told with its code, its place, its causes and what to do, on lines of their own', async () => {
    const cause = new Error('disk\u001b[2J full')
    const error = new CliError('file/unreadable', 'it\nfailed', { where: 'a/b', advice: 'try again', cause })
    const { status, stdout, stderr } = await run(['leaf', 'a'], { commands: failing(error) })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.split('\n')).toEqual([
      'error file/unreadable: it\\u{a}failed',
      '  in       a/b',
      '  because  Error: disk\\u{1b}[2J full',
      '  do       try again',
      '',
    ])
  })

  it('is JSON on stderr where JSON is asked for', async () => {
    const error = new CliError('file/unreadable', 'it failed', { where: 'a/b' })
    const { status, stdout, stderr } = await run(['leaf', 'a', '--json'], { commands: failing(error) })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'file/unreadable', message: 'it failed', where: 'a/b', causes: [] },
    })
  })

  it('is a fault of the command where it has no code, and shows where it was thrown', async () => {
    const { status, stderr } = await run(['leaf', 'a'], { commands: failing(new TypeError('oops')) })
    expect(status).toBe(70)
    expect(stderr).toContain('TypeError: oops')
    expect(stderr).toContain('cli.test.ts')
  })
})

describe('colours', () => {
  const commands = commandsWith(() => Promise.reject(new CliError('file/unreadable', 'it failed')))
  const escapeStart = '\u001b['

  it('are for screens only, and not where NO_COLOR is set', async () => {
    const onScreen = await run(['leaf', 'a'], { commands, isScreen: true })
    const without = await run(['leaf', 'a'], { commands, isScreen: true, env: { NO_COLOR: '1' } })
    const dumb = await run(['leaf', 'a'], { commands, isScreen: true, env: { TERM: 'dumb' } })
    const inFile = await run(['leaf', 'a'], { commands })
    expect(onScreen.stderr).toContain(escapeStart)
    for (const { stderr } of [without, dumb, inFile]) expect(stderr).not.toContain(escapeStart)
  })
})
