import {
  execParametersCodec,
  execReturnCodec,
  type LaneMerge,
  laneStateCodec,
  type PaymentChannelState,
  paymentChannelActor,
  paymentChannelConstructorParametersCodec,
  paymentChannelStateCodec,
  type SignedVoucher,
  updateChannelStateParametersCodec,
  voucherSigningBytes,
} from '@troupe/actors'
import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorId,
  type Address,
  blsAddress,
  idAddress,
  type MessageResult,
  SignatureType,
} from '@troupe/hypervisor'
import { decodeValue, encodeValue } from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { type Key, secp256k1Key } from '../keys.ts'
import { isExec, type Play, type PlayedMessage, type View } from './play.ts'
import type { Random } from './random.ts'

const ACCOUNTS = [100n, 101n, 102n, 103n]
const FIL = 10n ** 18n
const EXPORTED = 2n ** 24n

/** Random messages to payment channels, most of them sensible. */
class PaymentChannelMessages {
  readonly #view: View
  readonly #keys: ReadonlyMap<ActorId, Key>
  readonly #random: Random
  readonly #channels: { readonly id: ActorId; readonly robust: Address | undefined }[] = []

  constructor(view: View, random: Random) {
    this.#view = view
    this.#keys = new Map(ACCOUNTS.map((id) => [id, keyOf(view.crypto, id)]))
    this.#random = random
  }

