import { createProvider } from '@troupe/rpc'
import {
  BrowserProvider,
  ContractFactory,
  hexlify,
  isError,
  verifyMessage,
  verifyTypedData,
  Wallet,
} from 'ethers'
import type { Troupe } from 'troupe'
import { describe, expect, it } from 'vitest'
import { createContractVm } from '../contract-chain.ts'
import { demoAbi, demoBytecode } from '../demo-contract.ts'

function providerOf(vm: Troupe): BrowserProvider {
  const provider = new BrowserProvider(createProvider(vm), undefined, { cacheTimeout: -1 })
  provider.pollingInterval = 20
  return provider
}

describe('ethers, unmodified,', () => {
  it('sends value, signed by a wallet or by an account of the chain', async () => {
    await using vm = await createContractVm()
    const provider = providerOf(vm)
    const [alice, bob] = vm.accounts
    const wallet = new Wallet(hexlify(alice?.secretKey ?? ''), provider)
    const sent = await wallet.sendTransaction({ to: bob?.ethereum ?? '', value: 5n })
    expect(await sent.wait()).toMatchObject({ status: 1, blockNumber: 1, hash: sent.hash })
    const signer = await provider.getSigner(1)
    expect(signer.address).toBe(bob?.ethereum)
    const back = await signer.sendTransaction({ to: wallet.address, value: 2n })
    await back.wait()
    expect(await provider.getTransaction(back.hash)).toMatchObject({
      from: bob?.ethereum,
      value: 2n,
      blockNumber: 2,
    })
    expect(await provider.getBlock('latest', true)).toMatchObject({
      number: 2,
      prefetchedTransactions: [{ hash: back.hash }],
    })
    // A message that was no transaction is one to its readers.
    const { hash } = await vm.send({ from: alice?.address ?? '', to: bob?.ethereum ?? '', value: 1n })
    expect(await provider.getTransaction(hash)).toMatchObject({ hash, value: 1n })
    expect((await provider.getTransactionReceipt(hash))?.status).toBe(1)
    expect(await provider.getFeeData()).toMatchObject({ maxPriorityFeePerGas: 100_000n })
    provider.destroy()
  })

  it('signs messages and typed data with accounts of the chain', async () => {
    await using vm = await createContractVm()
    const provider = providerOf(vm)
    const signer = await provider.getSigner(3)
    expect(verifyMessage('hello', await signer.signMessage('hello'))).toBe(signer.address)
    const domain = { name: 'Demo', chainId: 31_415_926 }
    const types = {
      Mail: [
        { name: 'to', type: 'address' },
        { name: 'body', type: 'bytes' },
      ],
    }
    const mail = { to: signer.address, body: '0x1234' }
    expect(verifyTypedData(domain, types, mail, await signer.signTypedData(domain, types, mail))).toBe(
      signer.address,
    )
    provider.destroy()
  })

  it('deploys, reads, writes, hears of events, and is told why a contract reverts', async () => {
    await using vm = await createContractVm()
    const provider = providerOf(vm)
    const signer = await provider.getSigner(0)
    const factory = new ContractFactory([...demoAbi] as never, demoBytecode, signer)
    const demo = (await (await factory.deploy(5n)).waitForDeployment()) as ReturnType<typeof factory.attach> &
      Record<string, never>
    const functions = demo as unknown as Record<
      string,
      ((...args: unknown[]) => Promise<never>) & { staticCall: (...args: unknown[]) => Promise<unknown> }
    >
    expect(await functions['value']?.()).toBe(5n)
    const heard: unknown[] = []
    await demo.on('Stored', (who: string, value: bigint, note: string) => heard.push([who, value, note]))
    // It looks for the last block in the meantime, and hears of what comes after.
    await new Promise((resolve) => setTimeout(resolve, 100))
    const sent: { wait: () => Promise<{ logs: unknown[] }> } = await (functions['store']?.(
      9n,
      'note',
    ) as Promise<never>)
    expect((await sent.wait()).logs).toHaveLength(1)
    await expect.poll(() => heard, { timeout: 5000 }).toEqual([[signer.address, 9n, 'note']])
    await demo.removeAllListeners()
    expect(await demo.queryFilter('Stored', 0)).toMatchObject([{ args: [signer.address, 9n, 'note'] }])

    for (const [name, args, reason] of [
      ['require42', [41n], 'not the answer'],
      ['panics', [0n], 'Panic due to DIVIDE_BY_ZERO(18)'],
    ] as const) {
      const error: unknown = await functions[name]?.(...args).catch((failure: unknown) => failure)
      expect(isError(error, 'CALL_EXCEPTION') ? error.reason : error).toBe(reason)
    }
    const custom: unknown = await functions['custom']?.().catch((failure: unknown) => failure)
    expect(isError(custom, 'CALL_EXCEPTION') ? custom.revert : custom).toMatchObject({
      name: 'Unauthorized',
    })
    provider.destroy()
  })
})
