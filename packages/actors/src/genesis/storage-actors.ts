import {
  type ActorId,
  type Address,
  addressCodec,
  DATACAP_ACTOR_ID,
  Executor,
  exitCodeName,
  idAddress,
  type Machine,
  METHOD_CONSTRUCTOR,
  STORAGE_MARKET_ACTOR_ID,
  STORAGE_POWER_ACTOR_ID,
  SYSTEM_ACTOR_ID,
  VERIFIED_REGISTRY_ACTOR_ID,
} from '@troupe/hypervisor'
import { encodeValue } from '@troupe/ipld'
import type { CronEntry } from '../builtin/cron.ts'
import { ActorsError } from '../errors.ts'

/** The actors that keep Filecoin's storage business, by name. */
export type StorageActor = 'storagepower' | 'storagemarket' | 'verifiedregistry' | 'datacap'

/** Their ids. */
export const STORAGE_ACTOR_IDS: Readonly<Record<StorageActor, ActorId>> = {
  storagepower: STORAGE_POWER_ACTOR_ID,
  storagemarket: STORAGE_MARKET_ACTOR_ID,
  verifiedregistry: VERIFIED_REGISTRY_ACTOR_ID,
  datacap: DATACAP_ACTOR_ID,
}

/** What cron calls for those that want it: the power actor's `OnEpochTickEnd`, the market's `CronTick`. */
export function storageCron(actors: readonly StorageActor[]): CronEntry[] {
  const entries: CronEntry[] = []
  if (actors.includes('storagepower'))
    entries.push({ receiver: idAddress(STORAGE_ACTOR_IDS.storagepower), method: 5n })
  if (actors.includes('storagemarket'))
    entries.push({ receiver: idAddress(STORAGE_ACTOR_IDS.storagemarket), method: 9n })
  return entries
}

/** Gas of a constructor: as much as a message may have. */
const GAS_LIMIT = 10_000_000_000n

/**
 * Calls the constructors of storage actors that a genesis has placed without state. Their state is what their own code makes of it: nothing here
 * knows its layout.
 *
 * Nothing is written; `machine.flush()` does that.
 *
 * @param rootKey who may make verifiers: an address that has an id
 * @throws {ActorsError} genesis/constructor-failed
 */
export function constructStorageActors(
  machine: Machine,
  actors: readonly StorageActor[],
  rootKey: Address,
): void {
  const executor = new Executor(machine)
  for (const name of actors) {
    const { receipt, failure } = executor.execute(
      {
        ...{ version: 0n, from: idAddress(SYSTEM_ACTOR_ID), to: idAddress(STORAGE_ACTOR_IDS[name]) },
        ...{
          sequence: 0n,
          value: 0n,
          method: METHOD_CONSTRUCTOR,
          params: constructorParameters(name, rootKey),
        },
        ...{ gasLimit: GAS_LIMIT, gasFeeCap: 0n, gasPremium: 0n },
      },
      { kind: 'implicit', length: 0 },
    )
    if (receipt.exitCode !== 0)
      throw new ActorsError(
        'genesis/constructor-failed',
        `the constructor of ${name} ended with ${exitCodeName(receipt.exitCode)}: ${failure?.message}`,
      )
  }
}

/** The registry is told its root, the datacap token its governor; power and market take nothing. */
function constructorParameters(name: StorageActor, rootKey: Address): Uint8Array {
  if (name === 'verifiedregistry') return encodeValue(addressCodec, rootKey)
  if (name === 'datacap') return encodeValue(addressCodec, idAddress(VERIFIED_REGISTRY_ACTOR_ID))
  return new Uint8Array()
}
