import type { CryptoProvider } from '@troupe/crypto'
import { ExitCode, idAddress, METHOD_CONSTRUCTOR, methodNumber, rulesOf } from '@troupe/hypervisor'
import { DAG_CBOR, encodeIpld } from '@troupe/ipld'
import {
  type ActorContext,
  boolCodec,
  bytesCodec,
  defineActor,
  EventBuilder,
  fail,
  method,
  type NativeActor,
  nativeRuntime,
  tupleCodec,
  u32Codec,
  u64Codec,
} from '@troupe/runtime-native'
import { cborSubject, type RuntimeSubject } from '@troupe/testkit/runtimes'

const CBOR = 0x51
const BURNT_FUNDS = 99n
const RELAY_FAILURE = 40
const gas = { base: 1_000_000 }

const stateCodec = tupleCodec({ n: u64Codec })
const oneNumber = tupleCodec({ n: u64Codec })
const relayCodec = tupleCodec({
  n: u64Codec,
  to: u64Codec,
  method: u64Codec,
  params: bytesCodec,
  value: u64Codec,
  gasLimit: u64Codec,
  readOnly: boolCodec,
  fails: boolCodec,
})
const outcomeCodec = tupleCodec({
  exitCode: u32Codec,
  errorNumber: u32Codec,
  data: bytesCodec,
  kept: u64Codec,
})
const nothingCodec = tupleCodec({})

/** The subject of `runtimeCases`, in TypeScript. */
function createSubject(crypto: CryptoProvider): NativeActor {
  const numbered = (entries: readonly ReturnType<typeof method>[]) =>
    Object.fromEntries(entries.map((entry) => [Number(methodNumber(crypto, entry.name)), entry]))
  return defineActor({
    name: 'subject',
    version: 'runtime-cases',
    gas: { memoryPages: 17, entry: 1_000_000, failure: 500_000 },
    methods: {
      [Number(METHOD_CONSTRUCTOR)]: method({
        name: 'Constructor',
        gas,
        parameters: nothingCodec,
        run: (context) => {
          context.requireCaller(idAddress(1n))
          context.state.create(stateCodec, { n: 0n })
        },
      }),
      ...numbered([
        method({
          name: 'Echo',
          gas,
          parameters: tupleCodec({ data: bytesCodec }),
          returns: bytesCodec,
          run: (context, { data }) => {
            context.acceptAnyCaller()
            return data
          },
        }),
        method({
          name: 'Put',
          gas,
          parameters: oneNumber,
          run: (context, { n }) => {
            context.acceptAnyCaller()
            keep(context, n)
          },
        }),
        method({
          name: 'Get',
          gas,
          parameters: nothingCodec,
          returns: u64Codec,
          run: (context) => {
            context.acceptAnyCaller()
            return context.state.read(stateCodec).n
          },
        }),
        method({
          name: 'Fail',
          gas,
          parameters: tupleCodec({ n: u64Codec, exitCode: u32Codec }),
          run: (context, { n, exitCode }) => {
            context.acceptAnyCaller()
            keep(context, n)
            context.emit(new EventBuilder('announced').field('n', u64Codec, n).build())
            fail(exitCode, 'as it was told')
          },
        }),
        method({
          name: 'Spin',
          gas,
          parameters: nothingCodec,
          run: (context) => {
            context.acceptAnyCaller()
            for (;;) context.chargeGas('turn', 1_000_000n)
          },
        }),
        method({
          name: 'Announce',
          gas,
          parameters: oneNumber,
          run: (context, { n }) => {
            context.acceptAnyCaller()
            context.emit(new EventBuilder('announced').field('n', u64Codec, n).build())
          },
        }),
        method({
          name: 'Balance',
          gas,
          parameters: nothingCodec,
          returns: u64Codec,
          run: (context) => {
            context.acceptAnyCaller()
            return context.balance()
          },
        }),
        method({
          name: 'Caller',
          gas,
          parameters: nothingCodec,
          returns: u64Codec,
          run: (context) => {
            context.acceptAnyCaller()
            return context.message.caller
          },
        }),
        method({
          name: 'Relay',
          gas,
          parameters: relayCodec,
          returns: outcomeCodec,
          run: (context, { n, to, params, fails, ...call }) => {
            context.acceptAnyCaller()
            keep(context, n)
            const parameters = params.length === 0 ? undefined : { codec: CBOR, data: params }
            const result = context.send({ ...call, to: idAddress(to), parameters })
            if (fails) fail(RELAY_FAILURE, 'as it was told')
            const kept = context.state.read(stateCodec).n
            const { error: errorNumber = 0, exitCode = 0 } = result
            const data = (result.error === undefined ? result.data?.data : undefined) ?? new Uint8Array()
            return { exitCode, errorNumber, data, kept }
          },
        }),
        method({
          name: 'Destroy',
          gas,
          parameters: nothingCodec,
          run: (context) => {
            context.acceptAnyCaller()
            context.sendOrFail({ to: idAddress(BURNT_FUNDS), method: 0n, value: context.balance() })
            context.deleteSelf()
          },
        }),
      ] as unknown as ReturnType<typeof method>[]),
    },
  })
}

function keep(context: ActorContext, n: bigint): void {
  context.state.change(stateCodec, (state) => {
    state.n = n
  })
}

/** The runtime for native actors, for `runtimeCases`. */
export function nativeSubject(crypto: CryptoProvider): RuntimeSubject {
  const actor = createSubject(crypto)
  return {
    ...cborSubject(crypto),
    rules: rulesOf(28),
    createRuntime: () => nativeRuntime({ crypto, actors: [actor] }),
    code: actor.descriptor,
    codeCodec: DAG_CBOR,
    construct: encodeIpld([]),
    misconstruct: { params: encodeIpld([1n]), exitCode: ExitCode.USR_SERIALIZATION },
    conventions: {
      failure: (exitCode) => exitCode,
      unknownMethod: ExitCode.USR_UNHANDLED_MESSAGE,
      malformed: ExitCode.USR_SERIALIZATION,
      readOnlyPut: ExitCode.USR_READ_ONLY,
      readOnlyAnnounce: ExitCode.USR_ASSERTION_FAILED,
      readOnlyDestroy: ExitCode.USR_READ_ONLY,
      nothing: new Uint8Array(),
      codec: CBOR,
      isMetered: true,
      keepsGasBack: false,
      fidelity: 'calibrated',
      destroyed: ExitCode.SYS_INVALID_RECEIVER,
    },
    refused: undefined,
    unsupported: { rules: rulesOf(20), code: 'native/unsupported-rules' },
  }
}
