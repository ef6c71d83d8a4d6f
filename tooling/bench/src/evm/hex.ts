/** @module Bytes as JSON-RPC writes them. */

/** Bytes in hexadecimal, after `0x`. */
export function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

/** The bytes of hexadecimal digits after `0x`. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
}

/** The 20 bytes of an address. */
export function addressBytes(address: bigint): Uint8Array {
  return fromHex(`0x${address.toString(16).padStart(40, '0')}`)
}
