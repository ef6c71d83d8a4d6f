import { ExitCode } from '@troupe/hypervisor'
import { CBOR, CborWriter, DAG_CBOR, decodeValue, encodeValue, RAW, type ValueCodec } from '@troupe/ipld'
import type { ActorContext } from './actor-context.ts'
import { ActorError, fail, isDataError, withExitCode } from './actor-error.ts'
import type { MethodGas } from './execution-gas.ts'
import type { SentBlock } from './sends.ts'

/** A method of a native actor, as its dispatcher calls it. */
export interface NativeMethod {
  /** As in the reference; of exported methods the name that the number is made of. */
  readonly name: string
  /** Decodes the parameters, runs the method, encodes what it returns. @throws {ActorError} */
  call(context: ActorContext, parameters: SentBlock | undefined): SentBlock | undefined
}

/** What a method is made of. */
export interface MethodOptions<P, R> {
  readonly name: string
  /** How parameters are read. Without it, the method takes none. */
  readonly parameters?: ValueCodec<P>
  /** Whether parameters may be the raw bytes that are otherwise a CBOR byte string, as the reference has it for a type that is one. Default: `false`. */
  readonly takesRawBytes?: boolean
  /** What stands for parameters that are not given. Without it, they must be. */
  readonly defaultParameters?: () => P
  /** How the return value is written. Without it, the method returns none. */
  readonly returns?: ValueCodec<R>
  readonly gas: MethodGas
  /** The method: synchronous, and a function of nothing but what it is given. */
  run(context: ActorContext, parameters: P): R
}

/**
 * A method with typed parameters and return value.
 *
 * Parameters where none are expected, and none where some are, are USR_ILLEGAL_ARGUMENT; parameters that cannot be decoded, USR_SERIALIZATION.
 *
 * Source: builtin-actors v18 runtime/src/dispatch.rs.
 */
export function method<P = undefined, R = void>(options: MethodOptions<P, R>): NativeMethod {
  const { name, parameters: codec, takesRawBytes, defaultParameters, returns, gas } = options
  const read = (block: SentBlock | undefined): P => {
    if (codec === undefined) {
      if (block !== undefined) fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the method takes no parameters')
      return undefined as P
    }
    if (block !== undefined) return decodeBlock(codec, block, takesRawBytes)
    if (defaultParameters !== undefined) return defaultParameters()
    return fail(ExitCode.USR_ILLEGAL_ARGUMENT, 'the method takes parameters')
  }
  return {
    name,
    call: (context, block) => {
      const value = read(block)
      context.gas.begin(gas, block?.data.length ?? 0)
      const result = options.run(context, value)
      return returns === undefined ? undefined : encodeBlock(returns, result)
    },
  }
}

/**
 * The value of a block of parameters or of a return.
 *
 * Source: ref-fvm ipld/encoding/src/ipld_block.rs.
 * @param takesRawBytes whether a raw block stands for what its bytes are as a CBOR byte string; otherwise it is refused
 * @throws {ActorError} USR_SERIALIZATION
 */
export function decodeBlock<V>(codec: ValueCodec<V>, block: SentBlock, takesRawBytes = false): V {
  try {
    if (block.codec === CBOR || block.codec === DAG_CBOR) return decodeValue(codec, block.data)
    if (block.codec === RAW && takesRawBytes)
      return decodeValue(codec, new CborWriter(block.data.length + 9).bytes(block.data).finish())
    return fail(ExitCode.USR_SERIALIZATION, `a block of codec 0x${block.codec.toString(16)}`)
  } catch (error) {
    if (isDataError(error)) throw new ActorError(ExitCode.USR_SERIALIZATION, error.message)
    throw error
  }
}

/** The value that a call returned, which it had to. @throws {ActorError} USR_ASSERTION_FAILED where it did not; USR_SERIALIZATION */
export function decodeReturn<V>(codec: ValueCodec<V>, block: SentBlock | undefined): V {
  if (block === undefined) fail(ExitCode.USR_ASSERTION_FAILED, 'a call returned nothing')
  return decodeBlock(codec, block)
}

/** A block of CBOR. @throws {ActorError} USR_SERIALIZATION */
export function encodeBlock<V>(codec: ValueCodec<V>, value: V): SentBlock {
  const data = withExitCode(ExitCode.USR_SERIALIZATION, 'a value cannot be encoded', () =>
    encodeValue(codec, value),
  )
  return { codec: CBOR, data }
}

/** A block of parameters that are encoded already: none where there are no bytes. */
export function encodedBlock(data: Uint8Array): SentBlock | undefined {
  return data.length === 0 ? undefined : { codec: CBOR, data }
}