  next(): PlayedMessage {
    const random = this.#random
    if (this.#channels.length === 0 || random.chance(this.#channels.length < 5 ? 10 : 3)) return this.#exec()
    // The last ones are used most, so that channels are settled and collected.
    const channel = random.chance(80) ? random.pick(this.#channels.slice(-4)) : random.pick(this.#channels)
    const to = idAddress(channel.id)
    return random.weighted<() => PlayedMessage>([
      [80, () => this.#update(channel.id, channel.robust)],
      [4, () => ({ from: this.#party(channel.id), to, method: 3n })],
      [6, () => ({ from: this.#party(channel.id), to, method: 4n })],
      [3, () => ({ from: this.#account(), to, method: 0n, value: BigInt(random.below(100)) * FIL })],
      [
        3,
        () => ({
          from: this.#account(),
          to,
          method: random.pick([1n, 2n, 3n, 4n, 5n, EXPORTED]),
          params: random.bytes(random.below(8)),
        }),
      ],
    ])()
  }

  learn({ to }: PlayedMessage, result: MessageResult): void {
    if (!isExec(to, result)) return
    const { idAddress: address, robustAddress } = decodeValue(execReturnCodec, result.receipt.returnData)
    if (address.id !== undefined) this.#channels.push({ id: address.id, robust: robustAddress })
  }

  #key(account: ActorId): Key {
    return this.#keys.get(account) ?? keyOf(this.#view.crypto, account)
  }

  #account(): Address {
    return idAddress(this.#random.pick(ACCOUNTS))
  }

  #state(channel: ActorId): PaymentChannelState | undefined {
    const state = this.#view.stateOf(channel)
    return state && decodeValue(paymentChannelStateCodec, state)
  }

  #party(channel: ActorId): Address {
    const state = this.#state(channel)
    if (state === undefined || this.#random.chance(4)) return this.#account()
    const party = this.#random.pick([state.from, state.to])
    return party.id !== undefined && ACCOUNTS.includes(party.id) ? party : this.#account()
  }

  #somebody(): Address {
    const random = this.#random
    return random.weighted<() => Address>([
      [30, () => this.#account()],
      [5, () => this.#key(random.pick(ACCOUNTS)).address],
      [1, () => blsAddress(random.bytes(48))],
      [1, () => idAddress(900n)],
      [1, () => idAddress(99n)],
    ])()
  }

  #exec(): PlayedMessage {
    const params = encodeValue(paymentChannelConstructorParametersCodec, {
      from: this.#somebody(),
      to: this.#somebody(),
    })
    return {
      from: this.#account(),
      to: idAddress(1n),
      method: 2n,
      value: BigInt(this.#random.below(1000)) * FIL,
      params: (codeOf) =>
        encodeValue(execParametersCodec, { code: codeOf('paymentchannel'), constructorParameters: params }),
    }
  }

  #update(channel: ActorId, robust: Address | undefined): PlayedMessage {
    const random = this.#random
    const state = this.#state(channel)
    const from = this.#party(channel)
    const other = state === undefined || state.from.id !== from.id ? state?.from : state.to
    const secret = random.chance(25)
      ? random.bytes(random.chance(5) ? 255 + random.below(3) : random.below(64))
      : new Uint8Array()
    const unsigned = this.#voucher(channel, robust, state, secret)
    const signature = this.#sign(unsigned, other?.id ?? 100n)
    const sv = { ...unsigned, signature }
    const given = random.chance(95) ? secret : random.bytes(3)
    const params = encodeValue(updateChannelStateParametersCodec, { sv, secret: given })
    return { from, to: idAddress(channel), method: 2n, params }
  }

  #voucher(
    channel: ActorId,
    robust: Address | undefined,
    state: PaymentChannelState | undefined,
    secret: Uint8Array,
  ): SignedVoucher {
    const random = this.#random
    const { crypto, epoch, store } = this.#view
    const lanes =
      state === undefined ? undefined : Amt.load(store, state.laneStates, { value: laneStateCodec })
    const known = lanes === undefined ? [] : [...lanes.entries()]
    const lane = random.weighted<() => bigint>([
      [8, () => (known.length > 0 ? random.pick(known)[0] : 0n)],
      [6, () => BigInt(random.below(20))],
      [1, () => BigInt(random.below(100_000))],
      [1, () => random.pick([2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n])],
    ])()
    const old = known.find(([index]) => index === lane)?.[1]
    const merges: LaneMerge[] = []
    while (known.length > 1 && random.chance(25)) {
      const [index, { nonce }] = random.pick(known)
      if (index === lane && random.chance(90)) continue
      merges.push({ lane: random.chance(95) ? index : index + 1n, nonce: nonce + BigInt(random.below(8)) })
    }
    return {
      channelAddr: random.weighted([
        [20, idAddress(channel)],
        [10, robust ?? idAddress(channel)],
        [1, idAddress(channel + 1n)],
        [1, blsAddress(new Uint8Array(48).fill(9))],
      ]),
      timeLockMin: random.chance(90) ? 0n : epoch + BigInt(random.below(5) - 3),
      timeLockMax: random.chance(90) ? 0n : epoch + BigInt(random.below(5) - 1),
      secretPreImage: secret.length === 0 ? secret : crypto.blake2b(secret, 32),
      extra: random.chance(85)
        ? undefined
        : {
            actor: this.#somebody(),
            method: random.pick([0n, 1n, 2n, 77n, EXPORTED, EXPORTED + 5n]),
            data: random.bytes(random.below(5)),
          },
      lane,
      nonce: (old?.nonce ?? 0n) + BigInt(random.below(6)),
      amount: (old?.redeemed ?? 0n) + BigInt(random.below(40) - 6) * FIL,
      minSettleHeight: random.chance(80) ? 0n : epoch + BigInt(random.below(3000) - 200),
      merges,
      signature: undefined,
    }
  }

  #sign(voucher: SignedVoucher, signer: ActorId): SignedVoucher['signature'] {
    const random = this.#random
    if (random.chance(2)) return undefined
    if (random.chance(2)) return { type: SignatureType.BLS, data: random.bytes(96) }
    if (random.chance(1)) return { type: SignatureType.SECP256K1, data: random.bytes(64) }
    const data = random.chance(97) ? voucherSigningBytes(voucher) : random.bytes(30)
    const key = random.chance(97) ? signer : random.pick(ACCOUNTS)
    return {
      // The kind is part of no message to the account.
      type: random.chance(97) ? SignatureType.SECP256K1 : SignatureType.BLS,
      data: this.#key(key).sign(data),
    }
  }
}

function keyOf(crypto: CryptoProvider, account: ActorId): Key {
  return secp256k1Key(crypto, Number(account))
}

/** Payment channels: made, fed with vouchers, settled and collected, over epochs. */
export const paymentChannelPlay: Play = {
  actor: 'paymentchannel',
  native: paymentChannelActor,
  leap: 400,
  world: (crypto) => ({
    accounts: ACCOUNTS.map((id) => ({ address: keyOf(crypto, id).address, balance: 10n ** 6n * FIL })),
    actors: [],
  }),
  start: (view, random) => new PaymentChannelMessages(view, random),
}
