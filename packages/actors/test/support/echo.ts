import {
  acceptExportedMethods,
  bytesCodec,
  defineActor,
  encodeBlock,
  fail,
  method,
  type NativeActor,
} from '@troupe/runtime-native'

const gas = { base: 0 }

/** Returns its parameters at method 2, and fails with them at method 3. */
export const echo: NativeActor = defineActor({
  name: 'echo',
  version: '1',
  gas: { memoryPages: 1, entry: 0 },
  restrictsInternalMethods: false,
  fallback: acceptExportedMethods,
  methods: {
    2: method({
      name: 'Return',
      gas,
      parameters: bytesCodec,
      returns: bytesCodec,
      run: (context, bytes) => {
        context.acceptAnyCaller()
        return bytes
      },
    }),
    3: method({
      name: 'Fail',
      gas,
      parameters: bytesCodec,
      run: (context, bytes) => {
        context.acceptAnyCaller()
        fail(77, 'as it was told', encodeBlock(bytesCodec, bytes))
      },
    }),
  },
})
