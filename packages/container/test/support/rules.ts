import type { TransformRules } from '@troupe/container'
import { NV17, NV18, type RuleSet } from '@troupe/hypervisor'

/** What a transformation needs of a rule set. */
function transformRules({ wasm, prices }: RuleSet): TransformRules {
  return { wasm, prices: prices.wasm }
}

/** Rules of the older instrumentation: fvm-wasm-instrument 0.2.0. */
export const OLD: TransformRules = transformRules(NV17)
/** Rules of the newer instrumentation: fvm-wasm-instrument 0.4.0. */
export const NEW: TransformRules = transformRules(NV18)
