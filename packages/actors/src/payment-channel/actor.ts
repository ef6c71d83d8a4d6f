import { defineActor, method, type NativeActor } from '@troupe/runtime-native'
import { ACTORS_VERSION } from '../builtin/version.ts'
import { paymentChannelConstructorParametersCodec, updateChannelStateParametersCodec } from './parameters.ts'
import * as channel from './payment-channel.ts'

/** Method numbers of payment channels. */
export const PaymentChannelMethod = {
  CONSTRUCTOR: 1,
  UPDATE_CHANNEL_STATE: 2,
  SETTLE: 3,
  COLLECT: 4,
} as const

/** The payment channel actor: one party pays another by vouchers. */
export const paymentChannelActor: NativeActor = defineActor({
  name: 'paymentchannel',
  version: ACTORS_VERSION,
  gas: { memoryPages: 17, entry: 41_600_000, failure: 6_800_000 },
  methods: {
    [PaymentChannelMethod.CONSTRUCTOR]: method({
      name: 'Constructor',
      parameters: paymentChannelConstructorParametersCodec,
      gas: { base: 24_700_000, perParameterByte: 166_800, perStateByte: 1_017_300 },
      run: channel.construct,
    }),
    [PaymentChannelMethod.UPDATE_CHANNEL_STATE]: method({
      name: 'UpdateChannelState',
      parameters: updateChannelStateParametersCodec,
      gas: { base: 34_500_000, perParameterByte: 158_700, perStateByte: 530_900 },
      run: channel.updateChannelState,
    }),
    [PaymentChannelMethod.SETTLE]: method({
      name: 'Settle',
      gas: { base: 0, perStateByte: 521_300 },
      run: channel.settle,
    }),
    [PaymentChannelMethod.COLLECT]: method({
      name: 'Collect',
      gas: { base: 0, perStateByte: 465_500 },
      run: channel.collect,
    }),
  },
})
