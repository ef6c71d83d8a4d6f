import { createRequire } from 'node:module'
import { join } from 'node:path'
import { CALLER, type EvmCase, type EvmEngine, type EvmRun, GAS_LIMIT, processorMs } from './engine.ts'
import { addressBytes, fromHex, hexOf } from './hex.ts'

/** The part of the package that is used; it is fetched for a run, and its types are not here. */
interface Edr {
  readonly EdrContext: new () => {
    registerProviderFactory(chainType: string, factory: unknown): Promise<void>
    createProvider(
      chainType: string,
      ...options: unknown[]
    ): Promise<{
      handleRequest(request: string): Promise<{ readonly data: unknown }>
    }>
  }
  readonly ContractDecoder: new () => object
  readonly L1_CHAIN_TYPE: string
  l1ProviderFactory(): unknown
}

/** More than a block of calls needs. */
const BLOCK_GAS = 4_000_000_000n

/** The engine of Hardhat, in this process. */
export async function createEdrEngine(cases: readonly EvmCase[], modules: string): Promise<EvmEngine> {
  const edr = createRequire(import.meta.url)(join(modules, '@nomicfoundation', 'edr')) as Edr
  const context = new edr.EdrContext()
  await context.registerProviderFactory(edr.L1_CHAIN_TYPE, edr.l1ProviderFactory())
  const config = {
    allowBlocksWithSameTimestamp: true,
    allowUnlimitedContractSize: true,
    bailOnCallFailure: true,
    bailOnTransactionFailure: true,
    chainId: 1n,
    coinbase: new Uint8Array(20),
    defaultTransactionGasLimit: BigInt(GAS_LIMIT),
    genesisState: cases.map(({ address, code }) => ({ address: addressBytes(address), code })),
    hardfork: 'cancun',
    initialBaseFeePerGas: 0n,
    initialParentBeaconBlockRoot: new Uint8Array(32),
    minGasPrice: 0n,
    mining: { autoMine: true, blockGasLimit: BLOCK_GAS, memPool: { order: 'Fifo' } },
    network: { genesisBlockGasLimit: BLOCK_GAS, genesisBlobGas: { gasUsed: 0n, excessGas: 0n } },
    networkId: 1n,
    observability: {},
    ownedAccounts: [],
    precompileOverrides: [],
    transactionGasCap: false,
  }
  const logger = { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => {} }
  const subscriptions = { subscriptionCallback: () => {} }
  const provider = await context.createProvider(
    edr.L1_CHAIN_TYPE,
    config,
    logger,
    subscriptions,
    new edr.ContractDecoder(),
  )
  return {
    name: 'EDR',
    async run({ address, input }): Promise<EvmRun> {
      const call = { from: hexOf(addressBytes(CALLER)), to: hexOf(addressBytes(address)), data: hexOf(input) }
      const gas = `0x${GAS_LIMIT.toString(16)}`
      const request = { jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ ...call, gas }, 'latest'] }
      const start = processorMs()
      const { data } = await provider.handleRequest(JSON.stringify(request))
      const cpuMs = processorMs() - start
      const answer = (typeof data === 'string' ? JSON.parse(data) : data) as { readonly result?: string }
      if (answer.result === undefined) throw new Error(JSON.stringify(answer))
      return { cpuMs, output: fromHex(answer.result) }
    },
    close: async () => {},
  }
}
