import type { CryptoProvider } from '@troupe/crypto'
import {
  EthereumMachine,
  EthereumState,
  executeTransaction,
  forkOf,
  logsHashOf,
  stateRootOf,
  type TransactionOutcome,
} from '@troupe/runtime-evm/ethereum'
import type { StateCase, StateTest } from './state-test.ts'

/** What came of a case, beside what should. */
export interface StateCaseResult {
  readonly outcome: TransactionOutcome
  /** What differs, in words; nothing where the case passes. */
  readonly differences: readonly string[]
}

/** The forks that there are rules for, by what tests call them. */
const FORKS: Readonly<Record<string, string>> = {
  Istanbul: 'istanbul',
  Berlin: 'berlin',
  London: 'london',
  Merge: 'paris',
  Paris: 'paris',
  Shanghai: 'shanghai',
  Cancun: 'cancun',
  Prague: 'prague',
  Osaka: 'osaka',
}
const CHAIN_ID = 1n
const ENCODER = new TextEncoder()

/** Whether there are rules for a fork of the tests. */
export function hasRules(fork: string): boolean {
  return Object.hasOwn(FORKS, fork)
}

/** The name that rules have of a fork of the tests. */
export function forkNameOf(fork: string): string {
  return FORKS[fork] ?? fork
}

/** What is told of each instruction of a case. */
export type StateCaseListener = NonNullable<ConstructorParameters<typeof EthereumMachine>[0]['listener']>

/** Runs a case on a state of its own, and compares the state's root and the hash of the logs. */
export function runStateCase(
  test: StateTest,
  stateCase: StateCase,
  crypto: CryptoProvider,
  listener?: StateCaseListener,
): StateCaseResult {
  const state = new EthereumState()
  for (const { address, ...account } of test.pre) state.put(address, account)
  const fork = forkOf(forkNameOf(stateCase.fork))
  const block = { ...test.block, chainId: CHAIN_ID, blockHash: (at: bigint) => blockHashOf(at, crypto) }
  const machine = new EthereumMachine({ fork, state, block, crypto, listener })
  const outcome = executeTransaction(machine, stateCase.transaction)
  const logs = outcome.kind === 'executed' ? outcome.logs : []
  const differences: string[] = []
  const compare = (what: string, actual: Uint8Array, expected: string): void => {
    const hex = `0x${Buffer.from(actual).toString('hex')}`
    if (hex !== expected) differences.push(`${what}: ${hex}, expected ${expected}`)
  }
  compare('logs', logsHashOf(logs, crypto), stateCase.logsHash)
  compare('state root', stateRootOf(state, crypto), stateCase.stateRoot)
  return { outcome, differences }
}

/** What the hash of a block is in state tests: that of its number in decimal digits. */
export function blockHashOf(number: bigint, crypto: CryptoProvider): bigint {
  const hash = crypto.keccak256(ENCODER.encode(number.toString()))
  return BigInt(`0x${Buffer.from(hash).toString('hex')}`)
}
