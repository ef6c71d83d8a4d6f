import type { Target } from './target.ts'
import { cbor } from './targets/cbor.ts'
import { codecs } from './targets/codecs.ts'
import { contracts } from './targets/contracts.ts'
import { evm } from './targets/evm.ts'
import { javascript } from './targets/javascript.ts'
import { metering } from './targets/metering.ts'
import { bitfield, car, trees } from './targets/structures.ts'
import { syscalls } from './targets/syscalls.ts'
import { transactions } from './targets/transactions.ts'
import { vectors } from './targets/vectors.ts'
import { wasm } from './targets/wasm.ts'

/** All targets, the quick ones first. */
export const TARGETS: readonly Target[] = [
  codecs,
  cbor,
  car,
  bitfield,
  trees,
  transactions,
  evm,
  contracts,
  javascript,
  syscalls,
  metering,
  wasm,
  vectors,
]
