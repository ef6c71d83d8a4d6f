import type { Benchmark } from '../benchmark.ts'
import { calls } from './calls.ts'
import { chain } from './chain.ts'
import { corpus } from './corpus.ts'
import { evm } from './evm.ts'
import { forks } from './forks.ts'
import { hashing } from './hashing.ts'
import { maps } from './maps.ts'
import { messages } from './messages.ts'
import { metering } from './metering.ts'
import { precompiles } from './precompiles.ts'
import { rpc } from './rpc.ts'
import { ses } from './ses.ts'
import { start } from './start.ts'
import { stores } from './stores.ts'
import { transformer } from './transformer.ts'

/** All benchmarks, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  corpus,
  start,
  metering,
  transformer,
  calls,
  messages,
  maps,
  hashing,
  precompiles,
  stores,
  chain,
  forks,
  rpc,
  evm,
  ses,
]
