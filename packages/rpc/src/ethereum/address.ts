import { type ActorId, ethereumAddressBytes, idAddress, type StateTree } from '@troupe/hypervisor'
import { type Hex, toHex } from '../text/hex.ts'

/** How Ethereum's tools call an actor: its f410 address, or its id behind a mask. */
export function ethereumAddressOfId(state: StateTree, id: ActorId): Hex {
  const delegated = state.getActor(id)?.delegatedAddress
  const bytes = delegated === undefined ? undefined : ethereumAddressBytes(delegated)
  return toHex(bytes ?? (ethereumAddressBytes(idAddress(id)) as Uint8Array))
}
