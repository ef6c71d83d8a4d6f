import { createRpc, type RpcError } from '@troupe/rpc'
import { createTroupe } from 'troupe'
import { describe, expect, it } from 'vitest'

const NOBODY = `0x${'12'.repeat(20)}`

describe('a transaction of an account of the chain', () => {
  it('is signed, and has its defaults', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    const [alice, bob] = vm.accounts.map(({ ethereum }) => ethereum.toLowerCase())
    const transaction = { from: alice, to: bob, value: '0x5', gas: '0x989680' }
    const hash = await rpc.call('eth_sendTransaction', [transaction])
    expect(await rpc.call('eth_getTransactionByHash', [hash])).toMatchObject({
      ...{ from: alice, to: bob, value: '0x5', type: '0x2', nonce: '0x0', gas: '0x989680' },
      ...{ maxPriorityFeePerGas: '0x186a0', yParity: expect.stringMatching(/^0x[01]$/u) },
    })
    const legacy = await rpc.call('eth_sendTransaction', [{ ...transaction, gasPrice: '0x5f5e100' }])
    expect(await rpc.call('eth_getTransactionByHash', [legacy])).toMatchObject({
      type: '0x0',
      gasPrice: '0x5f5e100',
      nonce: '0x1',
    })
    const raw = await rpc.call('eth_signTransaction', [
      { ...transaction, maxFeePerGas: '0x5f5e100', maxPriorityFeePerGas: '0x1' },
    ])
    const third = await rpc.call('eth_sendRawTransaction', [raw])
    expect(await rpc.call('eth_getRawTransactionByHash', [third])).toBe(raw)
    const next = await rpc.call('eth_signTransaction', [transaction])
    expect(await rpc.call('eth_sendRawTransactionSync', [next])).toMatchObject({
      ...{ status: '0x1', blockNumber: '0x4' },
    })
    expect(await rpc.call('eth_getTransactionReceipt', [third])).toMatchObject({
      status: '0x1',
      blockNumber: '0x3',
    })
  })

  it('is waited for as long as its sender wants, and not longer than a limit', async () => {
    await using vm = await createTroupe({ mining: 'manual' })
    const rpc = createRpc(vm, { limits: { waitMs: 20 } })
    const [alice, bob] = vm.accounts.map(({ ethereum }) => ethereum)
    for (const [nonce, timeoutMs] of [
      [0, '0x1'],
      [1, undefined],
    ] as const) {
      const transaction = { from: alice, to: bob, value: '0x1', gas: '0x989680', nonce }
      const raw = await rpc.call('eth_signTransaction', [transaction])
      const { data, number } = (await rpc
        .call('eth_sendRawTransactionSync', [raw, timeoutMs])
        .catch((error: unknown) => error)) as RpcError
      expect(number).toBe(4)
      // It is still there.
      expect(await rpc.call('eth_getTransactionByHash', [data])).toMatchObject({ blockHash: null })
    }
    const raw = await rpc.call('eth_signTransaction', [{ from: alice, to: bob, gas: '0x989680' }])
    const sent = createRpc(vm).call('eth_sendRawTransactionSync', [raw])
    await vm.mine()
    expect(await sent).toMatchObject({ status: '0x1', transactionIndex: '0x2' })
  })

  it.each([
    ['of another key', { from: NOBODY }, 4100],
    ['with an access list', { accessList: [{ address: NOBODY, storageKeys: [] }] }, -32004],
    ['of type 1', { type: '0x1' }, -32004],
    ['for another chain', { chainId: '0x1' }, -32602],
    ['with two kinds of fee', { gasPrice: '0x1', maxFeePerGas: '0x1' }, -32602],
  ])('is not signed %s', async (_, fields, number) => {
    await using vm = await createTroupe()
    const transaction = { from: vm.accounts[0]?.ethereum, to: NOBODY, gas: '0x989680', ...fields }
    await expect(createRpc(vm).call('eth_sendTransaction', [transaction])).rejects.toMatchObject({ number })
  })

  it.each([
    ['a nonce that is too high', { nonce: '0x5' }, /^nonce too high: .*wallet/u],
    ['more value than there is', { value: '0x21e19e0c9bab2400001' }, /^insufficient funds for gas/u],
    ['more gas than a block has', { gas: '0x2540be401' }, /gas/u],
  ])('is refused for %s, as clients know it', async (_, fields, message) => {
    await using vm = await createTroupe()
    const transaction = { from: vm.accounts[0]?.ethereum, to: NOBODY, gas: '0x989680', ...fields }
    await expect(createRpc(vm).call('eth_sendTransaction', [transaction])).rejects.toMatchObject({
      number: -32003,
      message: expect.stringMatching(message),
      data: { code: expect.stringMatching(/^(message|pool)\//u) },
    })
  })

  it('is refused where its bytes are none', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    for (const raw of ['0x', '0x02c0', '0xf8'])
      await expect(rpc.call('eth_sendRawTransaction', [raw])).rejects.toMatchObject({ number: -32602 })
    // A transaction, of a kind that Filecoin does not take.
    await expect(rpc.call('eth_sendRawTransaction', ['0x01c0'])).rejects.toMatchObject({ number: -32003 })
  })
})

describe('a signature', () => {
  it('is one of an account of the chain only', async () => {
    await using vm = await createTroupe()
    const rpc = createRpc(vm)
    const who = vm.accounts[0]?.ethereum
    const signature = await rpc.call('eth_sign', [who, '0x68656c6c6f'])
    expect(await rpc.call('personal_sign', ['0x68656c6c6f', who])).toBe(signature)
    expect(signature).toMatch(/^0x[0-9a-f]{128}1[bc]$/u)
    for (const [method, params] of [
      ['eth_sign', [NOBODY, '0x']],
      ['personal_sign', ['0x', NOBODY]],
      ['eth_signTypedData_v4', [NOBODY, { types: {}, primaryType: 'Mail', message: {}, domain: {} }]],
    ] as const)
      await expect(rpc.call(method, [...params])).rejects.toMatchObject({ number: 4100 })
  })

  it.each([
    ['a text that is no JSON', 'hello'],
    ['an object without types', { primaryType: 'Mail' }],
    [
      'a type that is not there',
      { types: { EIP712Domain: [] }, primaryType: 'Mail', domain: {}, message: {} },
    ],
    ['a million characters and one', ' '.repeat(1_000_001)],
  ])('is not given for %s as typed data', async (_, typed) => {
    await using vm = await createTroupe()
    const params = [vm.accounts[0]?.ethereum, typed]
    await expect(createRpc(vm).call('eth_signTypedData_v4', params)).rejects.toMatchObject({
      number: -32602,
      message: expect.stringMatching(/^typedData/u),
    })
  })
})
