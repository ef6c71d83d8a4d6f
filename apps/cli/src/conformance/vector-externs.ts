import type { ConsensusFault, Externs, Fidelity } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { CliError } from '../errors.ts'
import type { VectorRandomness } from './vector.ts'

/** What the reference's runner answers where a vector records nothing. */
const UNRECORDED_RANDOMNESS: Uint8Array = new TextEncoder().encode('i_am_random_____i_am_random_____')

/**
 * The node as a vector records it: randomness from its table, the first entry that fits. Of consensus faults there are none.
 *
 * Source: ref-fvm release/v3 testing/conformance/src/externs.rs, testing/conformance/src/rand.rs.
 */
export class VectorExterns implements Externs {
  #asksBeyondRecord = false
  readonly #randomness = new Map<string, Uint8Array>()

  constructor(randomness: readonly VectorRandomness[]) {
    for (const { kind, epoch, value } of randomness) {
      const key = `${kind} ${epoch}`
      if (!this.#randomness.has(key)) this.#randomness.set(key, value)
    }
  }

  /** Recorded answers are the chain's own. */
  get fidelity(): Fidelity {
    return this.#asksBeyondRecord
      ? { level: 'simulated', reason: 'the vector does not record all randomness that was asked for' }
      : { level: 'exact' }
  }

  chainRandomness(epoch: bigint): Uint8Array {
    return this.#recorded('chain', epoch)
  }

  beaconRandomness(epoch: bigint): Uint8Array {
    return this.#recorded('beacon', epoch)
  }

  /** @throws {CliError} vector/unrecorded-extern */
  tipsetCid(epoch: bigint): Cid {
    throw new CliError(
      'vector/unrecorded-extern',
      `an actor asks for the tipset of epoch ${epoch}, which vectors do not record`,
    )
  }

  verifyConsensusFault(): { readonly fault: ConsensusFault | undefined; readonly gasUsed: number } {
    return { fault: undefined, gasUsed: 0 }
  }

  #recorded(kind: VectorRandomness['kind'], epoch: bigint): Uint8Array {
    const value = this.#randomness.get(`${kind} ${epoch}`)
    if (value !== undefined) return value
    this.#asksBeyondRecord = true
    return UNRECORDED_RANDOMNESS
  }
}
