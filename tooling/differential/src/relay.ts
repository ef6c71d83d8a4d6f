import {
  Abort,
  type Address,
  addressCodec,
  ExitCode,
  FIRST_ACTOR_EXIT_CODE,
  type Kernel,
  type MethodNumber,
  NO_BLOCK,
  OPERATIONS,
  SyscallError,
} from '@troupe/hypervisor'
import { decodeValue, type ValueCodec } from '@troupe/ipld'
import {
  boolCodec,
  bytesCodec,
  isDataError,
  optionalCodec,
  tupleCodec,
  u64Codec,
} from '@troupe/runtime-native'
import { type Script, ScriptedRuntime } from '@troupe/testkit'

/** A call that a relay makes. */
export interface RelayedCall {
  to: Address
  method: MethodNumber
  /** Of the parameters. */
  codec: bigint
  /** `undefined` for none. */
  parameters: Uint8Array | undefined
  readOnly: boolean
}

/** Shape: the fields in their order. */
export const relayedCallCodec: ValueCodec<RelayedCall> = tupleCodec({
  to: addressCodec,
  method: u64Codec,
  codec: u64Codec,
  parameters: optionalCodec(bytesCodec),
  readOnly: boolCodec,
})

/** Name of the script. */
const RELAY = 'relay'
const NO_LIMIT = 2n ** 64n - 1n

/** The code block of a relay: an actor that makes one call as it is told to, and ends as that ends. */
export const RELAY_CODE: Uint8Array = ScriptedRuntime.code(RELAY)

/** The runtime of relays. */
export function relayRuntime(): ScriptedRuntime {
  return new ScriptedRuntime({ [RELAY]: relay })
}

const relay: Script = (kernel, handle) => {
  try {
    return passOn(kernel, decodeValue(relayedCallCodec, kernel.blocks.get(handle).data))
  } catch (error) {
    if (error instanceof SyscallError) throw new Abort(FIRST_ACTOR_EXIT_CODE + error.number, error.message)
    if (isDataError(error)) throw new Abort(ExitCode.USR_SERIALIZATION, error.message)
    throw error
  }
}

function passOn(kernel: Kernel, { to, method, codec, parameters, readOnly }: RelayedCall): number {
  const block =
    parameters === undefined
      ? NO_BLOCK
      : perform<{ value: number }>(kernel, 'ipld.blockCreate', codec, parameters).value
  const { exitCode, returnId } = perform<{ exitCode: number; returnId: number }>(
    ...([kernel, 'send.send', to, method, block, 0n, 0n, NO_LIMIT, readOnly ? 1n : 0n] as const),
  )
  if (exitCode !== 0) throw new Abort(exitCode, 'as the callee', returnId)
  return returnId
}

function perform<T>(kernel: Kernel, operation: string, ...parameters: readonly unknown[]): T {
  const run = OPERATIONS[operation] as unknown as (kernel: Kernel, ...parameters: readonly unknown[]) => T
  return run(kernel, ...parameters)
}
