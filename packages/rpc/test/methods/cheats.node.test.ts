import { createRpc } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { decodeFunctionResult, encodeDeployData, encodeFunctionData, type Hex, pad } from 'viem'
import { describe, expect, it } from 'vitest'
import { createContractVm } from '../contract-chain.ts'
import { demoAbi, demoBytecode } from '../demo-contract.ts'

const NOBODY = '0x1212121212121212121212121212121212121212'
const encoded = (functionName: string, args: unknown[] = []): Hex =>
  encodeFunctionData({ abi: demoAbi, functionName, args } as never)

describe('the state', () => {
  it('has whatever balance and nonce an account is given', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    await rpc.call('hardhat_setBalance', [NOBODY, '0x1234'])
    expect(await rpc.call('eth_getBalance', [NOBODY])).toBe('0x1234')
    await rpc.call('anvil_addBalance', [NOBODY, '0x1'])
    expect(await rpc.call('eth_getBalance', [NOBODY])).toBe('0x1235')
    await rpc.call('hardhat_setNonce', [NOBODY, '0x7'])
    expect(await rpc.call('eth_getTransactionCount', [NOBODY])).toBe('0x7')
    await expect(rpc.call('hardhat_setNonce', [NOBODY, '0x6'])).rejects.toMatchObject({
      data: { code: 'edit/sequence' },
    })
    // The last block has it by whatever name it is called.
    const { hash, number } = (await rpc.call('eth_getBlockByNumber', ['latest'])) as {
      hash: string
      number: string
    }
    for (const block of ['latest', number, hash, { blockHash: hash, requireCanonical: true }])
      expect(await rpc.call('eth_getBalance', [NOBODY, block])).toBe('0x1235')
    await vm.mine()
    expect(await rpc.call('eth_getBalance', [NOBODY])).toBe('0x1235')
  })

  it('has whatever code, storage and nonce a contract is given', async () => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    const from = vm.accounts[0]?.ethereum
    const data = encodeDeployData({ abi: demoAbi, bytecode: demoBytecode, args: [5n] })
    const hash = await rpc.call('eth_sendTransaction', [{ from, data }])
    const { contractAddress } = (await rpc.call('eth_getTransactionReceipt', [hash])) as {
      contractAddress: Hex
    }
    await rpc.call('hardhat_setStorageAt', [contractAddress, '0x0', pad('0x2a')])
    const read = async (to: string): Promise<bigint> =>
      BigInt((await rpc.call('eth_call', [{ to, data: encoded('value') }])) as string)
    expect(await read(contractAddress)).toBe(42n)
    await rpc.call('anvil_setNonce', [contractAddress, '0x9'])
    expect(await rpc.call('eth_getTransactionCount', [contractAddress])).toBe('0x9')

    const code = await rpc.call('eth_getCode', [contractAddress])
    await rpc.call('hardhat_setCode', [NOBODY, code])
    expect(await rpc.call('eth_getCode', [NOBODY])).toBe(code)
    expect(await read(NOBODY)).toBe(0n)
    await rpc.call('anvil_setStorageAt', [NOBODY, '0x0', pad('0x07')])
    await vm.mine()
    expect(await read(NOBODY)).toBe(7n)
    await rpc.call('anvil_setStorageAt', [NOBODY, '0x0', pad('0x')])
    expect(await rpc.call('eth_getStorageAt', [NOBODY, '0x0'])).toBe(pad('0x'))
    // A whole block is executed again with all of it.
    await rpc.call('eth_sendTransaction', [{ from, to: NOBODY, data: encoded('store', [3n, 'x']) }])
    expect(await read(NOBODY)).toBe(3n)
    expect(await vm.exportWitness()).toBeInstanceOf(Uint8Array)
  })
})

