/**
 * The names of the built-in actors, in the order that gives them their type numbers: the first is 1.
 *
 * Source: builtin-actors v18 vm_api/src/builtin.rs.
 */
export const BUILTIN_ACTORS = [
  'system',
  'init',
  'cron',
  'account',
  'storagepower',
  'storageminer',
  'storagemarket',
  'paymentchannel',
  'multisig',
  'reward',
  'verifiedregistry',
  'datacap',
  'placeholder',
  'evm',
  'eam',
  'ethaccount',
] as const

/** The name of a built-in actor. */
export type BuiltinActor = (typeof BUILTIN_ACTORS)[number]

/** The name of a type number; `undefined` for 0 and for numbers that no name has. */
export function builtinActorOfType(type: number): BuiltinActor | undefined {
  return BUILTIN_ACTORS[type - 1]
}

/** The type number of a name. */
export function typeOfBuiltinActor(name: BuiltinActor): number {
  return BUILTIN_ACTORS.indexOf(name) + 1
}
