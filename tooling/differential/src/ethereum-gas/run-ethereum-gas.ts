/** @module The same transactions on a chain whose contracts have Ethereum's gas and on Ethereum: what they return and emit, their gas to the unit, and what state they leave. */
import type { CryptoProvider } from '@troupe/crypto'
import type { ContractFork } from '@troupe/runtime-evm'
import { ContractScene, type ContractWorld, SENDERS } from '../plays/contract-play.ts'
import { openZeppelinWorld } from '../plays/openzeppelin.ts'
import { Random } from '../plays/random.ts'
import { uniswapWorld } from '../plays/uniswap.ts'
import { ChainPair, type PairAccount } from './chain-pair.ts'
import { type Company, gasInitcode, gasProgram } from './gas-program.ts'
import { addressToHex } from './seen.ts'

/** How a row of transactions went. */
export interface EthereumGasReport {
  readonly name: string
  readonly equal: number
  /** Of those, how many succeeded. */
  readonly succeeded: number
  /** What differs and should not. */
  readonly disagreements: readonly string[]
}

const EMPTY = new Uint8Array()
const FUNDS = 10n ** 24n
const CONTRACTS = 8
const GAS_LIMIT = 30_000_000n

/** Counts. */
class Tally {
  equal = 0
  succeeded = 0
  readonly disagreements: string[] = []

  report(name: string): EthereumGasReport {
    const { disagreements, equal, succeeded } = this
    return { name, equal, succeeded, disagreements }
  }
}

/** Transactions to contracts of a world. */
async function runContracts(
  name: string,
  world: ContractWorld,
  options: { readonly crypto: CryptoProvider; readonly transactions: number; readonly seed: number },
): Promise<EthereumGasReport> {
  const pair = await ChainPair.create(options.crypto)
  await pair.put(SENDERS.map((sender) => account(accountOf(sender))))
  const scene = new ContractScene(world, new Random(options.seed), {
    epoch: () => pair.vm.head.epoch + 1n,
    accountOf: (sender) => addressToHex(accountOf(sender)),
  })
  const tally = new Tally()
  for (let left = options.transactions; left > 0 && tally.disagreements.length === 0; left--) {
    const { data, from, to, value } = scene.next()
    const { chain, differences } = await pair.execute({
      ...{ sender: accountOf(from), value, data, gasLimit: GAS_LIMIT },
      to: to === undefined ? undefined : BigInt(to),
    })
    if (differences.length > 0) tally.disagreements.push(differences.join('; '))
    else tally.equal++
    if (!chain.isSuccess) continue
    tally.succeeded++
    if (to === undefined) scene.made(chain.output)
    else scene.returned(Buffer.from(chain.output.slice(2), 'hex'))
  }
  tally.disagreements.push(...(await pair.stateDifferences()))
  await pair.vm.close()
  return tally.report(name)
}

/** Transactions to random programs, and such that make some. */
export async function runPrograms(options: {
  readonly crypto: CryptoProvider
  readonly transactions: number
  readonly seed: number
  readonly fork?: ContractFork
}): Promise<EthereumGasReport> {
  const random = new Random(options.seed)
  const pair = await ChainPair.create(options.crypto, options.fork)
  const company = companyOf()
  const senders = SENDERS.map(accountOf)
  const contracts = company.contracts.map(
    (address): PairAccount => ({
      ...account(address),
      nonce: 1n,
      balance: BigInt(random.below(5000)),
      code: gasProgram(random, company),
      storage: [1n, 2n, 3n].map((key) => [key, BigInt(1 + random.below(9))] as const),
    }),
  )
  await pair.put([...senders.map(account), ...contracts])
  const tally = new Tally()
  for (let left = options.transactions; left > 0 && tally.disagreements.length === 0; left--) {
    const isCreation = random.chance(15)
    const program = (): Uint8Array =>
      random.chance(60) ? gasInitcode(random, company) : gasProgram(random, company)
    const { chain, differences } = await pair.execute({
      sender: random.pick(senders),
      to: isCreation ? undefined : random.pick(random.chance(95) ? company.contracts : senders),
      value: random.chance(70) ? 0n : BigInt(random.below(1000)),
      data: isCreation ? program() : random.bytes(32 * random.below(5)),
      gasLimit: random.chance(50) ? 2_000_000n : 60_000n + BigInt(random.below(300_000)),
    })
    if (differences.length > 0) tally.disagreements.push(differences.join('; '))
    else tally.equal++
    if (chain.isSuccess) tally.succeeded++
  }
  tally.disagreements.push(...(await pair.stateDifferences()))
  await pair.vm.close()
  return tally.report('random programs')
}

/** Plays of contracts, and random programs by the rules of each fork, which are others every hundred transactions. */
export async function runEthereumGas(options: {
  readonly crypto: CryptoProvider
  readonly transactions: number
  readonly seed: number
  readonly tell: (report: EthereumGasReport) => void
}): Promise<void> {
  const { tell } = options
  tell(await runContracts('openzeppelin', openZeppelinWorld(), options))
  tell(await runContracts('uniswap', uniswapWorld(), options))
  for (const fork of ['cancun', 'prague', 'osaka'] as const) tell(await runManyPrograms(fork, options))
}

const PROGRAM_TRANSACTIONS = 100

async function runManyPrograms(
  fork: ContractFork,
  options: { readonly crypto: CryptoProvider; readonly transactions: number; readonly seed: number },
): Promise<EthereumGasReport> {
  const { crypto, seed, transactions } = options
  const reports: EthereumGasReport[] = []
  for (let done = 0; done < transactions; done += PROGRAM_TRANSACTIONS) {
    const left = Math.min(PROGRAM_TRANSACTIONS, transactions - done)
    reports.push(await runPrograms({ crypto, fork, seed: seed + done, transactions: left }))
  }
  const sum = (of: 'equal' | 'succeeded'): number => reports.reduce((total, report) => total + report[of], 0)
  return {
    name: `random programs, ${fork}`,
    ...{ equal: sum('equal'), succeeded: sum('succeeded') },
    disagreements: reports.flatMap(({ disagreements }) => disagreements),
  }
}

/** The address of a sender's account: one of Ethereum's that has nothing to do with its id. */
function accountOf(sender: bigint): bigint {
  return (0xacc0n << 144n) + sender
}

function account(address: bigint): PairAccount {
  return { address, nonce: 0n, balance: FUNDS, code: EMPTY, storage: [] }
}

/** Contracts, and beside them accounts, nobody, precompiles, and addresses that are kept for such. */
function companyOf(): Company {
  const contracts = Array.from({ length: CONTRACTS }, (_, index) => (0xc0den << 144n) + BigInt(index))
  const nobody = [1n, 2n].map((index) => (0xdeadn << 144n) + index)
  return {
    contracts,
    others: [...SENDERS.map(accountOf), ...nobody, 0n, 1n, 4n, 5n, 10n, 11n, 0x12n, 0x42n, 0x100n],
  }
}
