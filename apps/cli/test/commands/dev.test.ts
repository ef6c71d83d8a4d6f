import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { InitMethod } from '@troupe/actors'
import { loadCrypto } from '@troupe/crypto'
import { decodeAddress, methodNumber } from '@troupe/hypervisor'
import { type Cid, decodeIpld, encodeIpld, type IpldValue } from '@troupe/ipld'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { describe, expect, it } from 'vitest'
import { DEV_ENV, eventually, startDev } from '../support/dev.ts'
import { run, temporaryDirectory } from '../support/run.ts'

const FIRST = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

function word(value: number): string {
  return `0x${value.toString(16).padStart(64, '0')}`
}

describe('troupe dev', () => {
  it('serves a chain with the accounts that everybody develops with, until it is asked to end', async () => {
    const { call, ended, said, signal, url } = await startDev(['--in-memory'], temporaryDirectory())
    expect(said).toMatchObject({ chainId: 31_415_926, network: 'local', actors: 'native', epoch: 0 })
    expect(said.accounts).toHaveLength(10)
    expect(said.accounts[0]).toEqual({
      ethereum: FIRST,
      delegated: 't410f6op5nzi2vwepn5gonk4ie4tzz773sitggxp4hiy',
      filecoin: 't1nqjokbjze2a2nx36kz6oq54wns4w5jcwhzuzy2i',
      privateKey: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
      balance: '10000000000000000000000',
    })
    expect(await call('eth_chainId')).toBe('0x1df5e76')
    expect(await call('web3_clientVersion')).toBe('hardhat-compatible/Troupe/0.0.0')
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', epoch: 0 })
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^troupe_store_blocks [1-9]/mu)
    signal()
    expect(await ended).toMatchObject({ status: 0, stderr: '' })
    await expect(fetch(url)).rejects.toThrow()
  })

  it('runs contracts, and keeps them', async () => {
    const directory = temporaryDirectory()
    const first = await startDev([], directory)
    // Adds the first word of its input to slot 0, and returns the sum.
    const data = '0x601c8060095f395ff35f3580600b5760205ffdfe5b5f5401805f555f5260205fa060205ff3'
    const from = first.said.accounts[0].ethereum
    const deployed = await first.call('eth_sendTransaction', [{ from, data }])
    const { contractAddress: to, status } = await first.call('eth_getTransactionReceipt', [deployed])
    expect(status).toBe('0x1')
    const added = await first.call('eth_sendTransaction', [{ from, to, data: word(40) }])
    expect((await first.call('eth_getTransactionReceipt', [added])).logs).toHaveLength(1)
    first.signal()
    await first.ended
    const second = await startDev([], directory)
    expect(await second.call('eth_call', [{ to, data: word(2) }, 'latest'])).toBe(word(42))
    expect(await second.call('eth_getTransactionReceipt', [added])).toMatchObject({ transactionHash: added })
  })

  it('shows what actors log, once for each time that they do', async () => {
    const { call, ended, signal } = await startDev(['--in-memory', '--logs'], temporaryDirectory())
    const From = (await call('Filecoin.WalletDefaultAddress')) as string
    const push = async (To: string, Method: number, params: IpldValue): Promise<IpldValue | undefined> => {
      const Params = Buffer.from(encodeIpld(params)).toString('base64')
      const { CID } = await call('Filecoin.MpoolPushMessage', [
        { To, From, Value: '0', Method, Params },
        null,
      ])
      const { Receipt } = await call('Filecoin.StateSearchMsg', [null, CID, -1, true])
      expect(Receipt.ExitCode).toBe(0)
      return Receipt.Return === null ? undefined : decodeIpld(Buffer.from(Receipt.Return, 'base64'))
    }
    const code = new TextEncoder().encode(
      `${CODE_HEADER}(function (require, exports) {
        const { defineActor, M } = require('@troupe/sdk-js');
        const guard = M.interface('Talker', { say: M.call(M.string()).returns() });
        exports.default = defineActor('Talker', { facets: { public: guard }, methods: { public: { say: (_, text) => console.log(text, [1n]) } } });
      })`,
    )
    const [cid] = (await push('t01', Number(InitMethod.INSTALL_CODE), [code])) as [Cid]
    const [address] = (await push('t01', Number(InitMethod.EXEC), [cid, new Uint8Array()])) as [Uint8Array]
    const { id } = decodeAddress(address)
    await push(`t0${id}`, Number(methodNumber(await loadCrypto(), 'Say')), ['good evening'])
    signal()
    expect((await ended).stderr).toBe(`log  f0${id}  info: good evening [1n]\n`)
  })

  it('refuses transactions whose results are not as good as they have to be', async () => {
    const { call, said } = await startDev(
      ['--in-memory', '--require-fidelity', 'calibrated'],
      temporaryDirectory(),
    )
    const from = said.accounts[0].ethereum
    // Asks for the hash of the block before, which local chains make up.
    const data = '0x60078060095f395ff360014303405000'
    const gas = '0x5f5e100'
    const deployed = await call('eth_sendTransaction', [{ from, data, gas }])
    const { contractAddress: to } = await call('eth_getTransactionReceipt', [deployed])
    expect(await call('eth_sendTransaction', [{ from, to, gas }])).toMatchObject({
      ...{ code: -32003, data: { code: 'message/fidelity' } },
      message: expect.stringContaining('simulated'),
    })
    expect(await call('eth_blockNumber')).toBe('0x1')
    expect(await call('eth_sendTransaction', [{ from, to: from, value: '0x1' }])).toMatch(/^0x\w{64}$/u)
  })

  it('tells on stderr of what blocks at intervals are made without', async () => {
    const { call, ended, said, signal } = await startDev(
      ['--in-memory', '--require-fidelity', 'calibrated', '--block-time', '0.05', '--log', 'json'],
      temporaryDirectory(),
    )
    const from = said.accounts[0].ethereum
    const gas = '0x5f5e100'
    const data = '0x60078060095f395ff360014303405000'
    const deployed = await call('eth_sendRawTransactionSync', [
      await call('eth_signTransaction', [{ from, data, gas }]),
    ])
    const raw = await call('eth_signTransaction', [{ from, to: deployed.contractAddress, gas, nonce: '0x1' }])
    const refused = { code: -32003, data: { code: 'message/fidelity' } }
    expect(await call('eth_sendRawTransactionSync', [raw])).toMatchObject(refused)
    signal()
    const lines = (await ended).stderr.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'failure', level: 'error' }),
    )
  })

  it('keeps its chain between runs, with its settings, until it is to start over', async () => {
    const directory = temporaryDirectory()
    const first = await startDev(['--chain-id', '7', '--block-time', '0.02', '--accounts', '2'], directory)
    await eventually(async () => Number(await first.call('eth_blockNumber'))).toBeGreaterThanOrEqual(3)
    first.signal()
    expect((await first.ended).status).toBe(0)
    expect(readFileSync(join(directory, '.troupe/.gitignore'), 'utf8')).toBe('*\n')

    const second = await startDev([], directory)
    expect(second.said.chainId).toBe(7)
    expect(second.said.epoch).toBeGreaterThanOrEqual(3)
    expect(await second.call('eth_blockNumber')).toBe(`0x${second.said.epoch.toString(16)}`)
    second.signal()
    await second.ended

    const third = await startDev(['--fresh', '--dir', '.troupe'], directory)
    expect(third.said).toMatchObject({ chainId: 31_415_926, epoch: 0 })
  })

  it('refuses a chain that another one has open, by the number of its process, and leaves it alone', async () => {
    const directory = temporaryDirectory()
    const { call } = await startDev([], directory)
    for (const option of [[], ['--fresh']]) {
      const second = await run(['dev', '--port', '0', ...option], { directory, env: DEV_ENV })
      expect(second).toMatchObject({ status: 1, stdout: '' })
      expect(second.stderr).toContain('error dev/locked: ')
      expect(second.stderr).toContain(String(process.pid))
    }
    expect(await call('eth_blockNumber')).toBe('0x0')
  })

  it('says what it cannot begin with', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'state.car'), 'no CAR')
    const { status, stderr } = await run(['dev', '--fork', 'state.car', '--json'], {
      directory,
      env: DEV_ENV,
    })
    expect(status).toBe(1)
    expect(JSON.parse(stderr).error.code).toMatch(/^car\//u)
  })

  it('needs a token where others reach it, and then asks for it', async () => {
    const directory = temporaryDirectory()
    const refused = await run(['dev', '--in-memory', '--host', '0.0.0.0', '--port', '0'], {
      directory,
      env: DEV_ENV,
    })
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('error server/token-required: ')
    expect(refused.stderr).toContain('do       choose a token, and give it with --token')
    const token = 'a-token-of-some-length'
    const { url } = await startDev(['--in-memory', '--host', '0.0.0.0'], directory, { TROUPE_TOKEN: token })
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(url, { method: 'POST', body: '{}', headers })).status
    expect(await ask({ authorization: 'Bearer something-else' })).toBe(401)
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(200)
  })

  it('says where its port is taken, and ends', async () => {
    const directory = temporaryDirectory()
    const { url } = await startDev(['--in-memory'], directory)
    const { status, stderr } = await run(['dev', '--in-memory', '--port', new URL(url).port], {
      directory,
      env: DEV_ENV,
    })
    expect(status).toBe(1)
    expect(stderr).toContain('error server/address: ')
    expect(stderr).toContain('do       choose another port with --port')
  })

  it('ends at once where it is asked twice, whoever it waits for', async () => {
    const { ended, signal, url } = await startDev(['--in-memory'], temporaryDirectory())
    const slow = connect(Number(new URL(url).port), '127.0.0.1')
    slow.on('error', () => undefined)
    await once(slow, 'connect')
    slow.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    signal()
    // As npm does, which passes on what the terminal has sent already.
    signal()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(await Promise.race([ended, 'still waiting'])).toBe('still waiting')
    const start = performance.now()
    signal()
    expect((await ended).status).toBe(1)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  it('draws its accounts with the warning, and tells of calls on stderr', async () => {
    const directory = temporaryDirectory()
    let end: () => void = () => undefined
    const written = Promise.withResolvers<void>()
    const running = run(['dev', '--port', '0', '--in-memory', '--accounts', '1', '--log', 'json'], {
      directory,
      env: DEV_ENV,
      onSignal: (listener) => {
        end = listener
      },
      onWrite: (_, text) => {
        if (text.startsWith('State')) written.resolve()
        const url = /^RPC {5}(\S+)/u.exec(text)?.[1]
        if (url !== undefined)
          setTimeout(async () => {
            await fetch(url, { method: 'POST', body: '{"id":1,"method":"eth_chainId"}' })
            end()
          })
      },
    })
    const { status, stderr, stdout } = await running
    expect(status).toBe(0)
    expect(stdout.replace(/in \d+ ms|:\d{2,5}/gu, '')).toBe(`troupe 0.0.0, ready${' '}

0  ${FIRST}              10,000 FIL  t410f6op5nzi2vwepn5gonk4ie4tzz773sitggxp4hiy
   0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80  t1nqjokbjze2a2nx36kz6oq54wns4w5jcwhzuzy2i

Everybody knows these accounts and their keys. Never send anything of value to them.

RPC     http://127.0.0.1  ws://127.0.0.1
Chain   id 31415926, local rules, at epoch 0
State   in memory: gone with this process
`)
    const entries = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(entries).toMatchObject([
      { level: 'info', event: 'listening' },
      { level: 'info', event: 'call', transport: 'http', method: 'eth_chainId', code: 0 },
      { level: 'info', event: 'closing' },
      { level: 'info', event: 'closed' },
    ])
    for (const { time } of entries) expect(new Date(time).toISOString()).toBe(time)
  })
})
