import { type ConsoleLine, createRpc } from '@troupe/rpc'
import { encodeDeployData, encodeFunctionData, type Hex, pad } from 'viem'
import { describe, expect, it } from 'vitest'
import { createContractVm } from '../contract-chain.ts'
import { demoAbi, demoBytecode } from '../demo-contract.ts'

const NOBODY = '0x1212121212121212121212121212121212121212'
const encoded = (functionName: string, args: unknown[] = []): Hex =>
  encodeFunctionData({ abi: demoAbi, functionName, args } as never)

async function deployed(options: Parameters<typeof createRpc>[1] = {}) {
  const vm = await createContractVm()
  const rpc = createRpc(vm, options)
  const call = async (method: string, ...params: unknown[]): Promise<never> =>
    (await rpc.call(method, params)) as never
  const from = vm.accounts[0]?.ethereum.toLowerCase() as Hex
  const data = encodeDeployData({ abi: demoAbi, bytecode: demoBytecode, args: [5n] })
  const { contractAddress: to }: { contractAddress: Hex } = await call(
    'eth_getTransactionReceipt',
    await call('eth_sendTransaction', { from, data }),
  )
  return { vm, rpc, call, from, to }
}

describe('a call', () => {
  it('may find accounts otherwise than they are', async () => {
    const { vm, call, from, to } = await deployed()
    const read = async (where: string, overrides: object): Promise<bigint> =>
      BigInt(
        (await call('eth_call', { from, to: where, data: encoded('value') }, 'latest', overrides)) as string,
      )
    const slot = pad('0x')
    expect(await read(to, { [to]: { stateDiff: { [slot]: pad('0x2a') } } })).toBe(42n)
    expect(await read(to, { [to]: { state: { [pad('0x01')]: pad('0x2a') } } })).toBe(0n)
    const code = await call('eth_getCode', to)
    expect(await read(NOBODY, { [NOBODY]: { code, state: { [slot]: pad('0x07') }, balance: '0x1' } })).toBe(
      7n,
    )
    expect(await read(to, {})).toBe(5n)
    // Whoever has nothing may have something for a moment.
    const transfer = { from: NOBODY, to: from, value: '0xde0b6b3a7640000' }
    await expect(call('eth_call', transfer)).rejects.toMatchObject({ number: -32000 })
    expect(
      await call('eth_call', transfer, 'latest', {
        [NOBODY]: { balance: '0x8ac7230489e80000', nonce: '0x5' },
      }),
    ).toBe('0x')
    expect(
      await call('eth_estimateGas', { from, to: NOBODY, data: encoded('value') }, 'latest', {
        [NOBODY]: { code },
      }),
    ).toMatch(/^0x/u)
    expect(
      await call('debug_traceCall', { from, to: NOBODY, data: encoded('value') }, 'latest', {
        tracer: 'callTracer',
        stateOverrides: { [NOBODY]: { code } },
      }),
    ).toMatchObject({ output: pad('0x') })
    expect(await call('eth_getCode', NOBODY)).toBe('0x')
    await vm.close()
  })

  it('may be in another block', async () => {
    const { vm, call, from, to } = await deployed()
    const asked = { from, to, data: encoded('whoAmI') }
    const result: string = await call(
      'eth_call',
      asked,
      'latest',
      {},
      { number: '0x1234', time: '0x5', baseFeePerGas: '0x7' },
    )
    expect(result.slice(-4)).toBe('1234')
    await vm.close()
  })

  it.each([
    ['two kinds of storage', [{ [NOBODY]: { state: {}, stateDiff: {} } }], -32602],
    ['no address', [{ nobody: {} }], -32602],
    ['a word of 31 bytes', [{ [NOBODY]: { state: { [pad('0x')]: `0x${'00'.repeat(31)}` } } }], -32602],
    ['a precompile that moves', [{ [NOBODY]: { movePrecompileToAddress: NOBODY } }], -32004],
    [
      'an actor that there is none of',
      [{ '0xff000000000000000000000000000000000fffff': { balance: '0x1' } }],
      -32000,
    ],
    ['another coinbase', [{}, { coinbase: NOBODY }], -32004],
  ])('cannot find %s', async (_, overrides, number) => {
    const { vm, call, from, to } = await deployed()
    await expect(
      call('eth_call', { from, to, data: encoded('value') }, 'latest', ...overrides),
    ).rejects.toMatchObject({ number })
    await vm.close()
  })

  it('finds a thousand accounts otherwise, and not one more', async () => {
    const { vm, call, from, to } = await deployed()
    const accounts = Array.from({ length: 1001 }, (_, index) => [
      pad(`0x${(index + 0x10_0000).toString(16)}`, { size: 20 }),
      { balance: '0x1' },
    ])
    const read = (count: number): Promise<unknown> =>
      call(
        'eth_call',
        { from, to, data: encoded('value') },
        'latest',
        Object.fromEntries(accounts.slice(0, count)),
      )
    await read(1000)
    await expect(read(1001)).rejects.toMatchObject({ number: -32602 })
    await vm.close()
  })
})

describe('what a contract says to the console', () => {
  it('is passed on, of transactions and of calls, while somebody wants to know', async () => {
    const lines: ConsoleLine[] = []
    const { vm, rpc, call, from, to } = await deployed({ onConsole: (line) => lines.push(line) })
    const data = encoded('store', [7n, 'x'])
    const hash = await call('eth_sendTransaction', { from, to, data })
    await call('eth_call', { from, to, data })
    expect(lines).toEqual([
      { text: 'storing 7', contract: to, transactionHash: hash },
      { text: 'storing 7', contract: to, transactionHash: undefined },
    ])
    await call('hardhat_setLoggingEnabled', false)
    await call('eth_call', { from, to, data })
    await call('hardhat_setLoggingEnabled', true)
    rpc.close()
    await call('eth_sendTransaction', { from, to, data })
    expect(lines).toHaveLength(2)
    await vm.close()
  })

  it('is at most as many lines as a limit says', async () => {
    const lines: ConsoleLine[] = []
    const { vm, call, from, to } = await deployed({
      onConsole: (line) => lines.push(line),
      limits: { consoleLines: 0 },
    })
    await call('eth_call', { from, to, data: encoded('store', [7n, 'x']) })
    expect(lines).toEqual([])
    await vm.close()
  })
})
