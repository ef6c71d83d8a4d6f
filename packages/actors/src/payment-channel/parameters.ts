/**
 * @module Parameters of the payment channel actor's methods. None returns anything.
 *
 * Source: builtin-actors v18.0.0 actors/paych/src/types.rs.
 */

import {
  type Address,
  addressCodec,
  type MethodNumber,
  type Signature,
  SignatureType,
  type TokenAmount,
  tokenAmountCodec,
  writeSignature,
} from '@troupe/hypervisor'
import { encodeValue, IpldError, type ValueCodec } from '@troupe/ipld'
import { arrayCodec, bytesCodec, i64Codec, optionalCodec, tupleCodec, u64Codec } from '@troupe/runtime-native'

/** The parties of a channel. */
export interface PaymentChannelConstructorParameters {
  /** Who pays. */
  readonly from: Address
  /** Who is paid. */
  readonly to: Address
}

/** A lane to merge into the voucher's. */
export interface LaneMerge {
  readonly lane: bigint
  /** The nonce that the merged lane gets. */
  readonly nonce: bigint
}

/** A method to call before a voucher is accepted: it must not fail. */
export interface VoucherCondition {
  readonly actor: Address
  readonly method: MethodNumber
  readonly data: Uint8Array
}

/** A promise to pay, signed by one party and redeemed by the other. */
export interface SignedVoucher {
  readonly channelAddr: Address
  /** The first epoch at which it can be redeemed. */
  readonly timeLockMin: bigint
  /** The last one, 0 for none. */
  readonly timeLockMax: bigint
  /** The blake2b-256 of the secret to redeem it with; empty for none. */
  readonly secretPreImage: Uint8Array
  readonly extra: VoucherCondition | undefined
  /** Vouchers of one lane replace each other. */
  readonly lane: bigint
  /** Greater than that of any voucher redeemed on the lane before. */
  readonly nonce: bigint
  /** What the lane pays in all, with what it has paid so far. */
  readonly amount: TokenAmount
  /** The channel must not be collected before this epoch; 0 for none. */
  readonly minSettleHeight: bigint
  readonly merges: readonly LaneMerge[]
  readonly signature: Signature | undefined
}

/** A voucher to redeem. */
export interface UpdateChannelStateParameters {
  readonly sv: SignedVoucher
  readonly secret: Uint8Array
}

/** Of the constructor: `[from, to]`. */
export const paymentChannelConstructorParametersCodec: ValueCodec<PaymentChannelConstructorParameters> =
  tupleCodec({
    from: addressCodec,
    to: addressCodec,
  })

/**
 * A signature in a byte string, its kind first. Actors know secp256k1 and BLS only.
 *
 * Source: ref-fvm master shared/src/crypto/signature.rs.
 */
const voucherSignatureCodec: ValueCodec<Signature> = {
  encode: writeSignature,
  decode: (reader) => {
    const bytes = reader.bytes()
    const [type] = bytes
    if (type !== SignatureType.SECP256K1 && type !== SignatureType.BLS)
      throw new IpldError('cbor/out-of-range', `${type} is no kind of signature`)
    return { type, data: bytes.slice(1) }
  },
}

/**
 * `[channel, time lock min, time lock max, secret preimage, [actor, method, data] or null, lane, nonce, amount, min settle height,
 * [[lane, nonce], ...], signature or null]`.
 */
export const signedVoucherCodec: ValueCodec<SignedVoucher> = tupleCodec({
  channelAddr: addressCodec,
  timeLockMin: i64Codec,
  timeLockMax: i64Codec,
  secretPreImage: bytesCodec,
  extra: optionalCodec(tupleCodec({ actor: addressCodec, method: u64Codec, data: bytesCodec })),
  lane: u64Codec,
  nonce: u64Codec,
  amount: tokenAmountCodec,
  minSettleHeight: i64Codec,
  merges: arrayCodec(tupleCodec({ lane: u64Codec, nonce: u64Codec })),
  signature: optionalCodec(voucherSignatureCodec),
})

/** Of UpdateChannelState: `[voucher, secret]`. */
export const updateChannelStateParametersCodec: ValueCodec<UpdateChannelStateParameters> = tupleCodec({
  sv: signedVoucherCodec,
  secret: bytesCodec,
})

/** What the signer of a voucher signs: the voucher without its signature. */
export function voucherSigningBytes(voucher: SignedVoucher): Uint8Array<ArrayBuffer> {
  return encodeValue(signedVoucherCodec, { ...voucher, signature: undefined })
}
