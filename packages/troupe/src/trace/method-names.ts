import type { CryptoProvider } from '@troupe/crypto'
import { methodNumber } from '@troupe/hypervisor'
import { type ActorInterface, BUILTIN_INTERFACES, Interfaces } from '@troupe/schema'

/** Names an actor's method: the actor by its name in the manifest, `undefined` where it has none. */
export type MethodNames = (actor: string | undefined, method: bigint) => string | undefined

/** Interfaces of actors whose exported methods have the numbers of FRC-42. Default: those of the built-in actors. */
export function createInterfaces(
  crypto: CryptoProvider,
  actors: readonly ActorInterface[] = BUILTIN_INTERFACES,
): Interfaces {
  return new Interfaces(actors, (name) => methodNumber(crypto, name))
}

/** The names of official actors' methods. Method 0 is `Send` for every actor. */
export function createMethodNames(crypto: CryptoProvider): MethodNames {
  const interfaces = createInterfaces(crypto)
  return (actor, method) => interfaces.method(actor, method)?.name
}
