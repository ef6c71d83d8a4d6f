import {
  type ActorId,
  type Address,
  ethereumAddressBytes,
  idAddress,
  type StateTree,
} from '@troupe/hypervisor'
import { type Hex, toHex } from '../text/hex.ts'

/** What stands for a receiver that does not exist: the id behind the mask is none that an actor can have. */
export const ABSENT_ADDRESS: Hex = '0xff0000000000000000000000ffffffffffffffff'

/** How Ethereum's tools call an actor: its f410 address, or its id behind a mask. */
export function ethereumAddressOfId(state: StateTree, id: ActorId): Hex {
  const delegated = state.getActor(id)?.delegatedAddress
  const bytes = delegated === undefined ? undefined : ethereumAddressBytes(delegated)
  return toHex(bytes ?? (ethereumAddressBytes(idAddress(id)) as Uint8Array))
}

/** The same of any address; `undefined` where it is not assigned to an actor, and is no Ethereum address either. */
export function ethereumAddressOf(state: StateTree, address: Address): Hex | undefined {
  const own = address.id === undefined ? ethereumAddressBytes(address) : undefined
  if (own !== undefined) return toHex(own)
  const id = state.lookupId(address)
  return id === undefined ? undefined : ethereumAddressOfId(state, id)
}
