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
import type { StateCase, StateTest, TestBlock } from './state-test.ts'

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
/** What the hash of a block is in state tests: that of its number in decimal digits. */
const ENCODER = new TextEncoder()

/** Whether there are rules for a fork of the tests. */
export function hasRules(fork: string): boolean {
  return Object.hasOwn(FORKS, fork)
}

/** Runs a case on a state of its own, and compares the state's root and the hash of the logs. */
export function runStateCase(test: StateTest, stateCase: StateCase, crypto: CryptoProvider): StateCaseResult {
  const state = new EthereumState()
  for (const { address, ...account } of test.pre) state.put(address, account)
  const fork = forkOf(FORKS[stateCase.fork] ?? stateCase.fork)
  const machine = new EthereumMachine({ fork, state, block: blockOf(test.block, crypto), crypto })
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

function blockOf(block: TestBlock, crypto: CryptoProvider): EthereumMachine['block'] {
  const blockHash = (number: bigint): bigint => {
    const hash = crypto.keccak256(ENCODER.encode(number.toString()))
    return BigInt(`0x${Buffer.from(hash).toString('hex')}`)
  }
  return { ...block, chainId: CHAIN_ID, blockHash }
}
