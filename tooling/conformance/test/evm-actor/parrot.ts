import { CBOR, RAW } from '@troupe/ipld'
import {
  type ActorContext,
  ActorError,
  defineActor,
  type NativeActor,
  type NativeMethod,
  type SentBlock,
} from '@troupe/runtime-native'

/** Methods of the parrot, by what they do. */
export const PARROT = {
  /** Returns four bytes in a raw block. */
  answer: 2048n,
  /** Fails with exit code 33 and the same four bytes. */
  refuse: 2049n,
  /** Returns its parameters. */
  repeat: 2050n,
} as const

/** What it answers. */
export const ANSWER: Uint8Array = Uint8Array.of(0xde, 0xad, 0xbe, 0xef)
/** `InvokeEVM`, which contracts call. */
const INVOKE = 3_844_450_837

function answering(
  name: string,
  answer: (block: SentBlock | undefined) => SentBlock | undefined,
): NativeMethod {
  return {
    name,
    call: (context: ActorContext, parameters) => {
      context.acceptAnyCaller()
      return answer(parameters)
    },
  }
}

/** An actor of native code that says what it is told to. */
export const parrot: NativeActor = defineActor({
  name: 'parrot',
  version: '1',
  restrictsInternalMethods: false,
  gas: { memoryPages: 1, entry: 1_000_000 },
  methods: {
    [Number(PARROT.answer)]: answering('Answer', () => ({ codec: RAW, data: ANSWER })),
    [Number(PARROT.refuse)]: answering('Refuse', () => {
      throw new ActorError(33, 'no', { codec: RAW, data: ANSWER })
    }),
    [Number(PARROT.repeat)]: answering('Repeat', (block) => block),
    [INVOKE]: answering('Invoke', (block) => block && { codec: CBOR, data: block.data }),
  },
})
