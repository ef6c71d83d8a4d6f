/** @module A thread of the suite: executes the cases of every n-th file on a chain and on Ethereum, and tells their rows, file by file. */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import {
  parseStateTests,
  type StateCase,
  type StateTest,
} from '@troupe/cli/src/conformance/evm/state-test.ts'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { ChainPair } from '@troupe/differential'
import type { Row } from '../suite.ts'
import { CHAIN_FORK, chainAccounts, chainTransaction, obstacleOf } from './chain-case.ts'
import { Deviations } from './deviations.ts'
import type { ThreadInput } from './run-in-threads.ts'

/** How much is said of a failure. */
const MAX_REASON_LENGTH = 2000

const { tasks } = workerData as ThreadInput
const crypto = await loadNodeCrypto()
const pair = await ChainPair.create(crypto)
const { position } = pair.vm.head
for (const { file, name } of tasks) {
  const rows: Row[] = []
  for (const test of parseStateTests(await readFile(file, 'utf8')))
    for (const stateCase of test.cases)
      if (stateCase.fork === CHAIN_FORK) rows.push(await rowOf(`${name}#${stateCase.id}`, test, stateCase))
  parentPort?.postMessage(rows)
}
await pair.vm.close()

async function rowOf(id: string, { pre }: StateTest, stateCase: StateCase): Promise<Row> {
  const obstacle = obstacleOf(pre, stateCase)
  if (obstacle !== undefined) return { id, status: 'skipped', reason: `left out: ${obstacle}`, gas: 0n }
  try {
    await pair.restart(position)
    await pair.put(chainAccounts(pre, stateCase))
    const transaction = chainTransaction(stateCase)
    const deviations = new Deviations(transaction, pair.state, crypto)
    const { chain, differences } = await pair.execute(transaction, deviations.listener)
    const { gasUsed: gas } = chain
    if (differences.length === 0) return { id, status: 'passed', gas }
    const { found } = deviations
    if (found.length > 0) return { id, status: 'skipped', reason: `other: ${found.join('; ')}`, gas }
    return { id, status: 'failed', reason: differences.join('; ').slice(0, MAX_REASON_LENGTH), gas }
  } catch (error) {
    // Whatever keeps a case from being run is said of it: the others are run all the same.
    if (!(error instanceof Error)) throw error
    return { id, status: 'failed', reason: error.message.slice(0, MAX_REASON_LENGTH), gas: 0n }
  }
}
