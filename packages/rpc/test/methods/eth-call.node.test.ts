import { CborWriter } from '@troupe/ipld'
import { createRpc, type Rpc } from '@troupe/rpc'
import type { Troupe } from 'troupe'
import {
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  hexToBytes,
} from 'viem'
import { describe, expect, it } from 'vitest'
import { createContractVm } from '../contract-chain.ts'
import { demoAbi, demoBytecode } from '../demo-contract.ts'

const encoded = (functionName: string, args: unknown[] = []): Hex =>
  encodeFunctionData({ abi: demoAbi, functionName, args } as never)

async function deployed(vm: Troupe, rpc: Rpc): Promise<Hex> {
  const initcode = encodeDeployData({ abi: demoAbi, bytecode: demoBytecode, args: [5n] })
  const params = new CborWriter().bytes(hexToBytes(initcode)).finish()
  await vm.send({ from: vm.accounts[0]?.delegated ?? '', to: 10n, method: 4n, params })
  const [receipt] = (await rpc.call('eth_getBlockReceipts', ['latest'])) as unknown as {
    contractAddress: Hex
  }[]
  return receipt?.contractAddress ?? '0x'
}

describe('a contract', () => {
  it('is called without a transaction, by anyone and at any block', async () => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    const to = await deployed(vm, rpc)
    const call = async (data: Hex, from?: string): Promise<Hex> =>
      (await rpc.call('eth_call', [{ from, to, data }, 'latest'])) as Hex
    expect(BigInt(await call(encoded('value')))).toBe(5n)
    for (const from of [vm.accounts[0]?.ethereum, `0x${'12'.repeat(20)}`, to]) {
      const [sender, chainId] = decodeFunctionResult({
        ...{ abi: demoAbi, functionName: 'whoAmI' },
        data: await call(encoded('whoAmI'), from),
      })
      expect([sender.toLowerCase(), chainId]).toEqual([from?.toLowerCase(), 31_415_926n])
    }
    expect(await rpc.call('eth_call', [{ to, data: encoded('value') }, '0x0'])).toBe('0x')
    // What a transfer costs on Ethereum is said by clients that ask first whether one would fail.
    const other = vm.accounts[1]?.ethereum
    for (const method of ['eth_call', 'eth_estimateGas'])
      expect(await rpc.call(method, [{ from: vm.accounts[0]?.ethereum, to: other, gas: '0x5208' }])).toMatch(
        /^0x/u,
      )
    // Both names of the input may be there where they agree.
    expect(await rpc.call('eth_call', [{ to, data: encoded('value'), input: encoded('value') }])).toMatch(
      /5$/u,
    )
    await expect(rpc.call('eth_call', [{ to, data: '0x01', input: '0x02' }])).rejects.toMatchObject({
      number: -32602,
    })
  })

  it('has code, storage and a number of contracts created', async () => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    const to = await deployed(vm, rpc)
    expect(demoBytecode).toContain(((await rpc.call('eth_getCode', [to])) as string).slice(2, 200))
    expect(await rpc.call('eth_getStorageAt', [to, '0x0'])).toBe(`0x${'5'.padStart(64, '0')}`)
    expect(await rpc.call('eth_getStorageAt', [to, `0x${'7'.padStart(64, '0')}`])).toBe(`0x${'0'.repeat(64)}`)
    expect(await rpc.call('eth_getTransactionCount', [to])).toBe('0x1')
    expect(await rpc.call('eth_getTransactionCount', [to, 'pending'])).toBe('0x1')
    expect(await rpc.call('eth_getCode', [to, '0x0'])).toBe('0x')
  })

  it('gives its code where it is created by a call', async () => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    const to = await deployed(vm, rpc)
    const data = encodeDeployData({ abi: demoAbi, bytecode: demoBytecode, args: [9n] })
    expect(await rpc.call('eth_call', [{ data, from: vm.accounts[0]?.ethereum }])).toBe(
      await rpc.call('eth_getCode', [to]),
    )
    expect(await rpc.call('eth_call', [{ data }])).toMatch(/^0x6080/u)
  })

  it.each([
    ['require42', [41n], 'execution reverted: not the answer', '0x08c379a0'],
    ['panics', [0n], 'execution reverted: panic: division or modulo by zero (0x12)', '0x4e487b71'],
    ['custom', [], 'execution reverted: custom error 0xda472023, with 64 bytes of parameters', '0xda472023'],
  ])('tells why it reverted: %s', async (name, args, message, data) => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    const to = await deployed(vm, rpc)
    for (const method of ['eth_call', 'eth_estimateGas'])
      await expect(rpc.call(method, [{ to, data: encoded(name, args) }])).rejects.toMatchObject({
        number: 3,
        message,
        data: expect.stringContaining(data),
      })
  })

  it('is estimated after what its sender has in the pool', async () => {
    await using vm = await createContractVm({ mining: 'manual' })
    const rpc = createRpc(vm, { limits: { pendingMessages: 2 } })
    const from = vm.accounts[0]?.ethereum as Hex
    const send = async (transaction: object): Promise<Hex> =>
      (await rpc.call('eth_sendTransaction', [{ from, ...transaction }])) as Hex
    const hashes = [
      await send({ data: encodeDeployData({ abi: demoAbi, bytecode: demoBytecode, args: [5n] }) }),
    ]
    const to = getContractAddress({ from, nonce: 0n })
    const call = { from, to, data: encoded('store', [7n, 'x']) }
    // Where there is no contract yet, a call of it is another thing.
    const [latest, pending, usual] = await Promise.all(
      [['latest'], ['pending'], []].map(async (block) =>
        BigInt((await rpc.call('eth_estimateGas', [call, ...block])) as Hex),
      ),
    )
    expect(latest).not.toBe(pending)
    expect(usual).toBe(pending)
    hashes.push(await send(call))
    await expect(send({ ...call, gas: '0x5f5e100' })).resolves.toMatch(/^0x/u)
    await expect(send(call)).rejects.toMatchObject({ number: -32005 })
    await vm.mine()
    for (const hash of hashes)
      expect(await rpc.call('eth_getTransactionReceipt', [hash])).toMatchObject({
        status: '0x1',
        blockNumber: '0x1',
      })
  })

  it('is not estimated after more gas than a block has', async () => {
    await using vm = await createContractVm({ mining: 'manual' })
    const rpc = createRpc(vm)
    const [from, to] = vm.accounts.map(({ ethereum }) => ethereum)
    const send = (gas: string): Promise<unknown> => rpc.call('eth_sendTransaction', [{ from, to, gas }])
    await send('0x12a05f200')
    await send('0x12a05f200')
    await expect(rpc.call('eth_estimateGas', [{ from, to }])).resolves.toMatch(/^0x/u)
    await send('0x989680')
    await expect(rpc.call('eth_estimateGas', [{ from, to }])).rejects.toMatchObject({ number: -32005 })
    await expect(rpc.call('eth_estimateGas', [{ from, to }, 'latest'])).resolves.toMatch(/^0x/u)
  })

  it('needs as much gas as an estimate says, of which a part is kept by callers', async () => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    const to = await deployed(vm, rpc)
    const from = vm.accounts[0]?.ethereum
    for (const data of [encoded('spawn'), encoded('store', [7n, 'note'])]) {
      const gas = BigInt((await rpc.call('eth_estimateGas', [{ from, to, data }])) as string)
      const params = new CborWriter().bytes(hexToBytes(data)).finish()
      const outcome = await vm.send({
        ...{ from: vm.accounts[0]?.delegated ?? '', to, params },
        method: 3_844_450_837n,
        gasLimit: gas,
      })
      expect(outcome.gas.used).toBeLessThanOrEqual(gas)
    }
    // The event is a log of the block, and the filter of the block has it.
    const [receipt] = (await rpc.call('eth_getBlockReceipts', ['latest'])) as unknown as Record<
      string,
      unknown
    >[]
    expect(receipt).toMatchObject({
      status: '0x1',
      logs: [{ address: to, logIndex: '0x0', transactionHash: receipt?.['transactionHash'] }],
    })
    expect(receipt?.['logsBloom']).not.toBe(`0x${'0'.repeat(512)}`)
    expect(await rpc.call('eth_getBlockByNumber', ['latest'])).toMatchObject({
      logsBloom: receipt?.['logsBloom'],
    })
  })
})
