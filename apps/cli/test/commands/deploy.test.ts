import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { compileFixture } from '@troupe/fixtures'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEV_ENV, startDev } from '../support/dev.ts'
import { run, temporaryDirectory } from '../support/run.ts'

const OWNER = 't1nqjokbjze2a2nx36kz6oq54wns4w5jcwhzuzy2i'
const OTHER = 't1ufwmkte5zlr7okxak6hhmfhufyoxtzs4sooptri'

/** Keeps a number and what it was told, for everyone; its owner begins anew. */
const ACTOR = `import { defineActor, M } from '@troupe/sdk-js'
export default defineActor('Keeper', {
  state: { count: 0n },
  facets: {
    public: M.interface('Keeper', {
      add: M.call(M.bigint()).returns(M.bigint()),
      echo: M.call(M.any()).returns(M.any()),
      fail: M.call(M.string()).returns(),
    }),
    admin: M.interface('Admin', { reset: M.call().returns() }),
  },
  powers: ['directory', 'events'],
  initGuard: M.call(M.byteArray()).returns(),
  init({ facets, directory }, owner) {
    facets.grant('admin', directory.resolve(owner))
  },
  methods: {
    public: {
      add({ state, events }, n) {
        events.emit('added', { n })
        return (state.count += n)
      },
      echo: (_, value) => value,
      fail(_, why) {
        throw Error(why)
      },
    },
    admin: {
      reset({ state }) {
        state.count = 0n
      },
    },
  },
})
`

