import {
  AccountMethod,
  authenticateMessageParametersCodec,
  CHANNEL_SETTLED,
  type LaneState,
  laneStateCodec,
  MAX_LANE,
  MAX_SECRET_LENGTH,
  PaymentChannelMethod,
  type PaymentChannelState,
  paymentChannelActor,
  paymentChannelConstructorParametersCodec,
  paymentChannelStateCodec,
  SETTLE_DELAY,
  type SignedVoucher,
  SYSTEM_ACTORS,
  signedVoucherCodec,
  updateChannelStateParametersCodec,
  voucherSigningBytes,
} from '@troupe/actors'
import {
  type Address,
  actorAddress,
  blsAddress,
  ExitCode,
  exitCodeName,
  idAddress,
  SignatureType,
} from '@troupe/hypervisor'
import { decodeValue, encodeValue } from '@troupe/ipld'
import { Amt } from '@troupe/ipld/amt'
import { acceptExportedMethods, boolCodec, defineActor, fail, method } from '@troupe/runtime-native'
import { describe, expect, it } from 'vitest'
import { echo } from './support/echo.ts'
import { createStage, type Stage, type StagedActor } from './support/stage.ts'

const INIT = idAddress(1n)
const CHANNEL = idAddress(200n)
const [PAYER, PAYEE, STRANGER] = [100n, 101n, 102n].map(idAddress) as [Address, Address, Address]
const ECHO = idAddress(300n)
/** A key address that the stage knows to be the channel's. */
const CHANNELS_KEY = blsAddress(new Uint8Array(48).fill(200))
const NOTHING = new Uint8Array()
const SIGNED = { type: SignatureType.BLS, data: Uint8Array.of(1) }
const { COLLECT, SETTLE, UPDATE_CHANNEL_STATE } = PaymentChannelMethod

/** An account that answers for a signature as its first byte says: 1 it is right, 2 it is wrong; others make it fail. */
const account = defineActor({
  name: 'account',
  version: 'credulous',
  gas: { memoryPages: 1, entry: 0 },
  fallback: acceptExportedMethods,
  methods: {
    [AccountMethod.AUTHENTICATE_MESSAGE]: method({
      name: 'AuthenticateMessage',
      gas: { base: 0 },
      parameters: authenticateMessageParametersCodec,
      returns: boolCodec,
      run: (context, { signature }) => {
        context.acceptAnyCaller()
        const [verdict] = signature
        if (verdict !== 1 && verdict !== 2) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the signature is invalid')
        return verdict === 1
      },
    }),
  },
})

const VOUCHER: SignedVoucher = {
  ...{ channelAddr: CHANNEL, timeLockMin: 0n, timeLockMax: 0n, secretPreImage: NOTHING, extra: undefined },
  ...{ lane: 0n, nonce: 1n, amount: 1n, minSettleHeight: 0n, merges: [], signature: SIGNED },
}

/** A channel on a stage. Expectations are those of builtin-actors v18 actors/paych/tests/paych_actor_test.rs. */
class Harness {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  static async create(): Promise<Harness> {
    const actors = new Map<bigint, StagedActor>([
      [200n, { code: 'paymentchannel', key: CHANNELS_KEY }],
      [300n, { code: 'echo' }],
    ])
    for (const id of [100n, 101n, 102n])
      actors.set(id, {
        code: 'account',
        balance: 10n ** 18n,
        key: blsAddress(new Uint8Array(48).fill(Number(id))),
      })
    const others = SYSTEM_ACTORS.filter(({ name }) => name !== 'account')
    return new Harness(await createStage([...others, account, paymentChannelActor], [echo], actors))
  }

  /** One between payer and payee, at an epoch, with lanes that have redeemed 1, 2, 3, ... by nonces 1, 2, 3, ... */
  static async constructed(balance = 9n, lanes = 0, epoch = 10n): Promise<Harness> {
    const harness = await Harness.create()
    harness.stage.enter(epoch)
    harness.send(STRANGER, 0, NOTHING, balance)
    expect(harness.construct(PAYER, PAYEE)).toBe('OK')
    for (let i = 1n; i <= BigInt(lanes); i++)
      expect(harness.update({ lane: i - 1n, nonce: i, amount: i })).toBe('OK')
    return harness
  }

  get state(): PaymentChannelState {
    return decodeValue(paymentChannelStateCodec, this.stage.stateOf(200n))
  }

