import { accountStateCodec } from '@troupe/actors'
import type { CryptoProvider } from '@troupe/crypto'
import { type Address, actorAddress, delegatedAddress, ethereumAddress, idAddress } from '@troupe/hypervisor'
import { type CborStore, CborWriter, type Cid, cidOf, DAG_CBOR, encodeValue, RAW } from '@troupe/ipld'
import { blsKey, type Key, secp256k1Key } from './keys.ts'
import type { StagedActor } from './message.ts'

const BALANCE = 10n ** 24n
/** How many actors without state there are of each kind, for constructors to be called on. */
const FRESH_EACH = 24
const FRESH_FROM = 1000n
/** Id of the first actor that is put into the first state, the system's left out. */
const FIRST_STAGED = 200n
const FRESH = [
  'system',
  'init',
  'cron',
  'account',
  'reward',
  'eam',
  'ethaccount',
  'multisig',
  'paymentchannel',
  'datacap',
]

/** What there is in the first state, the same on both sides. */
export interface World {
  readonly crypto: CryptoProvider
  /** Of the accounts 100, 101 and 103. */
  readonly keys: readonly [Key, Key, Key]
  /** Ids from 100 on, in this order. */
  readonly accounts: readonly { readonly address: Address; readonly balance: bigint }[]
  readonly actors: readonly StagedActor[]
  /** Addresses of actors without state, by the name of their code. */
  fresh(name: string): readonly Address[]
}

/** Sets up callers and receivers of every kind. */
export function createWorld(crypto: CryptoProvider): World {
  const keys = [secp256k1Key(crypto, 1), blsKey(2), secp256k1Key(crypto, 3)] as const
  const [first, second, third] = keys
  const ethereum = (byte: number): Address => ethereumAddress(new Uint8Array(20).fill(byte))
  const empty = (store: CborStore): Cid => store.putBlock(DAG_CBOR, new CborWriter().array(0).finish())
  const account =
    (address: Address) =>
    (store: CborStore): Cid =>
      store.putBlock(DAG_CBOR, encodeValue(accountStateCodec, { address }))
  const garbage = (store: CborStore): Cid => store.putBlock(DAG_CBOR, Uint8Array.of(0x63, 1, 2, 3))
  const actor = (
    id: number,
    code: string | Cid,
    head: StagedActor['head'] = empty,
    f4?: Address,
  ): StagedActor => ({
    ...{ id: BigInt(id), code, head, balance: BALANCE },
    ...(f4 === undefined ? {} : { delegatedAddress: f4 }),
  })
  const freshIds = (index: number): bigint[] =>
    Array.from({ length: FRESH_EACH }, (_, i) => FRESH_FROM + BigInt(index * FRESH_EACH + i))
  return {
    crypto,
    keys,
    accounts: [first.address, second.address, ethereum(0xe1), third.address].map((address) => ({
      address,
      balance: BALANCE,
    })),
    actors: [
      actor(4, 'storagepower'),
      actor(200, 'multisig'),
      actor(201, 'evm', empty, ethereum(0xe2)),
      actor(202, 'placeholder', empty, ethereum(0xe3)),
      actor(203, cidOf(crypto, RAW, Uint8Array.of(1))),
      actor(204, 'storageminer'),
      actor(205, 'storagepower'),
      actor(206, 'evm'),
      actor(207, 'evm', empty, delegatedAddress(11n, new Uint8Array(20).fill(7))),
      actor(208, 'evm', empty, delegatedAddress(10n, new Uint8Array(19).fill(8))),
      actor(209, 'account', garbage),
      actor(210, 'account', account(actorAddress(crypto, Uint8Array.of(5)))),
      actor(211, 'ethaccount', empty, delegatedAddress(10n, new Uint8Array(19).fill(9))),
      ...FRESH.flatMap((name, index) =>
        freshIds(index).map((id, i) => {
          // Some have an address in the namespace of Ethereum, some in another.
          const address =
            i % 3 === 0 ? undefined : delegatedAddress(i % 3 === 1 ? 10n : 12n, Uint8Array.of(index, i))
          return actor(Number(id), name, empty, address)
        }),
      ),
    ],
    fresh: (name) => {
      const index = FRESH.indexOf(name)
      return index < 0 ? [] : freshIds(index).map(idAddress)
    },
  }
}

/** The usual world, with its actors out of the way of those that are made: there are many. */
export function distantWorld(crypto: CryptoProvider): Pick<World, 'accounts' | 'actors'> {
  const { accounts, actors } = createWorld(crypto)
  return {
    accounts,
    actors: actors.filter(({ id }) => id < FRESH_FROM).map((actor) => ({ ...actor, id: distant(actor.id) })),
  }
}

/** Where an actor of the usual world is. */
export function distant(id: bigint): bigint {
  return id < FIRST_STAGED ? id : id + 1_000_000n
}