/** A command on a chain, and what it wrote. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
type Told = { readonly status: number; readonly said: any; readonly error: any; readonly stdout: string }

/** Runs commands with `--json` on a chain that is there until the test ends. */
async function chain(
  directory: string,
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<(...argv: readonly string[]) => Promise<Told>> {
  const { url } = await startDev(['--in-memory', ...argv], directory, env)
  return (name = '', ...rest) => tell([name, '--rpc', url, '--json', ...rest], directory)
}

async function tell(argv: readonly string[], directory: string): Promise<Told> {
  const { status, stderr, stdout } = await run(argv, { directory, env: DEV_ENV })
  return {
    ...{ status, stdout },
    said: stdout === '' ? undefined : JSON.parse(stdout),
    error: stderr === '' ? undefined : JSON.parse(stderr).error,
  }
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A server that is no chain. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('troupe deploy, send and call', { timeout: 60_000 }, () => {
  it('bring a built actor onto a chain, change it and ask it', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'keeper.ts'), ACTOR)
    const built = await tell(['build', 'keeper.ts', '--unchecked', '--json'], directory)
    const on = await chain(directory)
    const { said: deployed } = await on('deploy', join('dist', 'keeper.js'), OWNER)
    expect(deployed).toEqual({
      address: expect.stringMatching(/^t0\d+$/u),
      robust: expect.stringMatching(/^t2/u),
      code: built.said.actors[0].code,
      bytes: built.said.actors[0].bytes,
      from: OWNER,
      install: { message: expect.stringMatching(/^baf/u), epoch: 1, gas: expect.any(Object) },
      create: { message: expect.stringMatching(/^baf/u), epoch: 2, gas: expect.any(Object) },
    })
    const { address, robust } = deployed

    // The source gives the same code, which is there already.
    const again = await on('deploy', 'keeper.ts', OWNER)
    expect(again.said.code).toBe(deployed.code)
    expect(again.said.address).not.toBe(address)
    expect(again.said.install.gas.used).toBeLessThan(deployed.install.gas.used / 10)

    expect((await on('send', address, 'Add', '5')).said).toEqual({
      message: expect.stringMatching(/^baf/u),
      epoch: 5,
      events: [
        {
          emitter: address,
          entries: [
            { key: '$type', value: 'added' },
            { key: 'n', value: 5 },
          ],
        },
      ],
      exit: { code: 0, name: 'OK' },
      gas: { used: expect.any(Number), limit: expect.any(Number) },
      value: 5,
      returnData: '0x05',
    })
    // Asked, it adds, and nothing changes. Its other names are as good.
    expect((await on('call', robust, 'Add', '--', '-2')).said).toMatchObject({ value: 3 })
    expect((await on('call', address.slice(2), 'Add', '0')).said).toMatchObject({ value: 5 })
    expect((await on('send', address, 'Admin_reset', '0')).said).toMatchObject({ value: null, epoch: 6 })
    expect((await on('call', address, 'Add', '0')).said).toMatchObject({ value: 0, returnData: '0x00' })
  })

  it('print lines for people, and with --quiet what scripts go on with', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'keeper.ts'), ACTOR)
    const { url } = await startDev(['--in-memory'], directory)
    const print = async (...argv: readonly string[]): Promise<string> =>
      (await run([...argv, '--rpc', url], { directory, env: DEV_ENV })).stdout
    expect(await print('deploy', 'keeper.ts', OWNER)).toMatch(
      /^address {3}t0\d+ {2}t2\w+\ncode {6}bafk\w+, [\d,]+ bytes\ngas {7}[\d,]+ to install, [\d,]+ to create\nmessage {3}baf\w+, at epoch 2\n$/u,
    )
    const address = (await print('deploy', 'keeper.ts', OWNER, '--quiet')).trim()
    expect(await print('send', address, 'Add', '5')).toMatch(
      /^exit {6}OK\nreturned {2}5\ngas {7}[\d,]+ of [\d,]+\nevent {5}f0\d+ \$type: added, n: 5\nmessage {3}baf\w+, at epoch 5\n$/u,
    )
    expect(await print('call', address, 'Echo', '[1, "two words"]', '--quiet')).toBe('[1, "two words"]\n')
    expect(await print('call', address, 'Admin_reset', '0', '--quiet')).toBe('nothing\n')
  })

  it('take and give values of every kind', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'keeper.ts'), ACTOR)
    const on = await chain(directory)
    const { address } = (await on('deploy', 'keeper.ts', OWNER)).said
    const echo = async (text: string): Promise<string> => {
      const { error, stdout } = await on('call', address, 'Echo', text)
      expect(error).toBeUndefined()
      return /"value":(.*),"returnData"/u.exec(stdout)?.[1] ?? ''
    }
    for (const text of [
      'true',
      'null',
      '"a text"',
      '[[],{"a":1}]',
      String(2n ** 200n),
      '{"/":{"bytes":"AP8"}}',
    ])
      expect(await echo(text)).toBe(text)
    expect(await echo('0x00ff')).toBe('{"/":{"bytes":"AP8"}}')
    expect(await echo('[{"/": "0x00ff"}, {"/": "t0100"}]')).toBe(
      '[{"/":{"bytes":"AP8"}},{"/":{"bytes":"AGQ"}}]',
    )
    expect(await echo('t0100')).toBe('{"/":{"bytes":"AGQ"}}')
    expect((await on('call', address, 'Echo', '--params', '8105')).said).toMatchObject({ value: 5 })
  })

  it('end with status 1 where a message would fail, and say why; with a gas limit it is sent', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'keeper.ts'), ACTOR)
    const on = await chain(directory)
    const { address } = (await on('deploy', 'keeper.ts', OWNER)).said
    const why = {
      code: 'backtrace',
      message: expect.stringContaining('method/unknown: Keeper has no method'),
    }
    expect(await on('send', address, 'Ad', '5')).toMatchObject({
      status: 1,
      said: undefined,
      error: {
        code: 'message/failed',
        message: `${address} Ad would fail with USR_UNHANDLED_MESSAGE (exit code 22), and is not sent`,
        causes: [{ code: 'USR_UNHANDLED_MESSAGE' }, why],
      },
    })
    expect((await on('send', address, 'Ad', '5')).error.causes[1].message).toContain(
      'it has Add, Echo, Fail, Admin_reset',
    )
    expect(await on('call', address, 'Fail', '"no luck"')).toMatchObject({
      status: 1,
      said: { exit: { name: 'USR_UNSPECIFIED' } },
      error: {
        code: 'message/failed',
        causes: [
          { code: 'USR_UNSPECIFIED' },
          { code: 'backtrace', message: expect.stringContaining('no luck') },
          { code: 'backtrace', message: expect.stringMatching(/^at fail \(/u) },
        ],
      },
    })
    expect(
      await on('send', address, 'Admin_reset', '0', '--from', '1', '--gas-limit', '900000000'),
    ).toMatchObject({
      status: 1,
      said: { epoch: 3, exit: { code: 18, name: 'USR_FORBIDDEN' }, gas: { limit: 900_000_000 }, value: null },
      error: {
        code: 'message/failed',
        causes: [{ code: 'USR_FORBIDDEN' }, { message: expect.stringContaining('grant/refused') }],
      },
    })
    expect((await on('send', address, 'Add', '5', '--gas-limit', '1000')).error).toMatchObject({
      ...{ code: 'chain/refused', advice: expect.stringContaining('--gas-limit') },
      causes: [{ code: 'message/gasLimit' }],
    })
    expect((await on('deploy', 'keeper.ts')).error).toMatchObject({
      code: 'message/failed',
      causes: expect.arrayContaining([
        { code: 'backtrace', message: expect.stringContaining('init takes 1 argument, not 0') },
      ]),
    })
  })

  it('tell where in its sources an actor has failed, where they are there', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'keeper.ts'), ACTOR)
    await run(['build', 'keeper.ts', '--unchecked'], { directory })
    const on = await chain(directory)
    // Files are named as they are found from where the process is.
    const line = (part: string): number => ACTOR.split('\n').findIndex((text) => text.includes(part)) + 1
    const place = (error: { causes: readonly { message: string }[] }): string | undefined =>
      error.causes.findLast(({ message }) => message.startsWith('at '))?.message
    // A constructor that fails leaves no actor behind whose code could be asked for.
    for (const file of [join('dist', 'keeper.js'), 'keeper.ts']) {
      const { error } = await on('deploy', file, '0x0504')
      expect(place(error)).toMatch(
        new RegExp(`^at init \\((?:\\S*/)?keeper\\.ts:${line('directory.resolve')}:\\d+\\)$`, 'u'),
      )
    }
    const { address } = (await on('deploy', 'keeper.ts', OWNER)).said
    const fail = async (name: string, ...rest: readonly string[]): Promise<string | undefined> =>
      place((await on(name, address, 'Fail', '"no luck"', ...rest)).error)
    const there = new RegExp(`^at fail \\((?:\\S*/)?keeper\\.ts:${line('throw Error')}:\\d+\\)$`, 'u')
    expect(await fail('call', '--maps', 'dist')).toMatch(there)
    expect(await fail('send', '--maps', 'dist')).toMatch(there)
    expect(await fail('send', '--maps', 'dist', '--gas-limit', '900000000')).toMatch(there)
    expect(await fail('send')).toMatch(/^at fail \(code:\d+:\d+\)$/u)
    writeFileSync(join(directory, 'dist', 'keeper.js.map'), '{}')
    const { causes } = (await on('call', address, 'Fail', '"no luck"', '--maps', 'dist')).error
    expect(causes.at(-1).message).toContain('keeper.js.map is not used: ')
    expect((await on('call', address, 'Fail', '"no luck"', '--maps', 'absent')).error).toMatchObject({
      code: 'file/unreadable',
    })
  })

  it('transfer FIL, and say who cannot', async () => {
    const directory = temporaryDirectory()
    const on = await chain(directory, ['--accounts', '2'])
    expect(await on('send', OTHER, '--value', '1.5')).toMatchObject({ status: 0, said: { value: null } })
    for (const limit of [[], ['--gas-limit', '1000000']])
      expect(await on('send', OTHER, '--value', '10000', ...limit)).toMatchObject({
        status: 1,
        error: { code: 'message/funds', advice: expect.stringContaining('troupe_faucet') },
      })
    expect(await on('send', OWNER, '--value', '10001', '--from', '1')).toMatchObject({ status: 0 })
    expect((await on('send', OWNER, '--from', '2')).error).toMatchObject({
      code: 'usage/bad-option',
      message: '--from takes 0 to 1, not 2',
    })
    expect(
      (await on('send', OWNER, 'Hello', '--from', 't410f6op5nzi2vwepn5gonk4ie4tzz773sitggxp4hiy')).error,
    ).toMatchObject({ code: 'chain/refused', advice: expect.stringContaining('--from N') })
  })

  it('install Wasm, and say why a chain refuses some', async () => {
    const directory = temporaryDirectory()
    const on = await chain(directory)
    writeFileSync(join(directory, 'counter.wasm'), await compileFixture('counter', { generation: 4 }))
    const told = await on('deploy', 'counter.wasm')
    expect(told.error).toBeUndefined()
    const { address } = told.said
    expect((await on('send', address, '2', '7')).said).toMatchObject({
      value: 7,
      events: [{ emitter: address, entries: [{ key: 'count', value: { '/': { bytes: 'Bw' } } }] }],
    })
    expect((await on('call', address, '3')).said).toMatchObject({ value: 7 })
    writeFileSync(join(directory, 'bad.wasm'), '\0asm')
    expect((await on('deploy', 'bad.wasm')).error).toMatchObject({
      ...{ code: 'message/failed', message: expect.stringContaining('installing the code would fail') },
      causes: expect.arrayContaining([
        { code: 'backtrace', message: expect.stringContaining('the code is refused: module/malformed') },
      ]),
    })
    writeFileSync(join(directory, 'note.txt'), 'no code')
    expect((await on('deploy', 'note.txt')).error).toMatchObject({ code: 'deploy/unknown-format' })
    expect((await on('deploy', 'absent.js')).error).toMatchObject({ code: 'file/unreadable' })
    writeFileSync(join(directory, 'large.wasm'), new Uint8Array(2 ** 23 + 1))
    expect((await on('deploy', 'large.wasm')).error).toMatchObject({ code: 'file/too-large' })
    writeFileSync(join(directory, 'spy.js'), "import 'node:fs'")
    expect((await on('deploy', 'spy.js')).error).toMatchObject({ code: 'build/refused' })
  })

  it('say where a network has built-in actors only, and where a chain has no accounts', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'keeper.ts'), ACTOR)
    const on = await chain(directory, ['--network', '24'])
    expect(await on('deploy', 'keeper.ts', OWNER)).toMatchObject({
      status: 1,
      error: { code: 'deploy/no-user-actors', advice: expect.stringContaining('--network') },
    })
    const empty = await chain(directory, ['--accounts', '0'])
    expect((await empty('call', OWNER, '0')).error).toMatchObject({ code: 'chain/no-accounts' })
  })

  it('show the token that a chain wants', async () => {
    const directory = temporaryDirectory()
    const token = 'a-token-of-some-length'
    const on = await chain(directory, ['--token', token])
    expect((await on('send', OTHER, '--value', '1', '--token', token)).status).toBe(0)
    for (const wrong of [[], ['--token', 'another-token-of-some-length']])
      expect(await on('send', OTHER, '--value', '1', ...wrong)).toMatchObject({
        status: 1,
        error: { code: 'chain/token', advice: expect.stringContaining('TROUPE_TOKEN') },
      })
    // To ask takes none.
    expect((await on('call', OTHER, '0')).status).toBe(0)
  })

  it('say what to do where no chain answers, or something else does', async () => {
    const directory = temporaryDirectory()
    const ask = (url: string): Promise<Told> => tell(['call', 't01', '2', '--rpc', url, '--json'], directory)
    const closed = await freePort()
    expect((await ask(`http://127.0.0.1:${closed}`)).error).toMatchObject({
      ...{ code: 'chain/unreachable', where: `http://127.0.0.1:${closed}/` },
      advice: expect.stringContaining('troupe dev'),
      causes: [{ code: 'ECONNREFUSED' }],
    })
    for (const answer of ['<html>', '[]', '{}', '{"result":{"a":1}}', '{"result":[5]}']) {
      const url = await serve((_, response) => response.end(answer))
      expect((await ask(url)).error).toMatchObject({ code: 'chain/unexpected-answer' })
    }
    const endless = await serve((_, response) => response.end(Buffer.alloc(2 ** 25 + 1, ' ')))
    expect((await ask(endless)).error.message).toBe('the answer has over 33554432 bytes')
    const refusing = await serve((_, response) => response.end('{"error":{"message":"not today"}}'))
    expect((await ask(refusing)).error).toMatchObject({
      code: 'chain/refused',
      causes: [{ code: 'rpc', message: 'not today' }],
    })
  })

  it.each([
    ['usage/bad-argument', ['call', 'nobody', 'Mine']],
    ['usage/bad-argument', ['call', 't01', 'mine']],
    ['usage/bad-argument', ['call', 't01', 'Mi ne']],
    ['usage/bad-argument', ['call', 't01', '18446744073709551616']],
    ['usage/bad-argument', ['call', 't01', '2', 'hello']],
    ['usage/bad-option', ['call', 't01', '2', '--rpc', 'ws://127.0.0.1:8545']],
    ['usage/bad-option', ['call', 't01', '2', '--rpc', 'http://user:secret@127.0.0.1:8545']],
    ['usage/bad-option', ['call', 't01', '2', '--gas-limit', '0']],
    ['usage/bad-option', ['call', 't01', '2', '--value', '-1']],
    ['usage/bad-option', ['call', 't01', '2', '--params', '0x123']],
    ['usage/bad-option', ['call', 't01', '2', '5', '--params', '8105']],
    ['usage/missing-argument', ['call', 't01']],
    ['usage/unexpected-argument', ['call', 't01', '2', ...Array.from({ length: 101 }, () => '1')]],
    ['usage/unknown-option', ['send', 't01', 'Add', '-5']],
  ])('end with %s and status 2, and ask nobody, for %j', async (code, argv) => {
    const told = await tell([...argv, '--json'], temporaryDirectory())
    expect([told.status, told.error.code]).toEqual([2, code])
  })
})
