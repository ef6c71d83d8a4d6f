import type { CryptoProvider } from '@troupe/crypto'
import { CodedError } from '@troupe/crypto'
import { Address, formatAddress, idAddress, parseAddress, parseEthereumHex } from '@troupe/hypervisor'
import { TroupeError } from '../errors.ts'

/**
 * Whatever names an actor: an {@link Address}; its text (`f01000`, `t1…`, `f410f…`, `0x…`); the number of an id; or an account or actor, which have
 * an `address`.
 */
export type AddressLike = Address | string | bigint | { readonly address: Address }

/** An address as text: t…, as on all networks but Filecoin's main one. */
export function formatLocal(address: Address, crypto: CryptoProvider): string {
  return formatAddress(address, crypto, 'testnet')
}

const ETHEREUM_TEXT = /^0x/iu
const MAX_ID = 2n ** 64n - 1n

/**
 * The address that something names.
 * @param field what it is for, in the error
 * @throws {TroupeError} address/malformed
 */
export function toAddress(crypto: CryptoProvider, like: AddressLike, field: string): Address {
  if (like instanceof Address) return like
  if (typeof like === 'object' && like !== null && like.address instanceof Address) return like.address
  if (typeof like === 'bigint' && like >= 0n && like <= MAX_ID) return idAddress(like)
  if (typeof like !== 'string')
    throw new TroupeError('address/malformed', `${field}: this names no actor (${typeof like})`)
  try {
    return ETHEREUM_TEXT.test(like) ? parseEthereumHex(like, crypto) : parseAddress(like, crypto).address
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new TroupeError(
      'address/malformed',
      `${field}: "${like.slice(0, 100)}" is no address: ${cause.message}`,
      { cause },
    )
  }
}
