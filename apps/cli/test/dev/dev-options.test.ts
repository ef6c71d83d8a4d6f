import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/arguments.ts'
import type { CommandContext } from '../../src/command.ts'
import { command } from '../../src/commands/dev.ts'
import { type DevOptions, readDevOptions } from '../../src/dev/dev-options.ts'
import { createTerminal } from '../../src/terminal.ts'

const stream = { write: () => undefined }

function read(argv: readonly string[], env: Readonly<Record<string, string>> = {}): DevOptions {
  const context: CommandContext = {
    terminal: createTerminal(stream, stream, {}),
    ...{ env, platform: 'linux', home: '/home', directory: '/project' },
    onSignal: () => () => undefined,
  }
  return readDevOptions(context, parseArguments('troupe dev', command, argv))
}

describe('the options of troupe dev', () => {
  it('all have a default', () => {
    expect(read([])).toEqual({
      host: '127.0.0.1',
      port: 8545,
      token: undefined,
      origins: [],
      directory: '/project/.troupe/chain',
      isFresh: false,
      blockMs: undefined,
      wanted: { chainId: undefined, actors: undefined, network: undefined, gas: undefined },
      accounts: 10,
      balance: 10_000n * 10n ** 18n,
      fork: undefined,
      requireFidelity: undefined,
      log: 'text',
      showsLogs: false,
    })
  })

  it('may be chosen', () => {
    const argv = [
      '--cors',
      'https://a.test,https://b.test',
      '--dir',
      '/elsewhere',
      '--block-time',
      '1.5',
      '--fork',
      'a.car',
    ]
    const more = [
      '--chain-id',
      '314',
      '--network',
      'nv28',
      '--balance',
      '0.5',
      '--accounts',
      '0',
      '--token',
      't',
    ]
    expect(read([...argv, ...more, '--quiet'], { TROUPE_TOKEN: 'u' })).toMatchObject({
      origins: ['https://a.test', 'https://b.test'],
      directory: '/elsewhere/chain',
      blockMs: 1500,
      fork: '/project/a.car',
      wanted: { chainId: 314n, network: 28 },
      balance: 5n * 10n ** 17n,
      accounts: 0,
      token: 't',
      log: 'none',
    })
    expect(read(['--in-memory'], { TROUPE_TOKEN: 'u' })).toMatchObject({ directory: undefined, token: 'u' })
  })

  it.each([
    ['port', '65535', '65536'],
    ['accounts', '1000', '1001'],
    ['block-time', '0.01', '0.009'],
    ['block-time', '86400', '86401'],
    ['chain-id', '9007199254740991', '9007199254740992'],
    ['chain-id', '1', '0'],
    ['network', '15', '14'],
    ['network', '28', '29'],
    ['balance', '999999.999999999999999999', '1000000'],
    ['balance', '0', '0.0000000000000000001'],
    ['log', 'json', 'xml'],
    ['gas', 'ethereum', 'Ethereum'],
    ['require-fidelity', 'calibrated', 'simulated'],
    ['require-fidelity', 'exact', ''],
  ])('have bounds: --%s %s, and not %s', (option, last, beyond) => {
    expect(() => read([`--${option}`, last])).not.toThrow()
    expect(() => read([`--${option}`, beyond])).toThrow(expect.objectContaining({ code: 'usage/bad-option' }))
  })

  it('do not all go together', () => {
    for (const argv of [
      ['--in-memory', '--fresh'],
      ['--in-memory', '--dir', 'a'],
      ['--gas', 'ethereum', '--actors', 'v18'],
    ])
      expect(() => read(argv)).toThrow(expect.objectContaining({ code: 'usage/bad-option' }))
  })
})
