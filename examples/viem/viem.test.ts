import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  type Abi,
  createPublicClient,
  createTestClient,
  createWalletClient,
  defineChain,
  http,
  parseEther,
  publicActions,
  walletActions,
  webSocket,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { compile } from './compile.ts'

const url = process.env['TROUPE_URL'] ?? 'http://127.0.0.1:8545'
const id = await createPublicClient({ transport: http(url) }).getChainId()
const chain = defineChain({
  id,
  name: 'troupe',
  nativeCurrency: { name: 'Filecoin', symbol: 'FIL', decimals: 18 },
  rpcUrls: { default: { http: [url], webSocket: [url.replace('http', 'ws')] } },
})
/** The mnemonic that development chains share. Its keys are publicly known. */
const MNEMONIC = 'test test test test test test test test test test test junk'
const account = mnemonicToAccount(MNEMONIC)
const client = createPublicClient({ chain, transport: http() })
const wallet = createWalletClient({ account, chain, transport: http() })
const { abi, bytecode } = compile('Counter')
const counterAbi = abi as Abi

async function deployCounter(): Promise<`0x${string}`> {
  const hash = await wallet.deployContract({ abi: counterAbi, bytecode })
  const { contractAddress, status } = await client.waitForTransactionReceipt({ hash })
  assert.equal(status, 'success')
  assert(contractAddress)
  return contractAddress
}

it('transfers', async () => {
  const to = '0x00000000000000000000000000000000000a11ce'
  const before = await client.getBalance({ address: to })
  const hash = await wallet.sendTransaction({ to, value: parseEther('1.5') })
  const receipt = await client.waitForTransactionReceipt({ hash })
  assert.equal(receipt.status, 'success')
  assert.equal(receipt.from, account.address.toLowerCase())
  assert.equal((await client.getBalance({ address: to })) - before, parseEther('1.5'))
  const transaction = await client.getTransaction({ hash })
  assert.equal(transaction.value, parseEther('1.5'))
  assert.equal(transaction.type, 'eip1559')
})

it('sends legacy transactions too', async () => {
  const hash = await wallet.sendTransaction({ to: account.address, value: 1n, type: 'legacy' })
  const { status, type } = await client.waitForTransactionReceipt({ hash })
  assert.deepEqual([status, type], ['success', 'legacy'])
})

it('deploys, writes, reads, and finds events', async () => {
  const address = await deployCounter()
  const { request, result } = await client.simulateContract({
    ...{ account, address, abi: counterAbi },
    functionName: 'increment',
    args: [7n],
  })
  assert.equal(result, 7n)
  const { logs, blockNumber } = await client.waitForTransactionReceipt({
    hash: await wallet.writeContract(request),
  })
  assert.equal(logs.length, 1)
  assert.equal(await client.readContract({ address, abi: counterAbi, functionName: 'count' }), 7n)
  const events = await client.getContractEvents({ address, abi: counterAbi, fromBlock: blockNumber })
  assert.deepEqual(
    events.map((event) => (event as unknown as { args: { amount: bigint } }).args.amount),
    [7n],
  )
})

it('says why a call reverts', async () => {
  const address = await deployCounter()
  await assert.rejects(
    client.readContract({ address, abi: counterAbi, functionName: 'increment', args: [101n] }),
    /TooMuch\(uint256 most\)/,
  )
})

it('hears of blocks and events over a web socket', async () => {
  const address = await deployCounter()
  const listener = createPublicClient({ chain, transport: webSocket() })
  const heard = new Promise((resolve, reject) => {
    listener.watchContractEvent({ address, abi: counterAbi, onLogs: resolve, onError: reject })
  })
  // The subscription is under way when the node has answered something that was asked after it.
  await listener.getBlockNumber()
  await wallet.writeContract({ address, abi: counterAbi, functionName: 'increment', args: [3n] })
  const logs = (await heard) as { args: { amount: bigint } }[]
  assert.equal(logs[0]?.args.amount, 3n)
  const socket = await listener.transport.getRpcClient()
  socket.close()
})

it('moves time, takes snapshots and impersonates', async () => {
  const test = createTestClient({ account, chain, mode: 'anvil', transport: http() })
    .extend(publicActions)
    .extend(walletActions)
  const { timestamp } = await test.getBlock()
  const snapshot = await test.snapshot()
  await test.increaseTime({ seconds: 3600 })
  await test.mine({ blocks: 1 })
  assert((await test.getBlock()).timestamp >= timestamp + 3600n)
  await test.revert({ id: snapshot })
  assert.equal((await test.getBlock()).timestamp, timestamp)

  const stranger = '0x00000000000000000000000000000000c0ffee00'
  await test.setBalance({ address: stranger, value: parseEther('10') })
  await test.impersonateAccount({ address: stranger })
  const hash = await test.sendTransaction({ account: stranger, to: account.address, value: parseEther('1') })
  assert.equal((await test.waitForTransactionReceipt({ hash })).status, 'success')
  await test.stopImpersonatingAccount({ address: stranger })
})
