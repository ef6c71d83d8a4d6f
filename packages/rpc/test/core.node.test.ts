/** What clients do most, on contracts of both kinds: run by our EVM, and by Filecoin's own EVM actor. */
import { wasmRuntime } from '@troupe/runtime-wasm'
import { type ActorsBundle, bundle, createTroupe, TroupeError } from 'troupe'
import type { Hex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { createContractVm } from './contract-chain.ts'
import { type DeployedDemo, deployDemo, encoded } from './deploy-demo.ts'
import { FORWARDER_CODE, forwarded } from './forwarder-contract.ts'

const official: ActorsBundle | undefined = await bundle('v18').catch((error: unknown) => {
  if (error instanceof TroupeError && error.code === 'bundle/unknown') return undefined
  throw error
})
const NO_BUNDLE = 'the official actors are not in the cache: troupe bundle add v18.tar.zst'

const HOSTS = [
  ['the EVM runtime', true, () => createContractVm()],
  [
    'the official EVM actor',
    false,
    () => createTroupe({ actors: official as ActorsBundle, runtimes: [wasmRuntime()] }),
  ],
] as const

const FORWARDER = `0x${'f0'.repeat(20)}`
const SLOT = `0x${'0'.repeat(64)}`
const word = (digits: string): Hex => `0x${digits.padStart(64, '0')}`

describe.each(HOSTS)('contracts of %s', (_, tellsSteps, open) => {
  let demo: DeployedDemo
  beforeAll(async () => {
    if (!tellsSteps && official === undefined) return
    demo = await deployDemo({}, await open())
    return () => demo.vm.close()
  })
  const test = (name: string, run: (demo: DeployedDemo) => Promise<void>): void =>
    it(name, ({ skip }) => {
      if (!tellsSteps && official === undefined) return skip(NO_BUNDLE)
      return run(demo)
    })

  test('are deployed, called and read', async ({ call, creation, from, to }) => {
    expect(await call('eth_getTransactionReceipt', creation)).toMatchObject({
      ...{ status: '0x1', from, to: null, contractAddress: to, logs: [] },
    })
    expect(await call('eth_call', { to, data: encoded('value') })).toBe(word('5'))
    expect(await call('eth_getStorageAt', to, '0x0')).toBe(word('5'))
    expect(await call('eth_getTransactionCount', to)).toBe('0x1')
    const code: string = await call('eth_getCode', to)
    expect(await call('eth_getAccountInfo', to)).toEqual({ balance: '0x0', nonce: '0x1', code })
    const data = encoded('require42', [1n])
    for (const method of ['eth_call', 'eth_estimateGas'])
      await expect(call(method, { from, to, data })).rejects.toMatchObject({
        number: 3,
        data: expect.stringMatching(/^0x08c379a0/u),
      })
  })

  test('log, and are found by it; gas is what was estimated or less', async ({ call, from, send, to }) => {
    const data = encoded('store', [7n, 'x'])
    const estimate = BigInt(await call('eth_estimateGas', { from, to, data }))
    const nonce = BigInt(await call('eth_getTransactionCount', from, 'pending'))
    const hash = await send(data, { value: '0x3' })
    const receipt: { gasUsed: Hex; blockNumber: Hex; logs: object[]; status: string } = await call(
      'eth_getTransactionReceipt',
      hash,
    )
    expect([receipt.status, receipt.logs.length]).toEqual(['0x1', 1])
    expect(BigInt(receipt.gasUsed)).toBeLessThan(estimate)
    expect(BigInt(receipt.gasUsed) * 2n).toBeGreaterThan(estimate)
    expect(BigInt(await call('eth_getTransactionCount', from))).toBe(nonce + 1n)
    const { blockNumber: fromBlock } = receipt
    expect(await call('eth_getLogs', { fromBlock, address: to })).toEqual(receipt.logs)
    expect(await call('eth_getBalance', to)).toBe('0x3')
  })

  test('are told of call by call, and by the state that they touched', async ({ call, from, to }) => {
    await call('hardhat_setCode', FORWARDER, FORWARDER_CODE)
    await call('hardhat_setStorageAt', to, '0x0', word('9'))
    const request = { from, to: FORWARDER, data: forwarded(to, encoded('store', [8n, 'x'])) }
    const traced = (tracer: string, tracerConfig: object = {}): Promise<never> =>
      call('debug_traceCall', request, 'latest', { tracer, tracerConfig })
    expect(await traced('callTracer', { withLog: true })).toMatchObject({
      ...{ type: 'CALL', from, to: FORWARDER, output: word('9') },
      logs: [{ address: FORWARDER, position: '0x1', index: '0x1' }],
      calls: [
        {
          ...{ type: 'CALL', from: FORWARDER, to, input: encoded('store', [8n, 'x']), output: word('9') },
          logs: [{ address: to, position: '0x0', index: '0x0' }],
        },
      ],
    })
    expect(await traced('prestateTracer', { diffMode: true })).toMatchObject({
      pre: { [to]: { storage: { [SLOT]: word('9') } } },
      post: { [to]: { storage: { [SLOT]: word('8') } } },
    })
    const pre: Record<string, { storage?: object }> = await traced('prestateTracer')
    expect(pre[to]?.storage).toEqual({ [SLOT]: word('9') })
    const steps = call('debug_traceCall', request, 'latest')
    if (tellsSteps) await expect(steps).resolves.toMatchObject({ failed: false })
    else await expect(steps).rejects.toMatchObject({ number: -32004 })
  })

  test('create others, and fail to', async ({ call, data, from, send, to }) => {
    const spawned = await send(encoded('spawn'))
    const [outer, inner]: { result: { address?: Hex } }[] = await call('trace_transaction', spawned)
    expect(outer).toMatchObject({ type: 'call', action: { to } })
    expect(inner).toMatchObject({ type: 'create', action: { from: to, creationMethod: 'create' } })
    expect(await call('eth_getCode', inner?.result.address)).toMatch(/^0x60/u)
    expect(await call('eth_getTransactionCount', to)).toBe('0x2')
    // Without its parameter the constructor reverts.
    const failed = await call('eth_sendTransaction', { from, data: data.slice(0, -64), gas: '0x5f5e100' })
    expect(await call('eth_getTransactionReceipt', failed)).toMatchObject({
      ...{ status: '0x0', contractAddress: null, to: null, logs: [] },
    })
  })

  test('are simulated', async ({ call, from, to }) => {
    const [first, second]: { calls: object[] }[] = await call('eth_simulateV1', {
      blockStateCalls: [
        { calls: [{ from, to, data: encoded('store', [3n, '']), value: '0x1' }] },
        {
          calls: [
            { to, data: encoded('value') },
            { to, data: encoded('custom') },
          ],
        },
      ],
      traceTransfers: true,
    })
    expect(first?.calls).toMatchObject([
      { status: '0x1', logs: [{ topics: { length: 3 } }, { address: to }] },
    ])
    expect(second?.calls).toMatchObject([{ returnData: word('3') }, { error: { code: 3 } }])
  })
})
