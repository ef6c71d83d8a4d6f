import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { BaseError, ContractFunctionRevertedError } from 'viem'

const { viem } = await network.create()

describe('Counter', () => {
  it('counts, and emits an event', async () => {
    const client = await viem.getPublicClient()
    const [account] = await viem.getWalletClients()
    const counter = await viem.deployContract('Counter')
    const fromBlock = await client.getBlockNumber()
    for (const amount of [1n, 2n, 3n])
      await client.waitForTransactionReceipt({ hash: await counter.write.increment([amount]) })
    assert.equal(await counter.read.count(), 6n)
    const events = await client.getContractEvents({
      ...counter,
      eventName: 'Increment',
      fromBlock,
      strict: true,
    })
    assert.deepEqual(
      events.map(({ args }) => args.amount),
      [1n, 2n, 3n],
    )
    assert.equal(events[0]?.args.by.toLowerCase(), account?.account.address.toLowerCase())
  })

  it('says why it reverts', async () => {
    const counter = await viem.deployContract('Counter')
    await assert.rejects(counter.write.increment([101n]), (error) => {
      assert(error instanceof BaseError)
      const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
      assert(reverted instanceof ContractFunctionRevertedError)
      assert.equal(reverted.data?.errorName, 'TooMuch')
      assert.deepEqual(reverted.data.args, [100n])
      return true
    })
    assert.equal(await counter.read.count(), 0n)
  })

  it('is as it was after a snapshot is returned to', async () => {
    const client = await viem.getTestClient({ mode: 'hardhat' })
    const counter = await viem.deployContract('Counter')
    const id = await client.snapshot()
    await counter.write.increment([5n])
    assert.equal(await counter.read.count(), 5n)
    await client.revert({ id })
    assert.equal(await counter.read.count(), 0n)
  })
})
