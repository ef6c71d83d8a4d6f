/**
 * @module What the state tree holds for one actor.
 *
 * Source: ref-fvm release/v2 and release/v3 fvm/src/state_tree.rs.
 */
import { CborWriter, type Cid, type ValueCodec } from '@troupe/ipld'
import { type Address, readAddress, writeAddress } from '../address/address.ts'
import { HypervisorError } from '../errors.ts'
import { decodeWhole } from './decode-whole.ts'
import type { TokenAmount } from './token-amount.ts'

/** One actor in the state tree. */
export interface ActorState {
  /** The actor's code. */
  readonly code: Cid
  /** Root of the actor's own state. */
  readonly head: Cid
  /** Messages sent so far, an unsigned 64-bit integer. Only accounts send any. */
  readonly sequence: bigint
  readonly balance: TokenAmount
  /** The f4 address by which the actor was created, where it was. Not there before network version 18. */
  readonly delegatedAddress?: Address
}

/** Fields of an actor: 4 in state trees of version 4, 5 with the delegated address in version 5. */
export type ActorStateArity = 4 | 5

/**
 * Actors in CBOR: `[code, head, sequence, balance]`, with arity 5 and the delegated address or null at the end. Encoding a delegated
 * address with arity 4 throws `actor-state/malformed`.
 *
 * The reference accepts an address of any protocol in the last place, and so does this.
 */
export function actorStateCodec(arity: ActorStateArity): ValueCodec<ActorState> {
  return arity === 4 ? SHORT_CODEC : LONG_CODEC
}

const SHORT_CODEC: ValueCodec<ActorState> = {
  encode: (writer, { code, head, sequence, balance, delegatedAddress }) => {
    if (delegatedAddress !== undefined) {
      throw new HypervisorError('actor-state/malformed', 'an actor of four fields has no delegated address')
    }
    writer.array(4).cid(code).cid(head).uint(sequence).bigInt(balance)
  },
  decode: (reader) => {
    reader.tuple(4)
    return { code: reader.cid(), head: reader.cid(), sequence: reader.uint64(), balance: reader.bigInt() }
  },
}

const LONG_CODEC: ValueCodec<ActorState> = {
  encode: (writer, { code, head, sequence, balance, delegatedAddress }) => {
    writer.array(5).cid(code).cid(head).uint(sequence).bigInt(balance)
    if (delegatedAddress === undefined) writer.null()
    else writeAddress(writer, delegatedAddress)
  },
  decode: (reader) => {
    reader.tuple(5)
    const actor = {
      code: reader.cid(),
      head: reader.cid(),
      sequence: reader.uint64(),
      balance: reader.bigInt(),
    }
    return reader.tryNull() ? actor : { ...actor, delegatedAddress: readAddress(reader) }
  },
}

/**
 * The bytes of an actor.
 * @throws {HypervisorError} actor-state/malformed where the arity has no place for the delegated address
 */
export function encodeActorState(actor: ActorState, arity: ActorStateArity): Uint8Array {
  const writer = new CborWriter()
  actorStateCodec(arity).encode(writer, actor)
  return writer.finish()
}

/**
 * Reads the actor that `bytes` is.
 * @throws {HypervisorError} actor-state/malformed
 */
export function decodeActorState(bytes: Uint8Array, arity: ActorStateArity): ActorState {
  return decodeWhole(bytes, 'actor-state/malformed', (reader) => actorStateCodec(arity).decode(reader))
}
