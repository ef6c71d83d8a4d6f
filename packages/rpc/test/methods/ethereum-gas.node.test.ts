import { createProvider } from '@troupe/rpc'
import { evmRuntime } from '@troupe/runtime-evm'
import { createTroupe } from 'troupe'
import {
  type Address,
  createTestClient,
  custom,
  encodeFunctionData,
  type Hex,
  publicActions,
  walletActions,
} from 'viem'
import { localhost } from 'viem/chains'
import { describe, expect, it } from 'vitest'
import { demoAbi, demoBytecode } from '../demo-contract.ts'

const runtime = evmRuntime({ gas: 'ethereum' })
const TRANSFER = 21_000n
/** Stores the input in slot 0; made by the nine bytes before. */
const STORE: Hex = '0x6006806009 5f395ff3 5f355f5500 00'.replaceAll(' ', '') as Hex
const word = (value: number): Hex => `0x${value.toString(16).padStart(64, '0')}`

async function createClient() {
  const vm = await createTroupe({ runtimes: [runtime] })
  const provider = createProvider(vm)
  const chain = { ...localhost, id: Number(vm.chain.rules.chainId) }
  const client = createTestClient({ chain, mode: 'hardhat', transport: custom(provider) })
    .extend(publicActions)
    .extend(walletActions)
  const [alice, bob] = (await client.getAddresses()) as [Address, Address]
  return { vm, provider, client, alice, bob }
}

describe("a provider of a chain with Ethereum's gas", () => {
  it('estimates a transfer to the unit, which is what it costs', async () => {
    const { vm, client, provider, alice, bob } = await createClient()
    await using _ = vm
    expect(await client.estimateGas({ account: alice, to: bob, value: 1n })).toBe(TRANSFER)
    const hash = await client.sendTransaction({ account: alice, to: bob, value: 1n })
    const { gasUsed, status } = await client.getTransactionReceipt({ hash })
    expect([gasUsed, status]).toEqual([TRANSFER, 'success'])
    expect((await client.getTransaction({ hash })).gas).toBe(TRANSFER)
    // It has the gas that it says.
    const estimate = (gas: Hex): Promise<unknown> =>
      provider.request({ method: 'eth_estimateGas', params: [{ from: alice, to: bob, gas }] })
    expect(await estimate('0x5208')).toBe('0x5208')
    await expect(estimate('0x5207')).rejects.toThrow('21000')
    // The first byte of the input that is not zero.
    expect(await client.estimateGas({ account: alice, to: bob, data: '0x0001' })).toBe(TRANSFER + 20n)
  })

  it('estimates the least limit with which a transaction succeeds, which is more than it costs where it gives back', async () => {
    const { vm, client, alice } = await createClient()
    await using _ = vm
    const made = await client.sendTransaction({ account: alice, data: STORE })
    const { contractAddress: to } = await client.getTransactionReceipt({ hash: made })
    const send = async (data: Hex): Promise<readonly [estimate: bigint, used: bigint]> => {
      const estimate = await client.estimateGas({ account: alice, to, data })
      const hash = await client.sendTransaction({ account: alice, to, data })
      return [estimate, (await client.getTransactionReceipt({ hash })).gasUsed]
    }
    const set = TRANSFER + 31n * 4n + 16n + 7n + 22_100n
    expect(await send(word(5))).toEqual([set, set])
    const cleared = TRANSFER + 32n * 4n + 7n + 5_000n
    expect(await send(word(0))).toEqual([cleared, cleared - 4_800n])
    for (const [gas, status] of [
      [set - 1n, 'reverted'],
      [set, 'success'],
    ] as const) {
      const hash = await client.sendTransaction({ account: alice, to, data: word(5), gas })
      expect(await client.getTransactionReceipt({ hash })).toMatchObject({ gasUsed: gas, status })
    }
  })

  it('gives a call the gas that it says, less what its transaction would cost', async () => {
    const { vm, client, alice } = await createClient()
    await using _ = vm
    // Returns what gas is left.
    const data: Hex = '0x6007600a5f3960075ff35a5f5260205ff3'
    const hash = await client.sendTransaction({ account: alice, data })
    const { contractAddress: to } = await client.getTransactionReceipt({ hash })
    const answer = await client.call({ account: alice, to, gas: 100_000n })
    expect(BigInt(answer.data ?? 0)).toBe(100_000n - TRANSFER - 2n)
    await expect(client.call({ account: alice, to, gas: 20_999n })).rejects.toThrow('21000')
  })

  it('traces the gas of steps and calls, and answers calls', async () => {
    const { vm, client, provider, alice } = await createClient()
    await using _ = vm
    const made = await client.deployContract({
      ...{ abi: demoAbi, bytecode: demoBytecode, account: alice, args: [7n] },
    })
    const receipt = await client.getTransactionReceipt({ hash: made })
    const address = receipt.contractAddress as Address
    expect(await client.readContract({ abi: demoAbi, address, functionName: 'value' })).toBe(7n)
    const hash = await client.writeContract({ abi: demoAbi, address, functionName: 'spawn', account: alice })
    const { gasUsed } = await client.getTransactionReceipt({ hash })
    const again = {
      from: alice,
      to: address,
      data: encodeFunctionData({ abi: demoAbi, functionName: 'spawn' }),
    }
    const called = (await provider.request({ method: 'debug_traceCall', params: [again, 'latest'] })) as Trace
    expect(BigInt(called.gas)).toBe(gasUsed)
    const trace = async (config: object): Promise<Trace> =>
      (await provider.request({ method: 'debug_traceTransaction', params: [hash, config] })) as Trace
    const { gas, structLogs } = await trace({})
    expect(BigInt(gas)).toBe(gasUsed)
    const costs = new Map(structLogs.map(({ gasCost, op }) => [op, gasCost]))
    for (const [op, cost] of [
      ['PUSH1', 3],
      ['JUMPDEST', 1],
      ['SLOAD', 2_100],
      ['SSTORE', 22_100],
    ] as const)
      expect(costs.get(op)).toBe(cost)
    const whole = await trace({ tracer: 'callTracer' })
    expect(BigInt(whole.gasUsed)).toBe(gasUsed)
    const [created] = whole.calls ?? []
    expect(created?.type).toBe('CREATE')
    expect(BigInt(created?.gasUsed ?? 0)).toBeGreaterThan(22_100n)
    expect(BigInt(created?.gasUsed ?? 0)).toBeLessThan(gasUsed - TRANSFER - 32_000n)
  })
})

interface Trace {
  readonly type: string
  readonly gas: number
  readonly gasUsed: Hex
  readonly structLogs: readonly { readonly op: string; readonly gasCost: number }[]
  readonly calls?: readonly Trace[]
}
