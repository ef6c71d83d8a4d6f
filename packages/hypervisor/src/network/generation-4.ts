/** @module Rule sets of generation 4: network versions 21 to 28. Source: ref-fvm master. */
import { SYSCALLS_4, UPGRADE_ACTOR } from '../abi/table.ts'
import { TEEP } from '../gas/prices/teep.ts'
import { WATERMELON } from '../gas/prices/watermelon.ts'
import { NV20 } from './generation-3.ts'
import type { RuleSet } from './rule-set.ts'

/** Network version 21, Watermelon. */
export const NV21: RuleSet = {
  ...NV20,
  name: 'nv21',
  networkVersion: 21,
  generation: 4,
  prices: WATERMELON,
  syscalls: SYSCALLS_4,
  tracksLinks: true,
  depthFailureKeepsGasLimit: false,
  misjudgedPost: undefined,
  tipsetLookback: undefined,
  missingEntryIsFatal: false,
}

/** Network version 22, Dragon. */
export const NV22: RuleSet = { ...NV21, name: 'nv22', networkVersion: 22 }

/** Network version 23, Waffle. */
export const NV23: RuleSet = { ...NV21, name: 'nv23', networkVersion: 23 }

/** Network version 24, TukTuk. */
export const NV24: RuleSet = { ...NV21, name: 'nv24', networkVersion: 24 }

/** Network version 25, Teep. */
export const NV25: RuleSet = { ...NV21, name: 'nv25', networkVersion: 25, prices: TEEP }

/** Network version 26, Tock. */
export const NV26: RuleSet = { ...NV25, name: 'nv26', networkVersion: 26 }

/** Network version 27, Golden Week. */
export const NV27: RuleSet = { ...NV25, name: 'nv27', networkVersion: 27 }

/** Network version 28, Fire Horse. */
export const NV28: RuleSet = { ...NV25, name: 'nv28', networkVersion: 28 }

/**
 * The rules of a network of one's own on which actors may replace their code with `actor.upgrade_actor`. The reference has it behind the build
 * feature `upgrade-actor`, which Filecoin's networks do not enable.
 *
 * @param rules of generation 4
 */
export function withActorUpgrades(rules: RuleSet): RuleSet {
  return { ...rules, name: `${rules.name}+upgrades`, syscalls: [...rules.syscalls, UPGRADE_ACTOR] }
}