  lane(lane: bigint): LaneState | undefined {
    return Amt.load(this.stage.store, this.state.laneStates, { value: laneStateCodec }).get(lane)
  }

  send(from: Address, method: number, params: Uint8Array, value = 0n): string {
    const message = { from, to: CHANNEL, method: BigInt(method), params, value, kind: 'implicit' } as const
    return exitCodeName(this.stage.apply(message).receipt.exitCode)
  }

  construct(from: Address, to: Address): string {
    return this.send(INIT, 1, encodeValue(paymentChannelConstructorParametersCodec, { from, to }))
  }

  update(voucher: Partial<SignedVoucher>, secret: Uint8Array = NOTHING, from: Address = PAYEE): string {
    const params = encodeValue(updateChannelStateParametersCodec, { sv: { ...VOUCHER, ...voucher }, secret })
    return this.send(from, UPDATE_CHANNEL_STATE, params)
  }
}

describe('Constructor', () => {
  it('resolves both parties, and is for the init actor', async () => {
    const harness = await Harness.create()
    const stranger = blsAddress(new Uint8Array(48).fill(7))
    expect(harness.construct(blsAddress(new Uint8Array(48).fill(100)), stranger)).toBe('OK')
    expect(harness.state).toMatchObject({ from: { id: 100n }, to: { id: 1000n }, toSend: 0n, settlingAt: 0n })
    const params = encodeValue(paymentChannelConstructorParametersCodec, { from: PAYER, to: PAYEE })
    expect(harness.send(PAYER, 1, params)).toBe('USR_FORBIDDEN')
  })

  it('refuses parties that do not exist', async () => {
    const harness = await Harness.create()
    expect(harness.construct(PAYER, idAddress(999n))).toBe('USR_NOT_FOUND')
    expect(harness.construct(idAddress(999n), PAYEE)).toBe('USR_NOT_FOUND')
    expect(harness.construct(actorAddress(harness.stage.crypto, NOTHING), PAYEE)).toBe('USR_UNSPECIFIED')
  })

  it('writes a state that is a tuple in the order of its fields', async () => {
    const harness = await Harness.constructed()
    const { laneStates } = harness.state
    expect(harness.stage.stateOf(200n).toHex()).toBe(
      `864200644200654000${'00'}d82a582700${laneStates.bytes.toHex()}`,
    )
    expect(harness.stage.store.getBlock(laneStates).toHex()).toBe('84030000' + '8341008080')
  })
})

