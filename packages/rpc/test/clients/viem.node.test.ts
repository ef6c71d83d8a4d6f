import { createProvider } from '@troupe/rpc'
import type { Troupe } from 'troupe'
import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  getContract,
  type Hex,
  parseEther,
  publicActions,
  verifyMessage,
  verifyTypedData,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { createContractVm } from '../contract-chain.ts'
import { demoAbi, demoBytecode } from '../demo-contract.ts'

const chain = defineChain({
  id: 31_415_926,
  name: 'local',
  nativeCurrency: { name: 'FIL', symbol: 'FIL', decimals: 18 },
  rpcUrls: { default: { http: [] } },
})

/** It asks four times where a contract reverts, because it does not know the number 3 of providers. */
const transportOf = (vm: Troupe) => custom(createProvider(vm), { retryCount: 0 })

function clientOf(vm: Troupe, index = 0) {
  const [account] = vm.accounts.slice(index)
  const secretKey: Hex = `0x${Buffer.from(account?.secretKey ?? []).toString('hex')}`
  return createWalletClient({
    ...{ chain, account: privateKeyToAccount(secretKey) },
    transport: transportOf(vm),
    pollingInterval: 20,
  }).extend(publicActions)
}

describe('viem, unmodified,', () => {
  it('sends value, signed by its own account or by one of the chain', async () => {
    await using vm = await createContractVm()
    const client = clientOf(vm)
    const to = vm.accounts[1]?.ethereum as Address
    const hash = await client.sendTransaction({ to, value: parseEther('1.5') })
    const receipt = await client.waitForTransactionReceipt({ hash })
    expect(receipt).toMatchObject({
      status: 'success',
      transactionHash: hash,
      blockNumber: 1n,
      type: 'eip1559',
    })
    expect(await client.getBalance({ address: to })).toBe(parseEther('10001.5'))
    expect(await client.getTransaction({ hash })).toMatchObject({
      from: client.account.address.toLowerCase(),
      value: parseEther('1.5'),
      typeHex: '0x2',
    })
    expect(await client.getTransactionCount(client.account)).toBe(1)

    const node = createWalletClient({ chain, transport: transportOf(vm) })
    const [first] = await node.getAddresses()
    const second = await node.sendTransaction({ account: first as Address, to, value: 1n })
    expect(await client.getTransactionReceipt({ hash: second })).toMatchObject({ status: 'success' })
    const legacy = await client.sendTransaction({ to, value: 1n, gasPrice: await client.getGasPrice() })
    expect(await client.getTransactionReceipt({ hash: legacy })).toMatchObject({
      status: 'success',
      type: 'legacy',
    })
    expect(await client.getBlock({ includeTransactions: true })).toMatchObject({
      number: 3n,
      transactions: [{ hash: legacy }],
    })
    expect((await client.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] })).reward).toHaveLength(2)
  })

  it('signs messages and typed data with accounts of the chain', async () => {
    await using vm = await createContractVm()
    const node = createWalletClient({ chain, transport: transportOf(vm) })
    const account = vm.accounts[2]?.ethereum as Address
    const signature = await node.signMessage({ account, message: 'hello' })
    expect(await verifyMessage({ address: account, message: 'hello', signature })).toBe(true)
    const typed = {
      domain: { name: 'Demo', chainId: 31_415_926n },
      types: {
        Mail: [
          { name: 'to', type: 'address' },
          { name: 'body', type: 'string' },
          { name: 'ids', type: 'uint256[]' },
        ],
      },
      primaryType: 'Mail',
      message: { to: account, body: 'hi', ids: [1n, 2n] },
    } as const
    const typedSignature = await node.signTypedData({ account, ...typed })
    expect(await verifyTypedData({ address: account, ...typed, signature: typedSignature })).toBe(true)
  })

  it('deploys, reads, writes, and hears of events', async () => {
    await using vm = await createContractVm()
    const client = clientOf(vm)
    const hash = await client.deployContract({ abi: demoAbi, bytecode: demoBytecode, args: [5n], value: 3n })
    const { contractAddress: address } = await client.waitForTransactionReceipt({ hash })
    const demo = getContract({ abi: demoAbi, address: address as Address, client })
    expect(await demo.read.value()).toBe(5n)
    expect(await client.getBalance({ address: demo.address })).toBe(3n)
    expect((await demo.read.owner()).toLowerCase()).toBe(client.account.address.toLowerCase())

    const heard: unknown[] = []
    const unwatch = demo.watchEvent.Stored(
      {},
      { onLogs: (logs) => heard.push(...logs.map(({ args }) => args)) },
    )
    // The filter is made in the meantime.
    await new Promise((resolve) => setTimeout(resolve, 30))
    const { result, request } = await demo.simulate.store([7n, 'a note'])
    expect(result).toBe(5n)
    const written = await client.waitForTransactionReceipt({ hash: await client.writeContract(request) })
    expect(written.logs).toHaveLength(1)
    await expect
      .poll(() => heard, { timeout: 5000 })
      .toEqual([{ who: client.account.address, value: 7n, note: 'a note' }])
    unwatch()
    expect(await demo.getEvents.Stored({ who: client.account.address }, { fromBlock: 0n })).toMatchObject([
      { transactionHash: written.transactionHash, logIndex: 0, args: { value: 7n } },
    ])
    expect(await demo.getEvents.Stored({ who: demo.address }, { fromBlock: 0n })).toEqual([])
    expect(await client.getStorageAt({ address: demo.address, slot: '0x0' })).toBe(
      `0x${'7'.padStart(64, '0')}`,
    )
    expect(await client.getCode({ address: demo.address })).toMatch(/^0x6080/u)
  })

  it('is told why a contract reverts', async () => {
    await using vm = await createContractVm()
    const client = clientOf(vm)
    const hash = await client.deployContract({ abi: demoAbi, bytecode: demoBytecode, args: [5n] })
    const { contractAddress } = await client.getTransactionReceipt({ hash })
    const demo = { abi: demoAbi, address: contractAddress as Address }
    const reverted = async (work: Promise<unknown>): Promise<ContractFunctionRevertedError> => {
      const error: unknown = await work.catch((reason: unknown) => reason)
      if (!(error instanceof BaseError)) return expect.fail(String(error))
      return error.walk(
        (inner) => inner instanceof ContractFunctionRevertedError,
      ) as ContractFunctionRevertedError
    }
    const refused = await reverted(client.readContract({ ...demo, functionName: 'require42', args: [41n] }))
    expect(refused.reason).toBe('not the answer')
    const custom = await reverted(client.readContract({ ...demo, functionName: 'custom' }))
    expect(custom.data).toMatchObject({ errorName: 'Unauthorized', args: [expect.any(String), 7n] })
    const panic = await reverted(client.readContract({ ...demo, functionName: 'panics', args: [0n] }))
    expect(panic.reason).toContain('zero')
    // The estimate of a transaction tells it too.
    await expect(client.sendTransaction({ to: demo.address, data: '0xdeadbeef' })).rejects.toThrow(/revert/u)
  })

  it('simulates calls, and blocks of them', async () => {
    await using vm = await createContractVm()
    const client = clientOf(vm)
    const hash = await client.deployContract({ abi: demoAbi, bytecode: demoBytecode, args: [5n] })
    const { contractAddress } = await client.getTransactionReceipt({ hash })
    const demo = { abi: demoAbi, to: contractAddress as Address }
    const { results } = await client.simulateCalls({
      account: client.account,
      calls: [
        { ...demo, functionName: 'store', args: [7n, 'x'] },
        { ...demo, functionName: 'value' },
      ],
    })
    expect(results.map(({ result, status }) => [status, result])).toEqual([
      ['success', 5n],
      ['success', 7n],
    ])
    const rich = `0x${'c0'.repeat(20)}` as const
    const [block] = await client.simulateBlocks({
      blocks: [
        {
          blockOverrides: { number: 20n },
          stateOverrides: [{ address: rich, balance: parseEther('1') }],
          calls: [
            { account: rich, to: client.account.address, value: 1n },
            { ...demo, account: rich, functionName: 'require42', args: [7n] },
          ],
        },
      ],
      traceTransfers: true,
    })
    expect(block).toMatchObject({
      number: 20n,
      calls: [{ logs: [{ data: expect.stringMatching(/1$/u) }] }, {}],
    })
    expect(block?.calls[1].error?.message).toContain('not the answer')
  })

  it('is refused as clients know it', async () => {
    await using vm = await createContractVm()
    const client = clientOf(vm)
    const to = vm.accounts[1]?.ethereum as Address
    const gas = 10_000_000n
    await expect(client.sendTransaction({ to, gas, nonce: 5 })).rejects.toThrow(/[Nn]once/u)
    await expect(client.sendTransaction({ to, gas, value: 2n * 10n ** 22n })).rejects.toThrow(
      /exceeds the balance|insufficient funds/u,
    )
    const public_ = createPublicClient({ chain, transport: transportOf(vm) })
    await expect(public_.getProof({ address: to, storageKeys: [] })).rejects.toThrow(/trie/u)
  })
})
