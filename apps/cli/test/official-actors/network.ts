import { homedir } from 'node:os'
import { type BundleCache, openBundleCache } from '@troupe/bundles'
import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorId,
  type Address,
  Executor,
  idAddress,
  LocalExterns,
  Machine,
  type Message,
  type MessageResult,
  type RuleSet,
  StateTree,
  secp256k1Address,
  storeInitState,
} from '@troupe/hypervisor'
import { CborStore, CborWriter, type Cid, DAG_CBOR, MemoryBlockstore, parseCid } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { wasmRuntime } from '@troupe/runtime-wasm'
import { cacheDirectories } from '../../src/cache-directories.ts'

/** Manifest data of the main network's releases of the official actors, and the network version that each came with. */
export const RELEASES = [
  ['v12', 21, 'bafy2bzaceagtyc6ilyswzbnrqesundxukptrnohuesaz6vo4gnlz6n2kojjgk'],
  ['v13', 22, 'bafy2bzacebbitl3dzqy3s76tp5rt3nan7kxgtw5fpque3bc7joufeesxhvbkg'],
  ['v14', 23, 'bafy2bzacebs7r6j33n7xccgn6ewkowhxnndltz43wv256igyubqwc5x5rkqn6'],
  ['v15', 24, 'bafy2bzaceakdqsy5u3lptqnqag44sgrgazi6l2u6ukdxopcpdprtsnet5mobk'],
  ['v16', 25, 'bafy2bzaceavbltrvpskmmc4lmy3ur7ymigxqtnesdx3lld576puv63uolufks'],
  ['v17', 27, 'bafy2bzaceasz5pov3d4tyxxdcxj2qvvdnkdxihzycj5oos5t2xj5pznwvxvem'],
  ['v18', 28, 'bafy2bzacea275suujjuaddglc2kbbgracldjbbs5cjys6zsivcswubv5x7es4'],
] as const

/** The user's bundles. */
export function userBundles(crypto: CryptoProvider): BundleCache {
  const { env, platform } = process
  return openBundleCache(cacheDirectories({ env, platform, home: homedir() }).bundles, crypto)
}

/** The actors of a release by name, where the user has it. */
export function officialCodes(bundles: BundleCache, manifest: string): ReadonlyMap<string, Cid> | undefined {
  const bundle = bundles.find(parseCid(manifest))
  return bundle && new Map(bundle.actors.map(({ name, code }) => [name, code]))
}

/** A first state, made of official actors: the singletons that the scenario needs, and accounts 100 and 101. */
export class OfficialNetwork {
  readonly machine: Machine
  readonly store: CborStore
  readonly crypto: CryptoProvider
  /** Keys of the accounts 100 and 101, and of one that does not exist yet. */
  readonly keys: readonly [Address, Address, Address]
  readonly #executor: Executor
  readonly #sequences = new Map<string, bigint>()

  constructor(rules: RuleSet, codes: ReadonlyMap<string, Cid>, bundles: BundleCache, crypto: CryptoProvider) {
    const blocks = new MemoryBlockstore()
    for (const code of codes.values()) blocks.put(code, bundles.get(code))
    const store = new CborStore(blocks, crypto)
    const key = (seed: number): Address => secp256k1Address(crypto, new Uint8Array(65).fill(seed))
    this.keys = [key(1), key(2), key(3)]
    this.store = store
    this.crypto = crypto

    const put = (writer: CborWriter): Cid => store.putBlock(DAG_CBOR, writer.finish())
    const tree = StateTree.create(store, rules)
    const actor = (id: ActorId, name: string, head: Cid, balance = 0n): void => {
      const code = codes.get(name)
      if (code === undefined) throw new Error(`the release has no ${name} actor`)
      tree.setActor(id, { code, head, sequence: 0n, balance })
    }
    const account = (id: ActorId, address: Address, balance = 0n): void =>
      actor(id, 'account', put(new CborWriter().array(1).bytes(address.bytes)), balance)

    const addresses = Hamt.create<ActorId>(store, {
      bitWidth: 5,
      value: { encode: (writer, id) => void writer.uint(id), decode: (reader) => reader.uint64() },
    })
    addresses.set(this.keys[0].bytes, 100n)
    addresses.set(this.keys[1].bytes, 101n)
    const manifest = new CborWriter().array(codes.size)
    for (const [name, code] of codes) manifest.array(2).text(name).cid(code)

    actor(0n, 'system', put(new CborWriter().array(1).cid(put(manifest))))
    actor(
      1n,
      'init',
      storeInitState(store, { addressMap: addresses.flush(), nextId: 102n, networkName: 'test' }),
    )
    actor(2n, 'reward', put(rewardState()), 10n ** 27n)
    // Shape: [governor, [supply, balances, allowances, bit width of the maps]].
    const none = put(new CborWriter().array(2).bytes(new Uint8Array()).array(0))
    const token = new CborWriter().array(2).bytes(idAddress(100n).bytes)
    actor(7n, 'datacap', put(token.array(4).bigInt(0n).cid(none).cid(none).uint(5)))
    actor(10n, 'eam', put(new CborWriter().array(0)))
    account(99n, idAddress(99n))
    account(100n, this.keys[0], 10n ** 24n)
    account(101n, this.keys[1], 10n ** 24n)

    this.machine = Machine.create({
      rules,
      context: { epoch: 100n, timestamp: 3000n, baseFee: 100n, circulatingSupply: 10n ** 27n, chainId: 314n },
      blocks,
      root: tree.flush(),
      crypto,
      externs: new LocalExterns(crypto, new Uint8Array(32)),
      runtimes: [wasmRuntime()],
    })
    this.#executor = new Executor(this.machine)
  }

  /** Sends a message with the sender's next sequence number. */
  send(from: Address, to: Address, fields: Partial<Message> = {}): MessageResult {
    const sender = String(this.machine.state.lookupId(from) ?? from)
    const sequence = this.#sequences.get(sender) ?? 0n
    this.#sequences.set(sender, sequence + 1n)
    const message = {
      ...{ version: 0n, from, to, sequence, value: 0n, method: 0n, params: new Uint8Array() },
      ...{ gasLimit: 1_000_000_000n, gasFeeCap: 200n, gasPremium: 50n },
      ...fields,
    }
    return this.#executor.execute(message, { length: 200 + message.params.length })
  }
}

/**
 * The reward actor's state, almost all zero.
 *
 * Shape: [baseline so far, realised so far, effective time, effective baseline, reward, [smoothed position, velocity], baseline, epoch, total
 * reward, simple total, baseline total]. Source: builtin-actors actors/reward/src/state.rs.
 */
function rewardState(): CborWriter {
  const state = new CborWriter().array(11).bigInt(0n).bigInt(0n).uint(0).bigInt(0n).bigInt(0n)
  state.array(2).bigInt(3n).bigInt(4n).bigInt(5n).uint(99)
  return state.bigInt(0n).bigInt(0n).bigInt(0n)
}
