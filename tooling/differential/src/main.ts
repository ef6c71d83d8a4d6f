/** @module `npm run differential -- [--actor NAME] [--messages N] [--seed S] [--low-gas N] [--contracts DIR] [--debug] [--fit] [--json]` */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { SYSTEM_ACTORS } from '@troupe/actors'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { type EthereumGasReport, runEthereumGas } from './ethereum-gas/run-ethereum-gas.ts'
import { GasFit } from './gas-fit.ts'
import { GENERATORS } from './generators.ts'
import { LowGas, type LowGasTally } from './low-gas.ts'
import { NO_OFFICIAL_ACTORS, officialActors } from './official-actors.ts'
import { foundContractsPlay } from './plays/found-contracts.ts'
import { Random } from './plays/random.ts'
import { PLAYS, SLOW_PLAYS } from './plays.ts'
import { type DifferentialOptions, type DifferentialReport, runDifferential } from './run-differential.ts'
import { runPlay } from './run-play.ts'

const USAGE =
  'npm run differential -- [--actor NAME] [--messages N] [--seed S] [--low-gas N] [--contracts DIR] [--debug] [--fit] [--json]'
const DEFAULT_MESSAGES = 1000

/** Reads a whole number, or says how to do it. */
function integer(text: string, min: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value < 2 ** 31) return value
  throw new TypeError(`${text} is not a whole number from ${min} to 2^31-1`)
}

function lines({ actor, messages, exitCodes, labels, gas, disagreement }: DifferentialReport): string {
  const exits = Object.entries(exitCodes)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
  const ratio = gas.official === 0n ? 1 : Number(gas.native) / Number(gas.official)
  const difference = `${((ratio - 1) * 100).toFixed(2)} %, at worst ${(gas.worst * 100).toFixed(1)} % (${gas.worstMessage})`
  const head = `${actor.padEnd(14)} ${disagreement === undefined ? 'agreed' : 'DISAGREED'}  ${messages} messages, gas off by ${difference}`
  const detail =
    disagreement === undefined
      ? ''
      : `\n  message ${disagreement.message}: ${disagreement.description}\n  ${disagreement.differences.join('\n  ')}`
  // Those of other plays are numbers of methods.
  const named = Object.entries(labels).filter(([label]) => !label.startsWith('method '))
  const told = named.map(([label, { ok, failed }]) => `${label} ${ok}/${ok + failed}`)
  const success = told.length === 0 ? '' : `\n  succeeded: ${told.join(', ')}`
  return `${head}\n  ${exits.join(', ')}${success}${detail}`
}

function lowGasLine({ different, ended, notIncluded, outOfGas }: LowGasTally): string {
  const all = ended + outOfGas + notIncluded
  return `  low gas: ${all} trials, ${outOfGas} out of gas, ${notIncluded} not included, ${ended} ended; ${different} limits at which the sides differ`
}

/** Compares with Ethereum, where all the others compare with the official actors. */
const ETHEREUM_GAS = 'ethereum-gas'

function gasLines({ disagreements, equal, name, succeeded }: EthereumGasReport): string {
  const head = `${name.padEnd(24)} ${disagreements.length === 0 ? 'agreed' : 'DISAGREED'}  ${equal} transactions with the same gas, ${succeeded} of them successes`
  return [head, ...disagreements].join('\n  ')
}

async function compareWithEthereum(transactions: number, seed: number): Promise<void> {
  const tell = (report: EthereumGasReport): void => {
    console.log(gasLines(report))
    if (report.disagreements.length > 0) process.exitCode = 1
  }
  await runEthereumGas({ crypto: await loadNodeCrypto(), transactions, seed, tell })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      actor: { type: 'string' },
      messages: { type: 'string' },
      seed: { type: 'string' },
      'low-gas': { type: 'string' },
      contracts: { type: 'string' },
      debug: { type: 'boolean', default: false },
      fit: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const messages = integer(values.messages ?? String(DEFAULT_MESSAGES), 1)
  const seed = integer(values.seed ?? String(randomInt(2 ** 31)), 0)
  if (values.actor === ETHEREUM_GAS) {
    console.log(`seed ${seed}, ${messages} transactions a row`)
    return compareWithEthereum(messages, seed)
  }
  const isWanted = ({ actor }: { readonly actor: string }): boolean =>
    values.actor === undefined || actor === values.actor
  const found = values.contracts === undefined ? [] : [foundContractsPlay(values.contracts)]
  const [generators, plays] =
    values.contracts !== undefined && values.actor === undefined
      ? [[], found]
      : [GENERATORS.filter(isWanted), [...PLAYS, ...SLOW_PLAYS, ...found].filter(isWanted)]
  if (generators.length + plays.length === 0) {
    const known = [...[...GENERATORS, ...PLAYS, ...SLOW_PLAYS].map(({ actor }) => actor), ETHEREUM_GAS]
    throw new TypeError(`there is no actor ${values.actor}: ${known.join(', ')}`)
  }
  const limits = integer(values['low-gas'] ?? '0', 0)
  const crypto = await loadNodeCrypto()
  const official = officialActors(crypto)
  if (official === undefined) throw new TypeError(NO_OFFICIAL_ACTORS)
  if (!values.json) console.log(`seed ${seed}, ${messages} messages an actor`)
  const reports: DifferentialReport[] = []
  const tell = (report: DifferentialReport, fit: GasFit, { tally }: LowGas): void => {
    reports.push(report)
    if (!values.json) console.log(lines(report))
    if (!values.json && limits > 0) console.log(lowGasLine(tally))
    if (values.fit) console.log(fit.describe())
  }
  const shared = { crypto, official, messages, seed, debugging: values.debug }
  for (const generator of generators) {
    const fit = new GasFit(generator.actor)
    const lowGas = new LowGas(new Random(seed), limits)
    const onMessage: DifferentialOptions['onMessage'] = (played) => fit.add(played.official.charges)
    const probe: DifferentialOptions['probe'] = (sides, message) => lowGas.probe(sides, message)
    const report = runDifferential({
      ...{ ...shared, actors: SYSTEM_ACTORS, generator, onMessage },
      ...(limits === 0 ? {} : { probe }),
    })
    tell(report, fit, lowGas)
  }
  for (const play of plays) {
    const fit = new GasFit(play.actor)
    const lowGas = new LowGas(new Random(seed), limits, play.runtime !== undefined)
    const probe: DifferentialOptions['probe'] = (sides, message) => lowGas.probe(sides, message)
    const report = runPlay({
      ...{ ...shared, play, onMessage: (played) => fit.add(played.official.charges) },
      ...(limits === 0 ? {} : { probe }),
    })
    tell(report, fit, lowGas)
  }
  if (values.json)
    console.log(JSON.stringify(reports, (_, value) => (typeof value === 'bigint' ? Number(value) : value), 2))
  process.exitCode = reports.some(({ disagreement }) => disagreement !== undefined) ? 1 : 0
}

try {
  await main()
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\n${USAGE}`)
  process.exitCode = 2
}
