import { IpldError } from '@troupe/ipld'
import { CborWriter } from '@troupe/ipld/cbor'
import { EXIT_CODES, SdkError, UNSPECIFIED } from '../errors.ts'
import type { HostBlock } from '../host/host-kernel.ts'
import { toUint8Array } from '../values/bytes.ts'
import { ActorFailure } from './actor-failure.ts'

const CBOR = 0x51

/** Characters of a message that an invocation ends with. */
const MAX_MESSAGE_LENGTH = 1024

/** How an invocation ends that something was thrown in and nobody caught it. */
export interface Failure {
  readonly exitCode: number
  readonly message: string
  /** What the caller is given besides: bytes in CBOR. */
  readonly block?: HostBlock
}

/**
 * What to say of something thrown.
 * @param wanted the last global that the actor looked for and does not have
 */
export function describeFailure(error: unknown, wanted: string | undefined): Failure {
  const { message, ...failure } = tell(error)
  const hint =
    wanted === undefined || !(error instanceof TypeError || error instanceof ReferenceError)
      ? ''
      : ` (there is no global ${wanted})`
  return { ...failure, message: `${message}${hint}`.slice(0, MAX_MESSAGE_LENGTH) }
}

/** What is thrown may have no text where others have one, and then nobody can say what it is. */
function tell(error: unknown): Failure {
  try {
    return describe(error)
  } catch {
    return { exitCode: UNSPECIFIED, message: `a thrown ${typeof error} that cannot be told in words` }
  }
}

function describe(error: unknown): Failure {
  if (error instanceof SdkError)
    return { exitCode: error.exitCode, message: `${error.code}: ${error.message}` }
  if (error instanceof ActorFailure) {
    const { exitCode, message, returned } = error
    if (returned === undefined) return { exitCode, message }
    const data = new CborWriter().bytes(toUint8Array(returned)).finish()
    return { exitCode, message, block: { codec: CBOR, data } }
  }
  if (error instanceof IpldError)
    return {
      exitCode: EXIT_CODES['state/malformed'],
      message: `state/malformed: ${error.code}: ${error.message}`,
    }
  if (error instanceof Error) return { exitCode: UNSPECIFIED, message: `${error.name}: ${error.message}` }
  const text = typeof error === 'string' ? `: ${error}` : ''
  return { exitCode: UNSPECIFIED, message: `a thrown ${typeof error}${text}` }
}
