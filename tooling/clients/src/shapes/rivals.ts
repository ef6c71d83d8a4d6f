/** @module The nodes of others, as they come from npm: anvil in a process of its own, and the engine of Hardhat in this one. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { hexToBytes } from 'viem'
import { developmentAccount, secretKeyOf } from './accounts.ts'
import { askByHttp, type Chain, type ChainAnswer } from './chain.ts'

/** Packages name the processor as Go does. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
const PROBES = 100
const PROBE_MS = 50
const CHAIN_ID = 31_337n
const ACCOUNTS = 10
const BLOCK_GAS = 30_000_000n
const TEN_THOUSAND_COINS = 10_000n * 10n ** 18n

/** Foundry's node, with what it begins with. @param modules the folder that it is installed in */
export async function startAnvil(modules: string): Promise<Chain> {
  const name = `@foundry-rs/anvil-${process.platform}-${ARCHITECTURES[process.arch]}`
  const folder = dirname(createRequire(join(modules, 'x.js')).resolve(`${name}/package.json`))
  const port = await freePort()
  const child = spawn(join(folder, 'bin', 'anvil'), ['--port', String(port), '--silent', '--steps-tracing'], {
    stdio: 'ignore',
  })
  const ended = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  for (let probe = 0; ; probe++) {
    try {
      await askByHttp(url, 'eth_chainId', [])
      break
    } catch (error) {
      if (probe === PROBES) throw error
      await wait(PROBE_MS)
    }
  }
  return {
    name: 'anvil',
    ask: (method, params) => askByHttp(url, method, params),
    close: async () => {
      child.kill()
      await ended
    },
  }
}

/** The part of EDR that is used; it is fetched for a run, and its types are not here. */
interface Edr {
  readonly EdrContext: new () => {
    registerProviderFactory(chainType: string, factory: unknown): Promise<void>
    createProvider(
      chainType: string,
      ...options: unknown[]
    ): Promise<{ handleRequest(request: string): Promise<{ readonly data: unknown }> }>
  }
  readonly ContractDecoder: new () => object
  readonly L1_CHAIN_TYPE: string
  l1ProviderFactory(): unknown
}

/** Hardhat's engine, with the accounts and rules that Hardhat gives it. */
export async function startEdr(modules: string): Promise<Chain> {
  const edr = createRequire(import.meta.url)(join(modules, '@nomicfoundation', 'edr')) as Edr
  const context = new edr.EdrContext()
  await context.registerProviderFactory(edr.L1_CHAIN_TYPE, edr.l1ProviderFactory())
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => developmentAccount(index))
  const config = {
    allowBlocksWithSameTimestamp: false,
    allowUnlimitedContractSize: false,
    bailOnCallFailure: true,
    bailOnTransactionFailure: true,
    chainId: CHAIN_ID,
    coinbase: new Uint8Array(20),
    defaultTransactionGasLimit: BLOCK_GAS,
    genesisState: accounts.map(({ address }) => ({
      address: hexToBytes(address),
      balance: TEN_THOUSAND_COINS,
    })),
    hardfork: 'prague',
    initialBaseFeePerGas: 1_000_000_000n,
    initialParentBeaconBlockRoot: new Uint8Array(32),
    minGasPrice: 0n,
    mining: { autoMine: true, blockGasLimit: BLOCK_GAS, memPool: { order: 'Priority' } },
    network: { genesisBlockGasLimit: BLOCK_GAS, genesisBlobGas: { gasUsed: 0n, excessGas: 0n } },
    networkId: CHAIN_ID,
    observability: {},
    ownedAccounts: accounts.map(secretKeyOf),
    precompileOverrides: [],
    transactionGasCap: false,
  }
  const logger = { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => {} }
  const provider = await context.createProvider(
    edr.L1_CHAIN_TYPE,
    config,
    logger,
    { subscriptionCallback: () => {} },
    new edr.ContractDecoder(),
  )
  return {
    name: 'EDR',
    ask: async (method, params) => {
      const { data } = await provider.handleRequest(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
      return (typeof data === 'string' ? JSON.parse(data) : data) as ChainAnswer
    },
    close: async () => {},
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  server.close()
  await once(server, 'close')
  return address.port
}
