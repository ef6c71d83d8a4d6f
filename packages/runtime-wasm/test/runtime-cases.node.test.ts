import { loadCrypto } from '@troupe/crypto'
import { compileFixture } from '@troupe/fixtures'
import { ExitCode, NV28, withUserActors } from '@troupe/hypervisor'
import { encodeIpld, RAW } from '@troupe/ipld'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { cborSubject, runtimeCases } from '@troupe/testkit/runtimes'
import { assemble } from './modules.ts'

await runtimeCases('an actor in Wasm', {
  ...cborSubject(await loadCrypto()),
  rules: withUserActors(NV28),
  createRuntime: wasmRuntime,
  code: await compileFixture('subject', { generation: 4 }),
  codeCodec: RAW,
  construct: encodeIpld([]),
  misconstruct: { params: encodeIpld([1n]), exitCode: ExitCode.USR_SERIALIZATION },
  conventions: {
    failure: (exitCode) => exitCode,
    unknownMethod: ExitCode.USR_UNHANDLED_MESSAGE,
    malformed: ExitCode.USR_SERIALIZATION,
    readOnlyPut: ExitCode.USR_READ_ONLY,
    readOnlyAnnounce: ExitCode.USR_ASSERTION_FAILED,
    readOnlyDestroy: ExitCode.USR_ASSERTION_FAILED,
    nothing: new Uint8Array(),
    codec: 0x51,
    isMetered: true,
    keepsGasBack: false,
    fidelity: 'exact',
    destroyed: ExitCode.SYS_INVALID_RECEIVER,
  },
  refused: [
    {
      what: 'uses SIMD',
      code: assemble('(module (func (param v128)))', { simd: true }),
      refusal: 'module/unsupported',
    },
    {
      what: 'is invalid',
      code: assemble('(module (func (i32.const 0)))', {}, false),
      refusal: 'module/invalid',
    },
  ],
  unsupported: undefined,
})
