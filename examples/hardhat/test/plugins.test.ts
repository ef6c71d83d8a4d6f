import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { getAddress, parseEther } from 'viem'

const { networkHelpers, viem } = await network.create()
const SOMEBODY = '0x00000000000000000000000000000000000c0ffe'

describe('Hardhat’s assertions', () => {
  it('know what a call reverts with, and what it emits', async () => {
    const [account] = await viem.getWalletClients()
    const counter = await viem.deployContract('Counter')
    await viem.assertions.revertWithCustomErrorWithArgs(counter.write.increment([101n]), counter, 'TooMuch', [
      100n,
    ])
    await viem.assertions.emitWithArgs(counter.write.increment([5n]), counter, 'Increment', [
      getAddress(account?.account.address ?? ''),
      5n,
    ])
  })
})

describe('Hardhat’s network helpers', () => {
  it('make blocks, and time go on', async () => {
    const { mine, mineUpTo, time } = networkHelpers
    const [block, start] = [await time.latestBlock(), await time.latest()]
    await mine(3)
    await mineUpTo(block + 10)
    assert.equal(await time.latestBlock(), block + 10)
    await time.increase(3600)
    assert((await time.latest()) >= start + 3600)
  })

  it('give accounts what a test needs, and act for those whose key nobody has', async () => {
    const client = await viem.getPublicClient()
    const counter = await viem.deployContract('Counter')
    await networkHelpers.setStorageAt(counter.address, 0, 7n)
    assert.equal(await counter.read.count(), 7n)
    await networkHelpers.setBalance(counter.address, parseEther('2'))
    await networkHelpers.impersonateAccount(counter.address)
    const contract = await viem.getWalletClient(counter.address)
    await contract.sendTransaction({ to: SOMEBODY, value: parseEther('1') })
    await networkHelpers.stopImpersonatingAccount(counter.address)
    assert.equal(await client.getBalance({ address: SOMEBODY }), parseEther('1'))
  })

  it('return to where a fixture was', async () => {
    const deployed = async () => viem.deployContract('Counter')
    const first = await networkHelpers.loadFixture(deployed)
    await first.write.increment([4n])
    const second = await networkHelpers.loadFixture(deployed)
    assert.equal(second.address, first.address)
    assert.equal(await second.read.count(), 0n)
  })
})
