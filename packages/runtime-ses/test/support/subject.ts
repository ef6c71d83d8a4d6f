import { fileURLToPath } from 'node:url'
import { bundleActor } from '@troupe/bundle-js'
import { ExitCode, NV18, type Runtime } from '@troupe/hypervisor'
import { encodeIpld, RAW } from '@troupe/ipld'
import { CODE_HEADER } from '@troupe/runtime-ses'
import { createNodeRuntime, createV8Runtime } from '@troupe/runtime-ses/node'
import { cborSubject, type RuntimeSubject } from '@troupe/testkit/runtimes'
import { crypto, RULES, store } from './ses-network.ts'

const DAG_CBOR = 0x71
const ENTRY = fileURLToPath(new URL('subject-actor.ts', import.meta.url))
/** As long as a machine that is busy may take for code that ends. */
const TIMEOUT_MS = 3000

const bytesOf = (script: string): Uint8Array => new TextEncoder().encode(CODE_HEADER + script)

/** The runtime for hardened JavaScript, with either engine, for `runtimeCases`. */
export async function sesSubject(engine: 'wasm' | 'v8'): Promise<RuntimeSubject> {
  const { script } = await bundleActor(ENTRY, { header: CODE_HEADER })
  const createRuntime = (): Promise<Runtime> =>
    engine === 'wasm'
      ? createNodeRuntime({ cache: store.directory })
      : createV8Runtime({ timeoutMs: TIMEOUT_MS })
  return {
    ...cborSubject(crypto),
    rules: RULES,
    createRuntime,
    code: new TextEncoder().encode(script),
    codeCodec: RAW,
    construct: encodeIpld([]),
    misconstruct: { params: encodeIpld([1n]), exitCode: ExitCode.USR_ILLEGAL_ARGUMENT },
    conventions: {
      failure: (exitCode) => exitCode,
      unknownMethod: ExitCode.USR_UNHANDLED_MESSAGE,
      malformed: ExitCode.USR_SERIALIZATION,
      readOnlyPut: ExitCode.USR_READ_ONLY,
      readOnlyAnnounce: ExitCode.USR_READ_ONLY,
      readOnlyDestroy: ExitCode.USR_READ_ONLY,
      nothing: new Uint8Array(),
      codec: DAG_CBOR,
      endless: engine === 'wasm' ? 'gas' : { code: 'ses/timeout' },
      keepsGasBack: false,
      fidelity: engine === 'wasm' ? 'exact' : 'simulated',
      destroyed: ExitCode.SYS_INVALID_RECEIVER,
    },
    refused: [
      {
        what: 'is no JavaScript',
        code: bytesOf('(function (require, exports) { let = 3 ='),
        refusal: 'actor/syntax',
      },
      {
        what: 'is no actor',
        code: bytesOf('(function (require, exports) { exports.default = 7 })'),
        refusal: 'actor/not-an-actor',
      },
    ],
    unsupported: { rules: NV18, code: 'ses/unsupported-rules' },
  }
}
