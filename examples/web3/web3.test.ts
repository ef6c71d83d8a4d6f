import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Web3 } from 'web3'
import { compile } from './compile.ts'

const url = process.env['TROUPE_URL'] ?? 'http://127.0.0.1:8545'
/** The first key that development chains share. It is publicly known. */
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const web3 = new Web3(url)
web3.eth.transactionPollingInterval = 50
const [account] = web3.eth.accounts.wallet.add(KEY)
assert(account !== undefined)
const from = account.address
const { abi, bytecode } = compile('Counter')
const contract = new web3.eth.Contract(abi as never)
const deploy = () => contract.deploy({ data: bytecode }).send({ from })

it('asks what chain it is, and what it costs', async () => {
  assert.equal(await web3.eth.getChainId(), await web3.eth.net.getId())
  assert.match(await web3.eth.getNodeInfo(), /Troupe/u)
  const { baseFeePerGas } = await web3.eth.calculateFeeData()
  assert(baseFeePerGas !== undefined && baseFeePerGas > 0n)
  assert((await web3.eth.getGasPrice()) > 0n)
  assert.equal(await web3.eth.isSyncing(), false)
  const history = await web3.eth.getFeeHistory(1n, 'latest', [50])
  assert.equal((history as unknown as { gasUsedRatio: unknown[] }).gasUsedRatio.length, 1)
})

it('transfers', async () => {
  const to = '0x000000000000000000000000000000000000b0b1'
  const before = await web3.eth.getBalance(to)
  const value = web3.utils.toWei('0.25', 'ether')
  const receipt = await web3.eth.sendTransaction({ from, to, value })
  assert.equal(receipt.status, 1n)
  assert.equal((await web3.eth.getBalance(to)) - before, BigInt(value))
  const transaction = await web3.eth.getTransaction(receipt.transactionHash)
  assert.equal(transaction?.from.toLowerCase(), from.toLowerCase())
  const block = await web3.eth.getBlock(receipt.blockNumber, true)
  assert.equal(block.transactions?.length, 1)
})

it('deploys, writes, reads, and finds events', async () => {
  const counter = await deploy()
  const increment = counter.methods['increment']
  assert(increment !== undefined)
  assert.equal(await increment(4n).call({ from }), 4n)
  const receipt = await increment(4n).send({ from })
  assert.equal(receipt.events?.['Increment']?.returnValues['amount'], 4n)
  assert.equal(await counter.methods['count']?.().call(), 4n)
  const events = await counter.getPastEvents('Increment', { fromBlock: receipt.blockNumber })
  assert.equal(events.length, 1)
  assert.notEqual(await web3.eth.getCode(counter.options.address ?? ''), '0x')
  assert.equal(BigInt(await web3.eth.getStorageAt(counter.options.address ?? '', 0)), 4n)
})

it('says why a call reverts', async () => {
  const counter = await deploy()
  await assert.rejects(
    async () => counter.methods['increment']?.(101n).call({ from }),
    (error: { cause: { errorName?: string; errorArgs?: { [name: string]: unknown } } }) => {
      assert.equal(error.cause.errorName, 'TooMuch')
      return true
    },
  )
  await assert.rejects(async () => counter.methods['increment']?.(101n).send({ from }))
})

it('lets the node sign with its own accounts', async () => {
  const [, second] = await new Web3(url).eth.getAccounts()
  assert(second !== undefined)
  const unlocked = new Web3(url)
  unlocked.eth.transactionPollingInterval = 50
  const signature = await unlocked.eth.sign(unlocked.utils.utf8ToHex('hello'), second)
  assert.equal(unlocked.eth.accounts.recover('hello', String(signature)), second)
  const receipt = await unlocked.eth.sendTransaction({ from: second, to: from, value: 1n })
  assert.equal(receipt.status, 1n)
})

it('hears of blocks and logs over a web socket', async () => {
  const socket = new Web3(url.replace('http', 'ws'))
  const counter = await deploy()
  const heads = await socket.eth.subscribe('newBlockHeaders')
  const logs = await socket.eth.subscribe('logs', { address: counter.options.address as string })
  const heard = new Promise<bigint>((resolve) =>
    heads.on('data', ({ number }) => resolve(BigInt(number ?? 0))),
  )
  const logged = new Promise<string | undefined>((resolve) =>
    logs.on('data', ({ topics }) => resolve(topics?.[0] as string)),
  )
  const receipt = await counter.methods['increment']?.(2n).send({ from })
  assert.equal(await heard, receipt?.blockNumber)
  assert.equal(await logged, web3.utils.keccak256('Increment(address,uint256)'))
  await socket.eth.clearSubscriptions()
  socket.provider?.disconnect()
})
