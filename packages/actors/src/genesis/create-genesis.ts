import {
  type ActorId,
  type Address,
  AddressProtocol,
  BURNT_FUNDS_ACTOR_ID,
  CRON_ACTOR_ID,
  ETHEREUM_ADDRESS_LENGTH,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  FIRST_NON_SINGLETON_ACTOR_ID,
  INIT_ACTOR_ID,
  type InitState,
  idAddress,
  MESSAGE_QUEUE_ACTOR,
  REWARD_ACTOR_ID,
  type RuleSet,
  StateTree,
  SYSTEM_ACTOR_ID,
  storeEmptyTuple,
  storeInitState,
  storeInstalledActors,
  type TokenAmount,
} from '@troupe/hypervisor'
import { type CborStore, type Cid, DAG_CBOR, encodeValue, type ValueCodec } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { MAP_BIT_WIDTH, type StoredManifest, u64Codec } from '@troupe/runtime-native'
import { accountStateCodec } from '../builtin/account.ts'
import { type CronEntry, cronStateCodec } from '../builtin/cron.ts'
import { systemStateCodec } from '../builtin/system.ts'
import { ActorsError } from '../errors.ts'
import { MESSAGE_QUEUE_ACTOR_ID, storeEmptyQueue } from '../message-queue/state.ts'
import { BASELINE_TOTAL, SIMPLE_TOTAL } from '../reward/minting.ts'
import { initialRewardState, rewardStateCodec } from '../reward/reward-state.ts'
import { STORAGE_ACTOR_IDS, type StorageActor, storageCron } from './storage-actors.ts'

/** An account that is there from the start. */
export interface GenesisAccount {
  /** f1 or f3 for an account; f410 for an Ethereum account. */
  readonly address: Address
  readonly balance: TokenAmount
}

/** What a network is started with. */
export interface GenesisOptions {
  /** A network version from 21 on. */
  readonly rules: RuleSet
  readonly networkName: string
  /** The built-in actors: native ones, or those of a bundle. Their code is in the store already. */
  readonly manifest: StoredManifest
  /** They get ids from 100 on, in this order. */
  readonly accounts?: readonly GenesisAccount[]
  /** attoFIL of the reward actor. Default: all that is ever minted, 1.1 billion FIL. */
  readonly rewardBalance?: TokenAmount
  /** Bytes of storage that the first reward is computed from. Default: 0. */
  readonly realisedPower?: bigint
  /** Storage actors to place, without state; see {@link constructStorageActors}. Default: none. */
  readonly storageActors?: readonly StorageActor[]
  /** Whether the init actor is one that installs code: its state has a list of what is installed. Default: `false`. */
  readonly installsCode?: boolean
  /** What cron calls in every epoch. Default: what the storage actors that are placed want, as in Filecoin. */
  readonly cron?: readonly CronEntry[]
}

/**
 * Builds the first state of a network: system (f00), init (f01), reward (f02), cron (f03), the Ethereum address manager (f010), burnt funds (f099)
 * and accounts. The state of each is what the official actor's constructor makes; it is the same for native actors and for a bundle's.
 *
 * Storage power, storage market, verified registry and datacap (f04 to f07) are there only if they are asked for. A send to one that is not fails as
 * one to any actor that does not exist: cron then has nothing to call, and without the power actor nobody updates the reward, which stays that of
 * epoch 0.
 *
 * Rules with a message queue have it at f012 (`withMessageQueue`).
 *
 * The address managers of the rules' namespaces (`withAbstractAccounts`) are placed without state, where their ids are below 100.
 *
 * @returns the root of the state tree
 * @throws {ActorsError} genesis/taken-id for a namespace of another actor's id; genesis/bad-account for an address that no account can have, or two accounts with one address; genesis/absent-actor where the
 * manifest lacks a name
 */
export function createGenesis(store: CborStore, options: GenesisOptions): Cid {
  const { rules, networkName, manifest, accounts = [], storageActors = [] } = options
  const { cron = storageCron(storageActors) } = options
  const tree = StateTree.create(store, rules)
  const empty = storeEmptyTuple(store)
  const code = (name: string): Cid => {
    const found = manifest.manifest.code(name)
    if (found === undefined)
      throw new ActorsError('genesis/absent-actor', `the manifest has no ${name} actor`)
    return found
  }
  const place = (id: ActorId, name: string, head: Cid, balance: TokenAmount = 0n): void =>
    tree.setActor(id, { code: code(name), head, sequence: 0n, balance })
  const stored = <S>(codec: ValueCodec<S>, state: S): Cid =>
    store.putBlock(DAG_CBOR, encodeValue(codec, state))

  place(SYSTEM_ACTOR_ID, 'system', stored(systemStateCodec, { builtinActors: manifest.data }))
  const init = nameAccounts(store, networkName, accounts)
  const installed = options.installsCode === true ? { installedActors: storeInstalledActors(store, []) } : {}
  place(INIT_ACTOR_ID, 'init', storeInitState(store, { ...init, ...installed }))
  place(
    REWARD_ACTOR_ID,
    'reward',
    stored(rewardStateCodec, initialRewardState(options.realisedPower ?? 0n)),
    options.rewardBalance ?? SIMPLE_TOTAL + BASELINE_TOTAL,
  )
  place(CRON_ACTOR_ID, 'cron', stored(cronStateCodec, { entries: [...cron] }))
  for (const name of storageActors) place(STORAGE_ACTOR_IDS[name], name, empty)
  place(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, 'eam', empty)
  place(
    BURNT_FUNDS_ACTOR_ID,
    'account',
    stored(accountStateCodec, { address: idAddress(BURNT_FUNDS_ACTOR_ID) }),
  )
  for (const [id, { manager }] of rules.abstractAccounts?.namespaces ?? []) {
    if (id >= FIRST_NON_SINGLETON_ACTOR_ID) continue
    if (tree.getActor(id) !== undefined)
      throw new ActorsError(
        'genesis/taken-id',
        `f0${id} cannot manage a namespace: there is an actor already`,
      )
    place(id, manager, empty)
  }
  if (rules.messageQueue !== undefined)
    place(MESSAGE_QUEUE_ACTOR_ID, MESSAGE_QUEUE_ACTOR, storeEmptyQueue(store))
  for (const [index, { address, balance }] of accounts.entries()) {
    const id = FIRST_NON_SINGLETON_ACTOR_ID + BigInt(index)
    if (address.protocol !== AddressProtocol.DELEGATED)
      place(id, 'account', stored(accountStateCodec, { address }), balance)
    else
      tree.setActor(id, {
        ...{ code: code('ethaccount'), head: empty, sequence: 0n, balance },
        delegatedAddress: address,
      })
  }
  return tree.flush()
}

function nameAccounts(store: CborStore, networkName: string, accounts: readonly GenesisAccount[]): InitState {
  const map = Hamt.create(store, { bitWidth: MAP_BIT_WIDTH, value: u64Codec })
  let nextId = FIRST_NON_SINGLETON_ACTOR_ID
  for (const { address } of accounts) {
    if (!canBeAccount(address) || !map.setIfAbsent(address.bytes, nextId))
      throw new ActorsError(
        'genesis/bad-account',
        `an f${address.protocol} address that is no account's, or two`,
      )
    nextId++
  }
  return { addressMap: map.flush(), nextId, networkName }
}

function canBeAccount({ protocol, namespace, payload }: Address): boolean {
  if (protocol === AddressProtocol.DELEGATED)
    return namespace === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID && payload.length === ETHEREUM_ADDRESS_LENGTH
  return protocol === AddressProtocol.SECP256K1 || protocol === AddressProtocol.BLS
}
