/**
 * @module Ids of the actors that exist once, at the same place in every network.
 *
 * Source: ref-fvm release/v3 shared/src/address/mod.rs, fvm/src/{system_actor,init_actor,eam_actor}.rs; FIP-0055.
 */
import type { ActorId } from './address.ts'

/** The system actor, which holds the manifest of built-in actors. */
export const SYSTEM_ACTOR_ID: ActorId = 0n
/** The init actor, which maps addresses to ids and creates actors. */
export const INIT_ACTOR_ID: ActorId = 1n
/** The reward actor, which receives tips and pays block rewards. */
export const REWARD_ACTOR_ID: ActorId = 2n
/** The cron actor, called once an epoch. */
export const CRON_ACTOR_ID: ActorId = 3n
/** The storage power actor. */
export const STORAGE_POWER_ACTOR_ID: ActorId = 4n
/** The storage market actor. */
export const STORAGE_MARKET_ACTOR_ID: ActorId = 5n
/** The verified registry actor. */
export const VERIFIED_REGISTRY_ACTOR_ID: ActorId = 6n
/** The datacap token actor; from network version 17 on. */
export const DATACAP_ACTOR_ID: ActorId = 7n
/** The Ethereum address manager, whose f4 addresses are Ethereum's; from network version 18 on. */
export const ETHEREUM_ADDRESS_MANAGER_ACTOR_ID: ActorId = 10n
/** An actor that may create actors as the init actor does, in test builds of the reference only. */
export const TEST_CREATOR_ACTOR_ID: ActorId = 98n
/** The actor that burnt funds are sent to. */
export const BURNT_FUNDS_ACTOR_ID: ActorId = 99n
/** The lowest id that is not reserved for a singleton. */
export const FIRST_NON_SINGLETON_ACTOR_ID: ActorId = 100n