describe('UpdateChannelState', () => {
  it.each([
    ['a voucher', {}, 'OK'],
    ['one of another channel', { channelAddr: idAddress(210n) }, 'USR_ILLEGAL_ARGUMENT'],
    ['one of no channel', { channelAddr: blsAddress(new Uint8Array(48).fill(8)) }, 'USR_ILLEGAL_ARGUMENT'],
    ['one that names the channel by another address', { channelAddr: CHANNELS_KEY }, 'OK'],
    ['a negative amount', { amount: -1n }, 'USR_ILLEGAL_ARGUMENT'],
    ['more than there is', { amount: 10n }, 'USR_ILLEGAL_ARGUMENT'],
    ['all that there is', { amount: 9n }, 'OK'],
    ['no signature', { signature: undefined }, 'USR_ILLEGAL_ARGUMENT'],
    ['a wrong signature', { signature: { ...SIGNED, data: Uint8Array.of(2) } }, 'USR_ILLEGAL_ARGUMENT'],
    ['an invalid signature', { signature: { ...SIGNED, data: Uint8Array.of(3) } }, 'USR_ILLEGAL_ARGUMENT'],
    ['one that is too early', { timeLockMin: 11n }, 'USR_ILLEGAL_ARGUMENT'],
    ['one that is early enough', { timeLockMin: 10n }, 'OK'],
    ['one that has expired', { timeLockMax: 9n }, 'USR_ILLEGAL_ARGUMENT'],
    ['one that has not', { timeLockMax: 10n }, 'OK'],
    ['the last lane', { lane: MAX_LANE }, 'OK'],
    ['a lane too far', { lane: MAX_LANE + 1n }, 'USR_ILLEGAL_ARGUMENT'],
  ] as const)('decides on %s', async (_, voucher, exit) => {
    const harness = await Harness.constructed()
    expect(harness.update(voucher)).toBe(exit)
    const { lane, nonce, amount } = { ...VOUCHER, ...voucher }
    if (exit === 'OK') expect(harness.lane(lane)).toEqual({ redeemed: amount, nonce })
    expect(harness.state.toSend).toBe(exit === 'OK' ? amount : 0n)
  })

  it('is for the two parties, each by the signature of the other', async () => {
    const harness = await Harness.constructed()
    expect(harness.update({}, NOTHING, STRANGER)).toBe('USR_FORBIDDEN')
    expect(harness.update({}, NOTHING, PAYER)).toBe('OK')
    const asked: bigint[] = []
    const params = encodeValue(updateChannelStateParametersCodec, {
      sv: { ...VOUCHER, nonce: 2n },
      secret: NOTHING,
    })
    const message = { from: PAYEE, to: CHANNEL, method: 2n, params, kind: 'implicit' } as const
    harness.stage.apply(message, (event) => {
      if (event.type === 'call' && event.to.id !== undefined && event.method > 2n) asked.push(event.to.id)
    })
    expect(asked).toEqual([100n])
  })

  it('replaces what a lane has redeemed by vouchers with greater nonces', async () => {
    const harness = await Harness.constructed(9n, 1)
    expect(harness.update({ nonce: 1n, amount: 5n })).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.update({ nonce: 2n, amount: 5n })).toBe('OK')
    expect(harness.state.toSend).toBe(5n)
    expect(harness.update({ nonce: 3n, amount: 2n })).toBe('OK')
    expect(harness.state.toSend).toBe(2n)
  })

  it('merges lanes into another, so that nothing is paid twice', async () => {
    const harness = await Harness.constructed(1000n, 3)
    const merges = [
      { lane: 1n, nonce: 5n },
      { lane: 2n, nonce: 6n },
    ]
    expect(harness.state.toSend).toBe(6n)
    expect(harness.update({ lane: 0n, nonce: 8n, amount: 20n, merges })).toBe('OK')
    // 20, less what the three lanes have redeemed before.
    expect(harness.state.toSend).toBe(6n + 20n - 1n - 2n - 3n)
    expect([0n, 1n, 2n].map((lane) => harness.lane(lane))).toEqual([
      { redeemed: 20n, nonce: 8n },
      { redeemed: 2n, nonce: 5n },
      { redeemed: 3n, nonce: 6n },
    ])
  })

  it.each([
    ['its own lane', { nonce: 8n, merges: [{ lane: 0n, nonce: 5n }] }],
    ['a lane that does not exist', { nonce: 8n, merges: [{ lane: 999n, nonce: 5n }] }],
    ['a lane with an old nonce', { nonce: 8n, merges: [{ lane: 1n, nonce: 2n }] }],
    [
      'lanes that make the sum negative',
      {
        nonce: 8n,
        amount: 0n,
        lane: 5n,
        merges: [
          { lane: 1n, nonce: 9n },
          { lane: 1n, nonce: 10n },
          { lane: 1n, nonce: 11n },
          { lane: 1n, nonce: 12n },
        ],
      },
    ],
    ['a lane that is too far', { nonce: 8n, merges: [{ lane: MAX_LANE + 1n, nonce: 9n }] }],
  ])('does not merge %s', async (_, voucher) => {
    const harness = await Harness.constructed(1000n, 3)
    expect(harness.update(voucher)).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.state.toSend).toBe(6n)
  })

  it('asks for a secret', async () => {
    const harness = await Harness.constructed()
    const secret = new Uint8Array(MAX_SECRET_LENGTH).fill(1)
    const secretPreImage = harness.stage.crypto.blake2b(secret, 32)
    expect(harness.update({ secretPreImage }, secret.subarray(1))).toBe('USR_ILLEGAL_ARGUMENT')
    expect(harness.update({ secretPreImage }, new Uint8Array(MAX_SECRET_LENGTH + 1))).toBe(
      'USR_ILLEGAL_ARGUMENT',
    )
    expect(harness.update({ secretPreImage }, secret)).toBe('OK')
  })

  it('asks another actor', async () => {
    const harness = await Harness.constructed()
    const data = Uint8Array.of(0x41, 5)
    expect(harness.update({ extra: { actor: ECHO, method: 3n, data } })).toBe('ACTOR_77')
    expect(harness.update({ extra: { actor: idAddress(999n), method: 3n, data } })).toBe('USR_UNSPECIFIED')
    expect(harness.update({ extra: { actor: ECHO, method: 2n, data } })).toBe('OK')
  })

  it('puts settling off', async () => {
    const harness = await Harness.constructed(100n)
    expect(harness.send(PAYER, SETTLE, NOTHING)).toBe('OK')
    const settlingAt = 10n + SETTLE_DELAY
    const cases = [
      [0n, 0n, settlingAt],
      [2n, 2n, settlingAt],
      [12n, 12n, settlingAt],
      [settlingAt + 1n, settlingAt + 1n, settlingAt + 1n],
    ] as const
    for (const [index, [minSettleHeight, height, settling]] of cases.entries()) {
      expect(harness.update({ minSettleHeight, nonce: BigInt(index + 1) })).toBe('OK')
      expect(harness.state).toMatchObject({ minSettleHeight: height, settlingAt: settling })
    }
  })

  it('ends when the channel has settled', async () => {
    const harness = await Harness.constructed()
    expect(harness.send(PAYER, SETTLE, NOTHING)).toBe('OK')
    harness.stage.enter(harness.state.settlingAt - 1n)
    expect(harness.update({})).toBe('OK')
    harness.stage.enter(harness.state.settlingAt)
    expect(harness.update({ nonce: 2n })).toBe(exitCodeName(CHANNEL_SETTLED))
  })
})

