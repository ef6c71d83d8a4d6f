import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { concat, numberToHex, parseEther } from 'viem'

const { viem } = await network.create()

/** The bytes of an f4 address of Ethereum's namespace. */
const f410 = (address: `0x${string}`): `0x${string}` => concat(['0x040a', address])

describe('FilecoinPay', () => {
  it('pays an account by its Filecoin address', async () => {
    const client = await viem.getPublicClient()
    const [, receiver] = await viem.getWalletClients()
    assert(receiver !== undefined)
    const pay = await viem.deployContract('FilecoinPay')
    const before = await client.getBalance(receiver.account)
    await pay.write.pay([f410(receiver.account.address)], { value: parseEther('2') })
    assert.equal((await client.getBalance(receiver.account)) - before, parseEther('2'))
  })

  it('pays an actor that no Ethereum address is of', async () => {
    const client = await viem.getPublicClient()
    const pay = await viem.deployContract('FilecoinPay')
    // f099, where burnt funds go, as bytes; and as an address of Ethereum it is ff and the id.
    const burnt = '0x0063'
    const address = concat(['0xff', numberToHex(99n, { size: 19 })])
    assert.equal(await pay.read.idOf([burnt]), 99n)
    const before = await client.getBalance({ address })
    await pay.write.pay([burnt], { value: 7n })
    assert((await client.getBalance({ address })) - before >= 7n)
  })
})
