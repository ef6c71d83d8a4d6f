import { type Address, addressCodec } from '@troupe/hypervisor'
import type { ValueCodec } from '@troupe/ipld'
import { tupleCodec } from '@troupe/runtime-native'
import { type TokenState, tokenStateCodec } from '../frc46/token-state.ts'

/** State of the datacap actor: a tuple of these fields, in this order. Source: builtin-actors v18.0.0 actors/datacap/src/state.rs. */
export interface DatacapState {
  /** Who mints and destroys, and whom everything is transferred to: the registry of verified clients. As the constructor was given it. */
  governor: Address
  token: TokenState
}

/** The state's codec. */
export const datacapStateCodec: ValueCodec<DatacapState> = tupleCodec({
  governor: addressCodec,
  token: tokenStateCodec,
})
