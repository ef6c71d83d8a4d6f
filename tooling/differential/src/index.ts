export { ChainPair, type PairAccount, type PairTransaction } from './ethereum-gas/chain-pair.ts'
export { Assembler, deployCode } from './evm/assembler.ts'
export { GENERATORS } from './generators.ts'
export { type Key, secp256k1Key } from './keys.ts'
export { LowGas, type LowGasTally } from './low-gas.ts'
export { NO_OFFICIAL_ACTORS, type OfficialActors, officialActors } from './official-actors.ts'
export { Random } from './plays/random.ts'
export { PLAYS } from './plays.ts'
export {
  type DifferentialOptions,
  type DifferentialReport,
  type Disagreement,
  runDifferential,
} from './run-differential.ts'
export { type PlayOptions, runPlay } from './run-play.ts'
