import type { CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  type AddressNetwork,
  type CallFrame,
  formatAddress,
  type Manifest,
} from '@troupe/hypervisor'
import type { Cid } from '@troupe/ipld'
import type { AddressText, MethodInterface } from '@troupe/schema'
import { ConsoleReader } from '../ethereum/console-log.ts'
import { addressText } from '../state/address-text.ts'
import { createInterfaces, type MethodNames } from './method-names.ts'

/** How actors, their methods and addresses are called where people read them. */
export interface Names {
  readonly actorName: (code: Cid) => string | undefined
  readonly methodName: MethodNames
  readonly formatAddress: (address: Address) => string
  /** What a method takes and returns. Where nobody says it, values are shown plainly. */
  readonly method?: (actor: string | undefined, method: bigint) => MethodInterface | undefined
  /** What a call is, where its code and method do not say it: which function of a contract, for instance. */
  readonly callName?: (frame: CallFrame) => string | undefined
  /** What runs the code of an actor. Where anybody says it, trees have it beside each call. */
  readonly runtimeName?: (code: Cid) => string | undefined
  /** What a call says to the console of Ethereum's tools; see `ConsoleReader`. */
  readonly consoleLine?: (frame: CallFrame) => string | undefined
  /** How addresses within values are shown. Default: as bytes. */
  readonly addresses?: AddressText
}

/** The names of a network with this manifest, and of its built-in actors. */
export function createNames(manifest: Manifest, crypto: CryptoProvider, network?: AddressNetwork): Names {
  const interfaces = createInterfaces(crypto)
  const reader = new ConsoleReader(crypto)
  return {
    actorName: (code) => manifest.nameOf(code),
    methodName: (actor, method) => interfaces.method(actor, method)?.name,
    formatAddress: (address) => formatAddress(address, crypto, network),
    method: (actor, method) => interfaces.method(actor, method),
    consoleLine: (frame) => reader.line(frame),
    addresses: addressText(crypto, network),
  }
}
