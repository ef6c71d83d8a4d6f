import { compileFixture } from '@troupe/fixtures'
import {
  type ActorId,
  type Address,
  assignId,
  BURNT_FUNDS_ACTOR_ID,
  CRON_ACTOR_ID,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  FIRST_NON_SINGLETON_ACTOR_ID,
  INIT_ACTOR_ID,
  type InitState,
  idAddress,
  REWARD_ACTOR_ID,
  type RuleSet,
  StateTree,
  SYSTEM_ACTOR_ID,
  storeEmptyTuple,
  storeInitState,
  type TokenAmount,
} from '@troupe/hypervisor'
import { type CborStore, CborWriter, type Cid, DAG_CBOR, RAW } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'

/** The actors that the manifest lists, in its order. */
const BUILTIN_ACTORS = [
  'system',
  'init',
  'cron',
  'account',
  'reward',
  'placeholder',
  'eam',
  'ethaccount',
] as const

type BuiltinActor = (typeof BUILTIN_ACTORS)[number]

/** Wasm code of the fixtures that a network needs, and of those that are tried on it. */
export type FixtureCode = Readonly<Record<BuiltinActor | 'counter' | 'relay', Uint8Array>>

/** Compiles them all. */
export async function compileFixtures(): Promise<FixtureCode> {
  const names = [...BUILTIN_ACTORS, 'counter', 'relay'] as const
  const codes = await Promise.all(names.map(async (name) => [name, await compileFixture(name)] as const))
  return Object.fromEntries(codes) as FixtureCode
}

/** An account that is there from the start. */
export interface GenesisAccount {
  readonly address: Address
  readonly balance: TokenAmount
}

/** What a state tree is started with. */
export interface GenesisOptions {
  readonly rules: RuleSet
  readonly networkName: string
  /** Wasm code of the actors in the manifest. */
  readonly code: Readonly<Record<BuiltinActor, Uint8Array>>
  /** They get ids from 100 on, in this order. */
  readonly accounts: readonly GenesisAccount[]
}

/** Bit width of the map from addresses to ids. */
const ADDRESS_MAP_BIT_WIDTH = 5

/**
 * Builds the state tree of a new network: system (f00), init (f01), reward (f02), cron (f03), the Ethereum address manager (f010), burnt funds
 * (f099) and accounts, with the code of all of them in the store.
 *
 * @returns its root
 */
export function createGenesis(store: CborStore, options: GenesisOptions): Cid {
  const { rules, networkName, code, accounts } = options
  const codes = new Map(BUILTIN_ACTORS.map((name) => [name, store.putBlock(RAW, code[name])]))
  const tree = StateTree.create(store, rules)
  const place = (id: ActorId, actor: BuiltinActor, head: Cid, balance: TokenAmount = 0n): void =>
    tree.setActor(id, { code: codes.get(actor) as Cid, head, sequence: 0n, balance })

  const nothing = storeEmptyTuple(store)
  place(
    SYSTEM_ACTOR_ID,
    'system',
    storeTuple(store, (writer) => writer.cid(storeManifest(store, codes))),
  )
  place(INIT_ACTOR_ID, 'init', storeInit(store, networkName, accounts))
  place(REWARD_ACTOR_ID, 'reward', nothing)
  place(CRON_ACTOR_ID, 'cron', nothing)
  place(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID, 'eam', nothing)
  place(BURNT_FUNDS_ACTOR_ID, 'account', storeAccount(store, idAddress(BURNT_FUNDS_ACTOR_ID)))
  for (const [index, { address, balance }] of accounts.entries())
    place(FIRST_NON_SINGLETON_ACTOR_ID + BigInt(index), 'account', storeAccount(store, address), balance)
  return tree.flush()
}

/** Shape: `[[name, code CID], ...]`. */
function storeManifest(store: CborStore, codes: ReadonlyMap<string, Cid>): Cid {
  const writer = new CborWriter().array(codes.size)
  for (const [name, cid] of codes) writer.array(2).text(name).cid(cid)
  return store.putBlock(DAG_CBOR, writer.finish())
}

function storeInit(store: CborStore, networkName: string, accounts: readonly GenesisAccount[]): Cid {
  const addressMap = Hamt.create<ActorId>(store, {
    bitWidth: ADDRESS_MAP_BIT_WIDTH,
    value: { encode: (writer, id) => void writer.uint(id), decode: (reader) => reader.uint64() },
  }).flush()
  const empty: InitState = { addressMap, nextId: FIRST_NON_SINGLETON_ACTOR_ID, networkName }
  return storeInitState(
    store,
    accounts.reduce((state, { address }) => assignId(store, state, address), empty),
  )
}

function storeAccount(store: CborStore, address: Address): Cid {
  return storeTuple(store, (writer) => writer.bytes(address.bytes))
}

/** Stores a tuple with one field. */
function storeTuple(store: CborStore, write: (writer: CborWriter) => void): Cid {
  const writer = new CborWriter().array(1)
  write(writer)
  return store.putBlock(DAG_CBOR, writer.finish())
}
