import type { CryptoProvider } from '@troupe/crypto'
import { type Address, formatAddress, type Manifest } from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import { createMethodNames, type MethodNames } from './method-names.ts'

/** How actors, their methods and addresses are called where people read them. */
export interface Names {
  readonly actorName: (code: Cid) => string | undefined
  readonly methodName: MethodNames
  readonly formatAddress: (address: Address) => string
}

/** The names of a network with this manifest. */
export function createNames(manifest: Manifest, crypto: CryptoProvider): Names {
  return {
    actorName: (code) => manifest.nameOf(code),
    methodName: createMethodNames(crypto),
    formatAddress: (address) => formatAddress(address, crypto),
  }
}
