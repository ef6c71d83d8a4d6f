import { fetchRivals, RIVAL_VERSIONS } from '@troupe/bench/rivals'
import { startDevnet } from '../devnet.ts'
import { askByHttp, type Chain, type ChainAnswer, receiptOf } from './chain.ts'
import { type Answers, compareAnswers } from './compare.ts'
import { QUESTIONS } from './questions.ts'
import { reportShapes, type ShapeReport } from './report.ts'
import { startAnvil, startEdr } from './rivals.ts'
import { type Contract, compileContract, play } from './script.ts'

/** Gas for any transaction of the script: of Filecoin, and of Ethereum. */
const FILECOIN_GAS = '0x3b9aca00'
const ETHEREUM_GAS = '0x1e8480'

/** Methods that give the hash of a transaction; what is named so is to wait for a block. */
const SENDS = /^eth_send/u
const WAITS = '(pending)'

/** Plays the script on all chains, asks all of them, and compares. */
export async function compareShapes(): Promise<ShapeReport> {
  const modules = fetchRivals()
  const contract = compileContract()
  const here = await answersOf(await startTroupe(), contract, FILECOIN_GAS)
  const others = new Map<string, Answers>()
  for (const start of [startEdr, startAnvil]) {
    const chain = await start(modules)
    others.set(chain.name, await answersOf(chain, contract, ETHEREUM_GAS))
  }
  const differences = compareAnswers(QUESTIONS, here, others)
  return reportShapes(differences, QUESTIONS.length, RIVAL_VERSIONS)
}

async function startTroupe(): Promise<Chain> {
  const devnet = await startDevnet()
  return {
    name: 'Troupe',
    ask: (method, params) => askByHttp(devnet.url, method, params),
    close: () => devnet.stop(),
  }
}

async function answersOf(chain: Chain, contract: Contract, gas: `0x${string}`): Promise<Answers> {
  try {
    const played = await play(chain, contract, gas)
    const answers = new Map<string, ChainAnswer>()
    const results = new Map<string, unknown>()
    for (const { method, name, params } of QUESTIONS) {
      const answer = await chain.ask(method, params(played, results))
      answers.set(name, answer)
      results.set(name, answer.result)
      if (SENDS.test(method) && answer.error === undefined && !name.includes(WAITS))
        await receiptOf(chain, answer.result as string)
    }
    return answers
  } finally {
    await chain.close()
  }
}
