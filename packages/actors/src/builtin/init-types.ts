/** @module What the init actor takes, returns and keeps. */

import { type ActorId, type Address, addressCodec } from '@troupe/hypervisor'
import type { Cid, ValueCodec } from '@troupe/ipld'
import { bytesCodec, cidCodec, textCodec, tupleCodec, u64Codec } from '@troupe/runtime-native'

/** Method numbers of the init actor. `InstallCode` is there where users install code. */
export const InitMethod = { CONSTRUCTOR: 1, EXEC: 2, EXEC4: 3, INSTALL_CODE: 4 } as const

/** The state of the init actor (f01). */
export interface InitActorState {
  /** Map from the bytes of addresses to ids. */
  addressMap: Cid
  nextId: ActorId
  networkName: string
}

/** Shape: `[map from addresses to ids, next id, network name]`. */
export const initStateCodec: ValueCodec<InitActorState> = tupleCodec({
  addressMap: cidCodec,
  nextId: u64Codec,
  networkName: textCodec,
})

/** Parameters of `Exec`. Shape: `[code CID, parameters of the constructor]`. */
export const execParametersCodec: ValueCodec<{ code: Cid; constructorParameters: Uint8Array }> = tupleCodec({
  code: cidCodec,
  constructorParameters: bytesCodec,
})

/** Parameters of `Exec4`. Shape: `[code CID, parameters of the constructor, subaddress]`. */
export const exec4ParametersCodec: ValueCodec<{
  code: Cid
  constructorParameters: Uint8Array
  subaddress: Uint8Array
}> = tupleCodec({ code: cidCodec, constructorParameters: bytesCodec, subaddress: bytesCodec })

/** What `Exec` and `Exec4` return. Shape: `[f0 address, f2 address]`. */
export const execReturnCodec: ValueCodec<{ idAddress: Address; robustAddress: Address }> = tupleCodec({
  idAddress: addressCodec,
  robustAddress: addressCodec,
})
