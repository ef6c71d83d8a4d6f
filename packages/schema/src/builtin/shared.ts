/** @module What several built-in actors have in common. Source: builtin-actors v18.0.0, `runtime/src`, and fvm_shared. */
import { BIG_INT, BYTES, INT, list, type Schema, tuple, UINT } from '../schema.ts'

/** An epoch; -1 where there is none. */
export const EPOCH: Schema = INT

/** The number of an actor. */
export const ACTOR_ID: Schema = UINT

/** A signature: its type and its bytes. */
export const SIGNATURE: Schema = BYTES

/** `runtime/src/builtin/reward/smooth/alpha_beta_filter.rs`: fixed point with 128 binary places. */
export const FILTER_ESTIMATE: Schema = tuple({ position: BIG_INT, velocity: BIG_INT })

/** `runtime/src/util/batch_return.rs`. */
export const BATCH_RETURN: Schema = tuple({
  successCount: UINT,
  failCodes: list(tuple({ index: UINT, code: UINT })),
})

/** fvm_actor_utils 15, `src/receiver/mod.rs`: what an actor is told that receives tokens. */
export const RECEIVER_PARAMETERS: Schema = tuple({ type: UINT, payload: BYTES })
