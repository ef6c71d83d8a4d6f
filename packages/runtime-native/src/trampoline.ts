import { ExitCode, NO_BLOCK, SyscallError } from '@troupe/hypervisor'
import type { ActorContext } from './actor-context.ts'
import { ActorError } from './actor-error.ts'
import { NativeError } from './errors.ts'
import type { SentBlock } from './sends.ts'

/** Runs a method by its number. @throws {ActorError} */
export type Dispatch = (
  context: ActorContext,
  method: bigint,
  parameters: SentBlock | undefined,
) => SentBlock | undefined

/**
 * Makes an invocation of a dispatcher: asks for debugging, reads the message and the parameters, dispatches, makes sure that the caller has been
 * validated, and returns. A failure becomes an exit.
 *
 * Source of the order: builtin-actors v18 runtime/src/runtime/fvm.rs (`trampoline`).
 */
export function trampoline(dispatch: Dispatch): (context: ActorContext, parameters: number) => number {
  return (context, parameters) => {
    try {
      context.startLogging()
      const { method } = context.message
      const result = run(context, dispatch, method, readParameters(context, parameters))
      if (!context.isCallerValidated) context.panic('the method did not validate its caller')
      return result === undefined ? NO_BLOCK : createBlock(context, result)
    } catch (error) {
      // Whatever the actor did not expect the kernel to refuse.
      if (error instanceof SyscallError) return context.panic(`an unexpected refusal: ${error.message}`)
      throw error
    }
  }
}

function run(
  context: ActorContext,
  dispatch: Dispatch,
  method: bigint,
  parameters: SentBlock | undefined,
): SentBlock | undefined {
  try {
    return dispatch(context, method, parameters)
  } catch (error) {
    if (error instanceof ActorError) return exit(context, error)
    throw error
  }
}

function readParameters({ syscalls }: ActorContext, handle: number): SentBlock | undefined {
  if (handle === NO_BLOCK) return undefined
  const { codec, size } = syscalls.call<{ codec: bigint; size: number }>('ipld.block_stat', handle)
  const data = new Uint8Array(size)
  syscalls.call('ipld.block_read', handle, 0, data)
  return { codec: Number(codec), data }
}

function createBlock({ syscalls }: ActorContext, { codec, data }: SentBlock): number {
  return syscalls.call<{ value: number }>('ipld.block_create', BigInt(codec), data).value
}

function exit(context: ActorContext, { exitCode, message, data }: ActorError): never {
  if (exitCode === ExitCode.OK)
    throw new NativeError('native/broken-actor', 'an actor failed with the exit code of success')
  context.gas.fail()
  const block = data === undefined ? NO_BLOCK : createBlock(context, data)
  return context.syscalls.call<never>('vm.exit', exitCode, block, new TextEncoder().encode(message))
}
