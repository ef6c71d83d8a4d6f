import { ExitCode, FIRST_EXPORTED_METHOD_NUMBER } from '@troupe/hypervisor'
import { CborWriter } from '@troupe/ipld'
import type { ActorContext } from './actor-context.ts'
import { fail } from './actor-error.ts'
import { builtinActorOfType } from './builtin-actors.ts'
import { NativeError } from './errors.ts'
import type { ActorGas } from './execution-gas.ts'
import type { NativeMethod } from './method.ts'
import type { SentBlock } from './sends.ts'
import { trampoline } from './trampoline.ts'

/** What answers to the numbers that no method has. */
export type Fallback = (
  context: ActorContext,
  method: bigint,
  parameters: SentBlock | undefined,
) => SentBlock | undefined

/** What a native actor is made of. */
export interface NativeActorOptions {
  /** A name of the manifest (`init`, ...), or one of one's own. */
  readonly name: string
  /** Two versions of an actor have two codes. */
  readonly version: string
  /** By method number, 1 to 2^53-1; those of exported methods are their names' (`methodNumber`). */
  readonly methods: Readonly<Record<number, NativeMethod>>
  /** Without it, numbers that no method has are USR_UNHANDLED_MESSAGE. */
  readonly fallback?: Fallback
  /** Whether methods below 2^24 are for built-in actors only. Default: `true`. */
  readonly restrictsInternalMethods?: boolean
  readonly gas: ActorGas
}

/** An actor written in TypeScript. */
export interface NativeActor extends NativeActorOptions {
  /** The block that stands for its code; its CID is the code's. */
  readonly descriptor: Uint8Array
  /**
   * Runs one invocation to its end.
   * @param parameters handle of the parameter block, 0 for none
   * @returns handle of the return block, 0 for none
   * @throws {Abort | OutOfGas | ProtocolFatal} as it ends
   */
  invoke(context: ActorContext, parameters: number): number
}

/** First field of every descriptor. */
export const DESCRIPTOR_TAG = 'troupe/native-actor'

/** The block that stands for the code of a native actor. Shape: DAG-CBOR tuple `[tag, name, version]`. */
export function describeActor(name: string, version: string): Uint8Array {
  return new CborWriter().array(3).text(DESCRIPTOR_TAG).text(name).text(version).finish()
}

/** Defines an actor. @throws {NativeError} native/broken-actor for a method 0, which no code is run for */
export function defineActor(options: NativeActorOptions): NativeActor {
  const methods = new Map(
    Object.entries(options.methods).map(([number, method]) => [BigInt(number), method] as const),
  )
  if (methods.has(0n)) throw new NativeError('native/broken-actor', `${options.name} has a method 0`)
  const restricts = options.restrictsInternalMethods ?? true
  return {
    ...options,
    descriptor: describeActor(options.name, options.version),
    invoke: trampoline((context, number, parameters) => {
      if (restricts) restrictInternalMethods(context, number)
      const method = methods.get(number)
      if (method !== undefined) return method.call(context, parameters)
      if (options.fallback !== undefined) return options.fallback(context, number, parameters)
      return fail(ExitCode.USR_UNHANDLED_MESSAGE, `there is no method ${number}`)
    }),
  }
}

/**
 * Keeps methods below 2^24 to built-in actors, contracts of the EVM excepted.
 *
 * Source: builtin-actors v18 runtime/src/builtin/shared.rs (`restrict_internal_api`).
 * @throws {ActorError} USR_FORBIDDEN
 */
export function restrictInternalMethods(context: ActorContext, method: bigint): void {
  if (method >= FIRST_EXPORTED_METHOD_NUMBER) return
  const code = context.actors.code(context.message.caller)
  if (code === undefined) fail(ExitCode.USR_FORBIDDEN, 'the caller has no code')
  const type = context.actors.builtinType(code)
  if (type === 0 || builtinActorOfType(type) === 'evm')
    fail(ExitCode.USR_FORBIDDEN, `method ${method} is for built-in actors only`)
}

/** A fallback that takes any exported method and does nothing. Source: builtin-actors v18 actors/account/src/lib.rs (`fallback`). */
export const acceptExportedMethods: Fallback = (context, method) => {
  context.acceptAnyCaller()
  if (method >= FIRST_EXPORTED_METHOD_NUMBER) return undefined
  return fail(ExitCode.USR_UNHANDLED_MESSAGE, `there is no method ${method}`)
}
