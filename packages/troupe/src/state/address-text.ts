import { CodedError, type CryptoProvider } from '@troupe/crypto'
import { type AddressNetwork, decodeAddress, formatAddress, parseAddress } from '@troupe/hypervisor'
import type { AddressText } from '@troupe/schema'

/** How descriptions of values show addresses: as text of a network. */
export function addressText(crypto: CryptoProvider, network: AddressNetwork = 'mainnet'): AddressText {
  return {
    format: (bytes) => attempt(() => formatAddress(decodeAddress(bytes), crypto, network)),
    parse: (text) => attempt(() => parseAddress(text, crypto).address.bytes),
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
