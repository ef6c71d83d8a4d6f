import { ExitCode, NV18, type Runtime } from '@troupe/hypervisor'
import { encodeIpld, RAW } from '@troupe/ipld'
import { CODE_HEADER, sesRuntime } from '@troupe/runtime-ses'
import { cborSubject, type RuntimeConventions, type RuntimeSubject } from '@troupe/testkit/runtimes'
import { bundledScripts, hostParts, hostStore } from './host.ts'
import { crypto, RULES } from './ses-network.ts'

const DAG_CBOR = 0x71
const bytesOf = (script: string): Uint8Array => new TextEncoder().encode(CODE_HEADER + script)

/** The runtime for hardened JavaScript, for `runtimeCases`. */
export async function sesSubject(): Promise<RuntimeSubject> {
  const { sdk } = await bundledScripts()
  const parts = await hostParts(() => sdk)
  const store = await hostStore()
  return subjectOf(() => sesRuntime({ parts, crypto, ...store }), { isMetered: true, fidelity: 'exact' })
}

/** A runtime that runs the same actors. */
export async function subjectOf(
  createRuntime: () => Runtime | Promise<Runtime>,
  conventions: Pick<RuntimeConventions, 'fidelity' | 'isMetered'>,
): Promise<RuntimeSubject> {
  const { subject } = await bundledScripts()
  return {
    ...cborSubject(crypto),
    rules: RULES,
    createRuntime,
    code: new TextEncoder().encode(subject),
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
      keepsGasBack: false,
      ...conventions,
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
