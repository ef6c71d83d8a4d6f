import { type ActorId, type Address, ExitCode, METHOD_SEND } from '@troupe/hypervisor'
import type { ActorContext } from './actor-context.ts'
import { ActorError, fail } from './actor-error.ts'

/**
 * The id of an address; where it has none, a transfer of nothing may make an actor for it.
 *
 * Source: builtin-actors v18 runtime/src/builtin/shared.rs (`resolve_to_actor_id`).
 * @param mustExist whether there has to be an actor with the id
 * @throws {ActorError} USR_NOT_FOUND; USR_ILLEGAL_ARGUMENT; as the transfer fails
 */
export function resolveToId(context: ActorContext, address: Address, mustExist: boolean): ActorId {
  const id = context.actors.resolve(address) ?? createAndResolve(context, address)
  if (mustExist && context.actors.code(id) === undefined)
    fail(ExitCode.USR_NOT_FOUND, `there is no actor f0${id}`)
  return id
}

function createAndResolve(context: ActorContext, address: Address): ActorId {
  context.sendOrFail({ to: address, method: METHOD_SEND })
  const id = context.actors.resolve(address)
  if (id === undefined)
    throw new ActorError(ExitCode.USR_ILLEGAL_ARGUMENT, 'the address has no actor, and none can be made')
  return id
}
