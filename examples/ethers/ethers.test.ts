import assert from 'node:assert/strict'
import { after, it } from 'node:test'
import {
  ContractFactory,
  HDNodeWallet,
  isError,
  JsonRpcProvider,
  NonceManager,
  parseEther,
  Transaction,
  verifyMessage,
  WebSocketProvider,
} from 'ethers'
import { compile } from './compile.ts'

const url = process.env['TROUPE_URL'] ?? 'http://127.0.0.1:8545'
/** The mnemonic that development chains share. Its keys are publicly known. */
const MNEMONIC = 'test test test test test test test test test test test junk'
const provider = new JsonRpcProvider(url, undefined, {
  staticNetwork: true,
  pollingInterval: 50,
  cacheTimeout: -1,
})
const wallet = HDNodeWallet.fromPhrase(MNEMONIC).connect(provider)
const { abi, bytecode } = compile('Counter')
const factory = new ContractFactory(abi as never, bytecode, wallet)

after(() => provider.destroy())

it('transfers', async () => {
  const to = '0x000000000000000000000000000000000000b0B0'.toLowerCase()
  const before = await provider.getBalance(to)
  const response = await wallet.sendTransaction({ to, value: parseEther('0.25') })
  const receipt = await response.wait()
  assert.equal(receipt?.status, 1)
  assert.equal((await provider.getBalance(to)) - before, parseEther('0.25'))
})

it('deploys, writes, reads, and finds events', async () => {
  const counter = await factory.deploy()
  await counter.waitForDeployment()
  const increment = counter.getFunction('increment')
  assert.equal(await increment.staticCall(4n), 4n)
  const receipt = await (await increment(4n)).wait()
  assert.equal(receipt.logs.length, 1)
  assert.equal(await counter.getFunction('count')(), 4n)
  const [event] = await counter.queryFilter('Increment', receipt.blockNumber)
  assert.equal((event as unknown as { args: { amount: bigint } }).args.amount, 4n)
  assert.notEqual(await provider.getCode(counter), '0x')
})

it('says why a call reverts', async () => {
  const counter = await factory.deploy()
  await counter.waitForDeployment()
  await assert.rejects(counter.getFunction('increment').staticCall(101n), (error) => {
    assert(isError(error, 'CALL_EXCEPTION'))
    assert.equal(error.revert?.name, 'TooMuch')
    assert.equal(error.revert?.args[0], 100n)
    return true
  })
  await assert.rejects(counter.getFunction('increment')(101n), (error) => isError(error, 'CALL_EXCEPTION'))
})

it('lets the node sign with its own accounts', async () => {
  const signer = await provider.getSigner(1)
  assert.equal(verifyMessage('hello', await signer.signMessage('hello')), signer.address)
  const receipt = await (await signer.sendTransaction({ to: wallet.address, value: 1n })).wait()
  assert.equal(receipt?.from, signer.address)
})

it('sends many transactions at once', async () => {
  const many = new NonceManager(
    HDNodeWallet.fromPhrase(MNEMONIC, undefined, "m/44'/60'/0'/0/2").connect(provider),
  )
  const responses = await Promise.all(
    Array.from({ length: 10 }, () => many.sendTransaction({ to: wallet.address, value: 1n })),
  )
  const receipts = await Promise.all(responses.map((response) => response.wait()))
  assert.deepEqual(
    receipts.map((receipt) => receipt?.status),
    Array(10).fill(1),
  )
})

it('refuses what Filecoin has no message for, by name', async () => {
  const { chainId } = await provider.getNetwork()
  const transaction = Transaction.from({
    type: 1,
    chainId,
    nonce: await wallet.getNonce(),
    to: wallet.address,
    gasLimit: 10_000_000n,
    gasPrice: 1_000_000_000n,
  })
  await assert.rejects(provider.broadcastTransaction(await wallet.signTransaction(transaction)), /2930/)
})

it('hears of blocks over a web socket', async () => {
  const socket = new WebSocketProvider(url.replace('http', 'ws'))
  const heard = new Promise((resolve) => void socket.on('block', resolve))
  await socket.getBlockNumber()
  await (await wallet.sendTransaction({ to: wallet.address, value: 1n })).wait()
  assert.equal(typeof (await heard), 'number')
  await socket.off('block')
  // When this is answered, so is what `off` has sent.
  await socket.send('eth_blockNumber', [])
  await socket.destroy()
})
