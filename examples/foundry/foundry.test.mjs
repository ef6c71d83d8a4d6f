import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const url = process.env.TROUPE_URL ?? 'http://127.0.0.1:8545'
const directory = fileURLToPath(new URL('.', import.meta.url))
/** The first key of the mnemonic that development chains share. It is publicly known. */
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

/** Runs a tool of Foundry, and gives what it printed. */
async function tell(tool, ...args) {
  return promisify(execFile)(`${directory}node_modules/.bin/${tool}`, args, { cwd: directory })
}

/** Runs a tool of Foundry, and gives its answer. */
async function run(tool, ...args) {
  return (await tell(tool, ...args)).stdout.trim()
}

const online = ['--rpc-url', url]
const signed = [...online, '--private-key', KEY]

it('builds, and tests in its own EVM', async () => {
  await run('forge', 'build')
  assert.match(await run('forge', 'test'), /1 passed; 0 failed/)
})

it('deploys with forge create, and calls with cast', async () => {
  const created = JSON.parse(
    await run('forge', 'create', ...signed, '--broadcast', '--json', 'src/Counter.sol:Counter'),
  )
  const address = created.deployedTo
  assert.match(address, /^0x[0-9a-fA-F]{40}$/)
  const receipt = JSON.parse(
    await run('cast', 'send', ...signed, '--json', address, 'increment(uint256)', '42'),
  )
  assert.equal(receipt.status, '0x1')
  assert.equal(receipt.logs.length, 1)
  assert.equal(await run('cast', 'call', ...online, address, 'count()(uint256)'), '42')
  assert.match(await run('cast', 'logs', ...online, '--address', address, '--from-block', '0'), /0x2a|2a\b/)
  const { stderr } = await tell('cast', 'call', ...online, address, 'increment(uint256)', '101')
  assert.match(stderr, /execution reverted/)
})

it('deploys with a script', async () => {
  // The gas of forge's own EVM, in which it would simulate, is not Filecoin's: it asks the chain for estimates instead.
  const flags = ['--broadcast', '--slow', '--skip-simulation']
  const output = await run('forge', 'script', ...signed, ...flags, 'script/Deploy.s.sol:Deploy')
  assert.match(output, /ONCHAIN EXECUTION COMPLETE/)
})

it('reads the chain with cast', async () => {
  assert.match(await run('cast', 'chain-id', ...online), /^\d+$/)
  assert.match(await run('cast', 'block-number', ...online), /^\d+$/)
  assert.match(await run('cast', 'gas-price', ...online), /^\d+$/)
  const address = await run('cast', 'wallet', 'address', '--private-key', KEY)
  assert(BigInt(await run('cast', 'balance', ...online, address)) > 0n)
  assert(BigInt(await run('cast', 'nonce', ...online, address)) >= 0n)
  assert.match(await run('cast', 'block', ...online, 'latest'), /baseFeePerGas/)
})
