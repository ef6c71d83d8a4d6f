import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { cacheDirectories } from '../../src/cache-directories.ts'
import { startChain } from '../../src/dev/start-chain.ts'
import { ReportedError } from '../../src/reported-error.ts'
import { DEV_ENV } from '../support/dev.ts'

const setup = {
  ...{
    accounts: 1,
    balance: 5n,
    blockMs: undefined,
    directory: undefined,
    fork: undefined,
    isFresh: false,
    showsLogs: false,
  },
  requireFidelity: undefined,
  wanted: { actors: undefined, chainId: undefined, network: undefined, gas: undefined },
  caches: cacheDirectories({ env: DEV_ENV, platform: process.platform, home: '/' }),
  clientVersion: 'Test/1',
}
const call = { jsonrpc: '2.0', id: 1, method: 'web3_clientVersion', params: [] }

describe('the thread of a chain', () => {
  it('answers calls until it is closed', async () => {
    const chain = await startChain(setup, () => undefined)
    expect(chain.report.accounts.map(({ balance }) => balance)).toEqual([5n])
    expect((await chain.endpoint.answer(call))?.text).toContain('Test/1')
    await chain.close()
    expect(await chain.ended).toBeUndefined()
    await expect(chain.endpoint.answer(call)).rejects.toThrow('has ended')
    await chain.close()
  })

  it('ends at once where it has to', async () => {
    const chain = await startChain(setup, () => undefined)
    await chain.kill()
    await chain.ended
    await expect(chain.endpoint.read()).rejects.toThrow('has ended')
  })

  it('says why there is no chain', async () => {
    const fork = fileURLToPath(import.meta.url)
    const refused = await startChain({ ...setup, fork }, () => undefined).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ReportedError)
    expect((refused as ReportedError).report.code).toMatch(/^car\//u)
  })
})
