import {
  burnParametersCodec,
  DatacapMethod,
  frc46TokenReceivedCodec,
  RECEIVE_METHOD,
  universalReceiverParametersCodec,
} from '@troupe/actors'
import { addressCodec, idAddress } from '@troupe/hypervisor'
import { decodeValue } from '@troupe/ipld'
import {
  boolCodec,
  bytesCodec,
  defineActor,
  encodeBlock,
  fail,
  method,
  type NativeActor,
  tupleCodec,
  u32Codec,
  u64Codec,
} from '@troupe/runtime-native'

const gas = { base: 1_000_000 }

/** What a receiver is told to do. */
export const orderCodec = tupleCodec({
  to: addressCodec,
  method: u64Codec,
  params: bytesCodec,
  codec: u64Codec,
  readOnly: boolCodec,
})

/** The method that orders come by. */
export const ORDER = 2n ** 24n + 1n

const answerCodec = tupleCodec({ exitCode: u32Codec, error: u32Codec, data: bytesCodec })

const order = method({
  name: 'Order',
  gas,
  parameters: orderCodec,
  returns: answerCodec,
  run: (context, { to, method: number, params, codec, readOnly }) => {
    context.acceptAnyCaller()
    const parameters = params.length === 0 ? undefined : { codec: Number(codec), data: params }
    const result = context.send({ to, method: number, parameters, readOnly })
    return result.error === undefined
      ? { exitCode: result.exitCode, error: 0, data: result.data?.data ?? new Uint8Array() }
      : { exitCode: 0, error: result.error, data: new Uint8Array() }
  },
})

function receiver(name: string, receive: NativeActor['methods'][number]): NativeActor {
  return defineActor({
    name,
    version: '1',
    gas: { memoryPages: 1, entry: 1_000_000 },
    methods: { [Number(ORDER)]: order, [Number(RECEIVE_METHOD)]: receive },
  })
}

/** Receives tokens, and answers with what it was told by the operator. */
export const grateful: NativeActor = receiver(
  'grateful',
  method({
    name: 'Receive',
    gas,
    parameters: universalReceiverParametersCodec,
    returns: bytesCodec,
    run: (context, { payload }) => {
      context.acceptAnyCaller()
      return decodeValue(frc46TokenReceivedCodec, payload).operatorData
    },
  }),
)

/** Refuses tokens. */
export const refusing: NativeActor = receiver(
  'refusing',
  method({
    name: 'Receive',
    gas,
    parameters: universalReceiverParametersCodec,
    run: (context) => {
      context.acceptAnyCaller()
      fail(77, 'no, thanks', encodeBlock(u32Codec, 5))
    },
  }),
)

/** Burns what it receives at once. */
export const burning: NativeActor = receiver(
  'burning',
  method({
    name: 'Receive',
    gas,
    parameters: universalReceiverParametersCodec,
    run: (context, { payload }) => {
      context.acceptAnyCaller()
      const { amount } = decodeValue(frc46TokenReceivedCodec, payload)
      context.sendOrFail({
        to: idAddress(context.message.caller),
        method: BigInt(DatacapMethod.BURN),
        parameters: encodeBlock(burnParametersCodec, { amount }),
      })
    },
  }),
)
