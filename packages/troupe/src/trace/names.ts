import type { CryptoProvider } from '@troupe/crypto'
import { type Address, type AddressNetwork, formatAddress, type Manifest } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import type { AddressText, MethodInterface } from '@troupe/schema'
import { addressText } from '../state/address-text.ts'
import { createInterfaces, type MethodNames } from './method-names.ts'

/** How actors, their methods and addresses are called where people read them. */
export interface Names {
  readonly actorName: (code: Cid) => string | undefined
  readonly methodName: MethodNames
  readonly formatAddress: (address: Address) => string
  /** What a method takes and returns. Where nobody says it, values are shown plainly. */
  readonly method?: (actor: string | undefined, method: bigint) => MethodInterface | undefined
  /** How addresses within values are shown. Default: as bytes. */
  readonly addresses?: AddressText
}

/** The names of a network with this manifest, and of its built-in actors. */
export function createNames(manifest: Manifest, crypto: CryptoProvider, network?: AddressNetwork): Names {
  const interfaces = createInterfaces(crypto)
  return {
    actorName: (code) => manifest.nameOf(code),
    methodName: (actor, method) => interfaces.method(actor, method)?.name,
    formatAddress: (address) => formatAddress(address, crypto, network),
    method: (actor, method) => interfaces.method(actor, method),
    addresses: addressText(crypto, network),
  }
}