describe('Settle', () => {
  it('waits for twelve hours, or for as long as the vouchers say', async () => {
    const harness = await Harness.constructed()
    expect(harness.send(STRANGER, SETTLE, NOTHING)).toBe('USR_FORBIDDEN')
    expect(harness.send(PAYEE, SETTLE, NOTHING)).toBe('OK')
    expect(harness.state.settlingAt).toBe(10n + SETTLE_DELAY)
    expect(harness.send(PAYEE, SETTLE, NOTHING)).toBe('USR_ILLEGAL_STATE')

    const later = await Harness.constructed()
    const minSettleHeight = 11n + SETTLE_DELAY
    expect(later.update({ minSettleHeight })).toBe('OK')
    expect(later.state.settlingAt).toBe(0n)
    expect(later.send(PAYER, SETTLE, NOTHING)).toBe('OK')
    expect(later.state.settlingAt).toBe(minSettleHeight)
  })
})

describe('Collect', () => {
  it('pays both parties, and ends the channel', async () => {
    const harness = await Harness.constructed(100n)
    expect(harness.update({ amount: 30n })).toBe('OK')
    expect(harness.send(PAYER, COLLECT, NOTHING)).toBe('USR_FORBIDDEN')
    expect(harness.send(PAYER, SETTLE, NOTHING)).toBe('OK')
    expect(harness.send(PAYER, COLLECT, NOTHING)).toBe('USR_FORBIDDEN')
    harness.stage.enter(harness.state.settlingAt)
    expect(harness.send(STRANGER, COLLECT, NOTHING)).toBe('USR_FORBIDDEN')
    const before = [100n, 101n].map((id) => harness.stage.actor(id)?.balance ?? 0n)
    expect(harness.send(PAYEE, COLLECT, NOTHING)).toBe('OK')
    const after = [100n, 101n].map((id) => harness.stage.actor(id)?.balance ?? 0n)
    expect(after.map((balance, i) => balance - (before[i] ?? 0n))).toEqual([70n, 30n])
    expect(harness.stage.actor(200n)).toBeUndefined()
  })
})

describe('vouchers', () => {
  it('are signed without their signature', () => {
    const condition = { actor: ECHO, method: 2n, data: Uint8Array.of(1) }
    const voucher = { ...VOUCHER, extra: condition, merges: [{ lane: 2n, nonce: 3n }] }
    expect(encodeValue(signedVoucherCodec, voucher).toHex()).toBe(
      `8b4300c801000040${'834300ac02024101'}0001420001${'00'}81820203${'420201'}`,
    )
    expect(voucherSigningBytes(voucher).toHex()).toBe(
      `8b4300c801000040${'834300ac02024101'}0001420001${'00'}81820203${'f6'}`,
    )
  })

  it('are refused with a signature of no kind that actors know', async () => {
    const harness = await Harness.constructed()
    const params = encodeValue(updateChannelStateParametersCodec, { sv: VOUCHER, secret: NOTHING })
    const at = params.length - 3
    expect(params[at]).toBe(SignatureType.BLS)
    expect(harness.send(PAYEE, UPDATE_CHANNEL_STATE, params.with(at, SignatureType.DELEGATED))).toBe(
      'USR_SERIALIZATION',
    )
    expect(harness.send(PAYEE, UPDATE_CHANNEL_STATE, params.with(at, SignatureType.SECP256K1))).toBe('OK')
  })
})
