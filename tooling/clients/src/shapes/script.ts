/** @module The transactions that every chain is given, and what they are asked about afterwards. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Abi, encodeDeployData, encodeFunctionData, type Hex, parseGwei } from 'viem'
import { developmentAccount } from './accounts.ts'
import { type Chain, receiptOf, resultOf } from './chain.ts'

const require = createRequire(import.meta.url)
const SOURCE = new URL('../../contracts/Shapes.sol', import.meta.url)
const STRANGER = '0x1111111111111111111111111111111111111111'

/** What was made on a chain. */
export interface Played {
  readonly sender: Hex
  readonly other: Hex
  readonly stranger: Hex
  /** The contract, and the one that it has created. */
  readonly contract: Hex
  readonly child: Hex
  /** Hashes of transactions, by what they did. */
  readonly hashes: Readonly<Record<TransactionName, Hex>>
  /** The block of each. */
  readonly blocks: Readonly<Record<TransactionName, { readonly number: Hex; readonly hash: Hex }>>
  /** Enough gas for any of them. */
  readonly gas: Hex
  /** The data of a call of the contract. */
  data(name: string, ...args: readonly unknown[]): Hex
  /** Initcode that reverts. */
  readonly badInitcode: Hex
  /** A signed transaction that none of the chain has seen. */
  readonly unsent: Hex
}

/** The transactions, by what they do. */
export type TransactionName =
  | 'transfer'
  | 'deployment'
  | 'store'
  | 'all'
  | 'revert'
  | 'badDeployment'
  | 'raw'
  | 'legacy'

/** A compiled contract. */
export interface Contract {
  readonly abi: Abi
  readonly bytecode: Hex
}

/** Compiles the contract. */
export function compileContract(): Contract {
  const solc = require('solc') as { compile(input: string): string }
  const { contracts, errors = [] } = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { 'Shapes.sol': { content: readFileSync(SOURCE, 'utf8') } },
        settings: {
          evmVersion: 'paris',
          optimizer: { enabled: true },
          outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
        },
      }),
    ),
  ) as {
    errors?: { formattedMessage: string }[]
    contracts?: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>
  }
  const compiled = contracts?.['Shapes.sol']?.['Shapes']
  if (compiled === undefined)
    throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return { abi: compiled.abi, bytecode: `0x${compiled.evm.bytecode.object}` }
}

/** Plays the script on a new chain. @param gas what a transaction may use that would fail, so that nobody estimates it */
export async function play(chain: Chain, { abi, bytecode }: Contract, gas: Hex): Promise<Played> {
  const [sender, other] = [developmentAccount(0), developmentAccount(1)]
  const chainId = Number(await resultOf(chain, 'eth_chainId'))
  const data = (functionName: string, ...args: readonly unknown[]): Hex =>
    encodeFunctionData({ abi, functionName, args })
  const deployment = (initial: bigint): Hex => encodeDeployData({ abi, bytecode, args: [initial] })
  /** Waits for each, so that all stand in blocks of their own. */
  const settled = async (hash: unknown): Promise<Hex> => {
    if ((await receiptOf(chain, hash as Hex)) === undefined)
      throw new Error(`${chain.name}: ${hash} is in no block`)
    return hash as Hex
  }
  const send = async (transaction: object): Promise<Hex> =>
    settled(await resultOf(chain, 'eth_sendTransaction', { from: sender.address, ...transaction }))
  /** Hardhat's engine answers with an error where a transaction fails, and has it in a block all the same. */
  const sendBad = async (transaction: object): Promise<Hex> => {
    const { result } = await chain.ask('eth_sendTransaction', [{ from: sender.address, gas, ...transaction }])
    if (result !== undefined) return settled(result)
    const block = (await resultOf(chain, 'eth_getBlockByNumber', 'latest', false)) as { transactions: Hex[] }
    return block.transactions[0] as Hex
  }
  const fees = { maxFeePerGas: parseGwei('100'), maxPriorityFeePerGas: 1_000_000n, gas: BigInt(gas) }
  const sign = (nonce: number, value: bigint): Promise<Hex> =>
    other.signTransaction({ type: 'eip1559', to: STRANGER, chainId, nonce, value, ...fees })

  const transfer = await send({ to: other.address, value: '0x2a' })
  const deployed = await send({ data: deployment(5n), value: '0x64' })
  const contract = (await receiptOf(chain, deployed))?.contractAddress as Hex
  const store = await send({ to: contract, data: data('store', 7n, 'note'), value: '0x3' })
  const all = await send({ to: contract, data: data('all'), value: '0x5', gas })
  const revert = await sendBad({ to: contract, data: data('fallsThrough') })
  const badDeployment = await sendBad({ data: deployment(13n) })
  const raw = await settled(await resultOf(chain, 'eth_sendRawTransaction', await sign(0, 9n)))
  const legacyFields = { type: 'legacy', to: contract, chainId, nonce: 1, value: 1n } as const
  const legacySigned = { ...legacyFields, gasPrice: fees.maxFeePerGas, gas: fees.gas }
  const legacy = await settled(
    await resultOf(chain, 'eth_sendRawTransaction', await other.signTransaction(legacySigned)),
  )

  const hashes = { transfer, deployment: deployed, store, all, revert, badDeployment, raw, legacy }
  const blocks = Object.fromEntries(
    await Promise.all(
      Object.entries(hashes).map(async ([name, hash]) => {
        const receipt = await receiptOf(chain, hash)
        return [name, { number: receipt?.blockNumber, hash: receipt?.blockHash }]
      }),
    ),
  ) as Played['blocks']
  const word = (await resultOf(chain, 'eth_call', { to: contract, data: data('child') }, 'latest')) as Hex
  return {
    ...{ sender: sender.address, other: other.address, stranger: STRANGER },
    ...{ contract, child: `0x${word.slice(26)}`, hashes, blocks, gas, data },
    badInitcode: deployment(13n),
    unsent: await sign(2, 1n),
  }
}