describe('an address whose key nobody has', () => {
  it('sends transactions while it is impersonated', async () => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    await rpc.call('hardhat_setBalance', [NOBODY, '0xde0b6b3a7640000'])
    const transaction = { from: NOBODY, to: vm.accounts[1]?.ethereum, value: '0x5' }
    await expect(rpc.call('eth_sendTransaction', [transaction])).rejects.toMatchObject({ number: 4100 })
    await rpc.call('hardhat_impersonateAccount', [NOBODY])
    const hash = await rpc.call('eth_sendTransaction', [transaction])
    expect(await rpc.call('eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x1', from: NOBODY })
    expect(await rpc.call('hardhat_stopImpersonatingAccount', [NOBODY])).toBe(true)
    expect(await rpc.call('anvil_stopImpersonatingAccount', [NOBODY])).toBeNull()
    await expect(rpc.call('eth_sendTransaction', [transaction])).rejects.toMatchObject({ number: 4100 })
    await rpc.call('anvil_autoImpersonateAccount', [true])
    await rpc.call('eth_sendTransaction', [transaction])
    await rpc.call('anvil_autoImpersonateAccount', [false])
    await expect(rpc.call('eth_sendTransaction', [transaction])).rejects.toMatchObject({ number: 4100 })
  })

  it('may be a contract, whose transactions are free', async () => {
    await using vm = await createContractVm()
    const rpc = createRpc(vm)
    const data = encodeDeployData({ abi: demoAbi, bytecode: demoBytecode, args: [5n] })
    const hash = await rpc.call('eth_sendTransaction', [{ from: vm.accounts[0]?.ethereum, data }])
    const { contractAddress: from } = (await rpc.call('eth_getTransactionReceipt', [hash])) as {
      contractAddress: Hex
    }
    await rpc.call('anvil_impersonateAccount', [from])
    const sent = await rpc.call('eth_sendTransaction', [
      { from, to: from, data: encoded('store', [9n, 'self']) },
    ])
    expect(await rpc.call('eth_getTransactionReceipt', [sent])).toMatchObject({
      status: '0x1',
      from,
      to: from,
      logs: [{ address: from }],
    })
    const [sender] = decodeFunctionResult({
      ...{ abi: demoAbi, functionName: 'whoAmI' },
      data: (await rpc.call('eth_call', [{ from, to: from, data: encoded('whoAmI') }])) as Hex,
    })
    expect(sender.toLowerCase()).toBe(from)
  })
})

describe('the pool', () => {
  it('tells what waits, and forgets what it is told to', async () => {
    await using vm = await createTroupe({ mining: 'manual' })
    const rpc = createRpc(vm)
    const [alice, bob] = vm.accounts.map(({ ethereum }) => ethereum.toLowerCase())
    const send = (from: unknown, nonce: number) =>
      rpc.call('eth_sendTransaction', [{ from, to: bob, value: '0x5', gas: '0x989680', nonce }])
    const first = await send(alice, 0)
    const gapped = await send(alice, 2)
    const other = await send(bob, 0)
    expect(await rpc.call('txpool_status')).toEqual({ pending: '0x2', queued: '0x1' })
    expect(await rpc.call('txpool_content')).toMatchObject({
      pending: { [alice ?? '']: { 0: { hash: first } }, [bob ?? '']: { 0: { hash: other } } },
      queued: { [alice ?? '']: { 2: { hash: gapped, blockNumber: null } } },
    })
    expect(await rpc.call('txpool_inspect')).toMatchObject({
      queued: { [alice ?? '']: { 2: expect.stringContaining('5 wei') } },
    })
    expect(await rpc.call('hardhat_dropTransaction', [gapped])).toBe(true)
    expect(await rpc.call('anvil_dropTransaction', [gapped])).toBe(false)
    await rpc.call('anvil_removePoolTransactions', [alice])
    expect(await rpc.call('txpool_status')).toEqual({ pending: '0x1', queued: '0x0' })
    await rpc.call('anvil_dropAllTransactions')
    expect(vm.pool.size).toBe(0)
  })
})

describe('what cannot be honest', () => {
  it.each([
    'hardhat_setNextBlockBaseFeePerGas',
    'hardhat_setMinGasPrice',
    'hardhat_setCoinbase',
    'hardhat_setPrevRandao',
    'evm_setBlockGasLimit',
    'anvil_dumpState',
    'eth_coinbase',
    'eth_createAccessList',
  ])('says why: %s', async (method) => {
    await using vm = await createTroupe()
    await expect(createRpc(vm).call(method, ['0x1'])).rejects.toMatchObject({
      number: -32004,
      message: expect.stringMatching(new RegExp(`^${method}: .{20}`, 'u')),
    })
  })
})
