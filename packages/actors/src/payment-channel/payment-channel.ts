/**
 * @module The methods of the payment channel actor: one party pays another by vouchers, which are redeemed when it likes.
 *
 * Source: builtin-actors v18.0.0 actors/paych/src/lib.rs.
 */

import { type Address, ExitCode, idAddress, METHOD_SEND } from '@troupe/hypervisor'
import { bytesKey, CBOR } from '@troupe/ipld'
import {
  type ActorContext,
  boolCodec,
  decodeReturn,
  encodeBlock,
  fail,
  resolveToId,
} from '@troupe/runtime-native'
import { AccountMethod, authenticateMessageParametersCodec } from '../builtin/account.ts'
import {
  type PaymentChannelConstructorParameters,
  type SignedVoucher,
  type UpdateChannelStateParameters,
  voucherSigningBytes,
} from './parameters.ts'
import { later, paymentChannelStateCodec, redeemVoucher, storeNoLanes } from './state.ts'

/** Epochs between settling and collecting: twelve hours. */
export const SETTLE_DELAY: bigint = 1440n
/** Most bytes of a secret. */
export const MAX_SECRET_LENGTH = 256
/** Exit code of a voucher that comes after the channel has settled. */
export const CHANNEL_SETTLED: ExitCode = 32

/** Constructor: only the init actor makes payment channels. */
export function construct(context: ActorContext, params: PaymentChannelConstructorParameters): void {
  context.requireCallerType('init')
  const to = idAddress(resolveToId(context, params.to, true))
  const from = idAddress(resolveToId(context, params.from, true))
  const laneStates = storeNoLanes(context.state.store())
  context.state.create(paymentChannelStateCodec, {
    from,
    to,
    toSend: 0n,
    settlingAt: 0n,
    minSettleHeight: 0n,
    laneStates,
  })
}

/** UpdateChannelState: one party redeems a voucher that the other has signed. */
export function updateChannelState(context: ActorContext, params: UpdateChannelStateParameters): void {
  const { from, to, settlingAt } = context.state.read(paymentChannelStateCodec)
  context.requireCaller(from, to)
  const signer = context.message.caller === from.id ? to : from
  const { sv: voucher, secret } = params
  const { signature } = voucher
  if (signature === undefined) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the voucher is not signed')
  if (settlingAt !== 0n && context.network.epoch >= settlingAt)
    fail(CHANNEL_SETTLED, `the channel has settled at epoch ${settlingAt}`)
  if (secret.length > MAX_SECRET_LENGTH)
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the secret has more than ${MAX_SECRET_LENGTH} bytes`)
  authenticate(context, signer, signature.data, voucherSigningBytes(voucher))
  requireChannel(context, voucher.channelAddr)
  requireTerms(context, voucher, secret)
  if (voucher.extra !== undefined) {
    const { actor, method, data } = voucher.extra
    context.sendOrFail({ to: actor, method, parameters: { codec: CBOR, data } })
  }
  context.state.change(paymentChannelStateCodec, (state) => {
    Object.assign(
      state,
      redeemVoucher(context.state.store(), state, voucher, () => context.balance()),
    )
  })
}

/** Settle: one party closes the channel, in twelve hours or when the vouchers say. */
export function settle(context: ActorContext): void {
  context.state.change(paymentChannelStateCodec, (state) => {
    context.requireCaller(state.from, state.to)
    if (state.settlingAt !== 0n) fail(ExitCode.USR_ILLEGAL_STATE, 'the channel is settling already')
    state.settlingAt = later(context.network.epoch + SETTLE_DELAY, state.minSettleHeight)
  })
}

/** Collect: pays both parties, and ends the channel. */
export function collect(context: ActorContext): void {
  const { from, to, toSend, settlingAt } = context.state.read(paymentChannelStateCodec)
  context.requireCaller(from, to)
  if (settlingAt === 0n || context.network.epoch < settlingAt)
    fail(ExitCode.USR_FORBIDDEN, 'the channel has not settled')
  context.sendOrFail({ to, method: METHOD_SEND, value: toSend })
  context.sendOrFail({ to: from, method: METHOD_SEND, value: context.balance() })
  context.deleteSelf()
}

/** Asks the signer's account whether it has signed. */
function authenticate(
  context: ActorContext,
  signer: Address,
  signature: Uint8Array,
  message: Uint8Array,
): void {
  const answer = context.sendOrFail({
    to: signer,
    method: BigInt(AccountMethod.AUTHENTICATE_MESSAGE),
    parameters: encodeBlock(authenticateMessageParametersCodec, { signature, message }),
    readOnly: true,
  })
  const isSigned = decodeReturn(boolCodec, answer)
  if (!isSigned) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the account has not signed the voucher')
}

function requireChannel(context: ActorContext, channel: Address): void {
  const id = context.actors.resolve(channel)
  if (id === undefined) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the channel of the voucher does not exist')
  if (id !== context.message.receiver)
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, `the voucher is for the channel f0${id}`)
}

function requireTerms(context: ActorContext, voucher: SignedVoucher, secret: Uint8Array): void {
  const { epoch } = context.network
  if (epoch < voucher.timeLockMin) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the voucher cannot be redeemed yet')
  if (voucher.timeLockMax !== 0n && epoch > voucher.timeLockMax)
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the voucher has expired')
  if (voucher.amount < 0n) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the amount of the voucher is negative')
  if (voucher.secretPreImage.length === 0) return
  if (bytesKey(context.crypto.blake2b(secret)) !== bytesKey(voucher.secretPreImage))
    fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the secret is wrong')
}
