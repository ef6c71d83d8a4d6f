import type { ChainRules } from '../chain/chain-rules.ts'
import { checkEpochs } from './time.ts'

/** What a plan of blocks depends on. */
export interface BlockPlanParts {
  /** The epoch of the last block. */
  readonly height: () => bigint
  readonly rules: Pick<ChainRules, 'epochSeconds' | 'genesisTimestamp'>
  /** Milliseconds since 1970, where blocks are at the epoch that it is; `undefined` where time passes with blocks only. */
  readonly now: (() => number) | undefined
}

/** At which epoch the next block is. */
export class BlockPlan {
  readonly #parts: BlockPlanParts
  #planned: bigint | undefined

  constructor(parts: BlockPlanParts) {
    this.#parts = parts
  }

  /** The epoch of the next block: the one after the last, where nothing else was planned. */
  get nextEpoch(): bigint {
    return this.#planned ?? this.#parts.height() + 1n
  }

  /** Plans the epoch of the next block. @throws {TroupeError} chain/epochs */
  set nextEpoch(epoch: bigint) {
    checkEpochs(epoch - this.#parts.height())
    this.#planned = epoch
  }

  /** Forgets what was planned. */
  forget(): void {
    this.#planned = undefined
  }

  /** How far the next block is away. With the wall's clock it is at the epoch that it is there, but always after the last. */
  epochsUntil(epochs: bigint = this.nextEpoch - this.#parts.height()): bigint {
    const { height, now, rules } = this.#parts
    if (now === undefined) return epochs
    const epoch = (BigInt(Math.floor(now() / 1000)) - rules.genesisTimestamp) / rules.epochSeconds
    const elapsed = epoch - height()
    return elapsed > epochs ? elapsed : epochs
  }
}
