import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { run, temporaryDirectory } from '../support/run.ts'

const ACTOR = `import { defineActor, M } from '@troupe/sdk-js'
const guard = M.interface('Greeter', { greet: M.call(M.string()).returns(M.string()) })
export default defineActor('Greeter', { facets: { public: guard }, methods: { public: { greet: (_, name: string) => 'hello ' + name } } })
`

/** Where engines are kept that have booted: it takes seconds. */
const env = {
  TROUPE_HOME: fileURLToPath(
    new URL('../../../../packages/runtime-ses/node_modules/.cache', import.meta.url),
  ),
}

describe('troupe build', () => {
  it('writes the code of actors with a source map, and says its CID', async () => {
    const [directory, other] = [temporaryDirectory(), temporaryDirectory()]
    for (const each of [directory, other]) writeFileSync(join(each, 'greeter.ts'), ACTOR)
    const { status, stdout, stderr } = await run(['build', 'greeter.ts', '--json'], { directory, env })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const [built] = JSON.parse(stdout).actors
    const code = readFileSync(join(directory, 'dist', 'greeter.js'), 'utf8')
    expect(built).toMatchObject({
      source: 'greeter.ts',
      file: join('dist', 'greeter.js'),
      bytes: code.length,
    })
    expect(code).toMatch(/^\/\/ troupe hardened-javascript actor 1\n\(function \(require, exports\) \{/)
    const map = JSON.parse(readFileSync(join(directory, 'dist', 'greeter.js.map'), 'utf8'))
    expect(map).toMatchObject({ version: 3, file: 'greeter.js', sourceRoot: '..', sources: ['greeter.ts'] })
    expect(map.x_troupe_code).toBe(built.code)

    const elsewhere = await run(['build', 'greeter.ts', '--unchecked', '--out', 'there'], {
      directory: other,
    })
    expect(elsewhere.stdout).toContain(built.code)
    expect(readFileSync(join(other, 'there', 'greeter.js'), 'utf8')).toBe(code)
    await run(['build', 'greeter.ts', '--unchecked', '--readable'], { directory })
    expect(readFileSync(join(directory, 'dist', 'greeter.js'), 'utf8')).toContain('const guard')
  })

  it('takes other modules for those that an actor cannot have', async () => {
    const directory = temporaryDirectory()
    writeFileSync(
      join(directory, 'actor.ts'),
      `import { word } from 'host'\n${ACTOR.replace("'hello '", 'word')}`,
    )
    writeFileSync(join(directory, 'host.ts'), "export const word = 'a stand-in'")
    const build = (alias: string): ReturnType<typeof run> =>
      run(['build', 'actor.ts', '--unchecked', '--alias', alias, '--json'], { directory })
    expect((await build('host=./host.ts,other=./other.ts')).status).toBe(0)
    expect(readFileSync(join(directory, 'dist', 'actor.js'), 'utf8')).toContain('a stand-in')
    for (const wrong of ['host', 'host=', '=./host.ts', 'host=a=b']) {
      const { status, stderr } = await build(wrong)
      expect([status, JSON.parse(stderr).error.code]).toEqual([2, 'usage/bad-option'])
    }
  })

  it('refuses what is no actor, and says all that it wants', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'spy.ts'), `import 'node:fs'\nimport 'node:net'\n${ACTOR}`)
    const { status, stderr } = await run(['build', 'spy.ts', '--unchecked', '--json'], { directory })
    expect(status).toBe(1)
    const { error } = JSON.parse(stderr)
    expect(error).toMatchObject({
      code: 'build/refused',
      where: 'spy.ts',
      causes: [
        { code: 'bundle/node-builtin', message: 'spy.ts:1:8: an actor has no module node:fs' },
        { code: 'bundle/node-builtin', message: 'spy.ts:2:8: an actor has no module node:net' },
      ],
    })
    const name = basename(directory)
    const text = await run(['build', join(name, 'spy.ts'), '--unchecked'], { directory: dirname(directory) })
    expect(text.stderr.split('\n').slice(0, 4)).toEqual([
      'error build/refused: this cannot be an actor',
      `  in       ${name}/spy.ts`,
      `  because  bundle/node-builtin: ${name}/spy.ts:1:8: an actor has no module node:fs`,
      `  because  bundle/node-builtin: ${name}/spy.ts:2:8: an actor has no module node:net`,
    ])
  })

  it('refuses what a chain would refuse when it installs it', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'wrong.ts'), ACTOR.replace('greet: M.call', 'great: M.call'))
    const { status, stderr } = await run(['build', 'wrong.ts', '--json'], { directory, env })
    expect(status).toBe(1)
    const { error } = JSON.parse(stderr)
    expect(error).toMatchObject({ code: 'build/refused', where: 'wrong.ts:3:59' })
    expect(error.message).toContain('definition/method-without-guard: public.greet has no guard')
    expect(existsSync(join(directory, 'dist'))).toBe(false)
  })

  it('says where in the sources an actor fails that is not ready', async () => {
    const directory = temporaryDirectory()
    writeFileSync(
      join(directory, 'config.ts'),
      `// é: bytes are not columns\nexport const read = (of: any): string =>\n  of.name.length\n`,
    )
    writeFileSync(join(directory, 'early.ts'), `import { read } from './config.ts'\n${ACTOR}\nread({})\n`)
    const { status, stderr } = await run(['build', 'early.ts', '--json'], { directory, env })
    expect(status).toBe(1)
    expect(JSON.parse(stderr).error).toMatchObject({
      message: expect.stringContaining(
        "actor/evaluation-failed: TypeError: cannot read property 'length' of undefined",
      ),
      where: expect.stringMatching(/^config\.ts:3:\d+$/),
    })
  })

  it.each([
    ['build/refused', ['absent.ts']],
    ['build/same-name', ['a.ts', 'a.js']],
    ['file/unwritable', ['a.ts', '--out', 'a.ts']],
  ])('fails with %s', async (code, args) => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'folder'))
    writeFileSync(join(directory, 'a.ts'), ACTOR)
    const { status, stderr } = await run(['build', ...args, '--unchecked', '--json'], { directory })
    expect([status, JSON.parse(stderr).error.code]).toEqual([1, code])
  })

  // A directory that makes nothing, and says of it that it is missing, on which Node's own recursive mkdir never ends.
  it('fails where a directory cannot be made', async ({ skip }) => {
    if (process.platform !== 'linux') skip('only Linux has /proc')
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'a.ts'), ACTOR)
    for (const out of ['/proc/x', '/proc/x/y']) {
      const { status, stderr } = await run(['build', 'a.ts', '--out', out, '--unchecked', '--json'], {
        directory,
      })
      expect([status, JSON.parse(stderr).error]).toMatchObject([1, { code: 'file/unwritable', where: out }])
    }
  })
})
