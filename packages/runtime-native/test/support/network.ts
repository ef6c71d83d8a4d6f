import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  type ActorId,
  type ActorState,
  Executor,
  type Externs,
  idAddress,
  LocalExterns,
  Machine,
  type Message,
  type MessageResult,
  rulesOf,
  StateTree,
  storeEmptyTuple,
  storeInitState,
} from '@troupe/hypervisor'
import { CborStore, CborWriter, type Cid, DAG_CBOR, MemoryBlockstore } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { type NativeActor, nativeCode, nativeRuntime, storeNativeManifest } from '@troupe/runtime-native'

/** The account that messages come from. */
const SENDER = idAddress(100n)

/** A machine of native actors, and what tests look at. */
export interface NativeNetwork {
  readonly machine: Machine
  readonly store: CborStore
  readonly crypto: CryptoProvider
  send(to: ActorId, method: bigint, params?: Uint8Array, fields?: Partial<Message>): MessageResult
}

/** A network of the given built-in actors, with others under test at ids from 1000 on, and an account that can pay. */
export async function createNativeNetwork(
  builtin: readonly NativeActor[],
  placed: readonly NativeActor[],
  options: {
    readonly debug?: (message: string) => void
    readonly externs?: Externs
    readonly epoch?: bigint
  } = {},
): Promise<NativeNetwork> {
  const crypto = await loadCrypto()
  const rules = rulesOf(28)
  const blocks = new MemoryBlockstore()
  const store = new CborStore(blocks, crypto)
  const { data, manifest } = storeNativeManifest(store, builtin)
  const empty = storeEmptyTuple(store)
  const tuple = (write: (writer: CborWriter) => unknown): Cid => {
    const writer = new CborWriter().array(1)
    write(writer)
    return store.putBlock(DAG_CBOR, writer.finish())
  }
  const addressMap = Hamt.create<bigint>(store, {
    bitWidth: 5,
    value: { encode: (writer, id) => void writer.uint(id), decode: (reader) => reader.uint64() },
  }).flush()

  const tree = StateTree.create(store, rules)
  const put = (id: ActorId, actor: Partial<ActorState> & { code: Cid }): void =>
    tree.setActor(id, { head: empty, sequence: 0n, balance: 0n, ...actor })
  const code = (name: string): Cid => manifest.code(name) as Cid
  put(0n, { code: code('system'), head: tuple((writer) => writer.cid(data)) })
  put(1n, {
    code: code('init'),
    head: storeInitState(store, { addressMap, nextId: 2000n, networkName: 'test' }),
  })
  put(2n, { code: code('reward') })
  put(99n, { code: code('account') })
  put(100n, { code: code('account'), balance: 10n ** 24n })
  placed.forEach((actor, index) => {
    put(1000n + BigInt(index), { code: store.putBlock(DAG_CBOR, actor.descriptor) })
    expectSameCid(nativeCode(crypto, actor), store.putBlock(DAG_CBOR, actor.descriptor))
  })

  const { debug } = options
  const machine = Machine.create({
    rules,
    context: {
      epoch: options.epoch ?? 100n,
      timestamp: 3000n,
      baseFee: 100n,
      circulatingSupply: 7n,
      chainId: 314n,
    },
    blocks,
    root: tree.flush(),
    crypto,
    externs: options.externs ?? new LocalExterns(crypto, new Uint8Array(32)),
    runtimes: [nativeRuntime({ crypto, actors: [...builtin, ...placed] })],
    ...(debug === undefined
      ? {}
      : { debug: { log: (_: ActorId, message: string) => debug(message), storeArtifact: () => {} } }),
  })
  const executor = new Executor(machine)
  let sequence = 0n
  return {
    machine,
    store,
    crypto,
    send: (to, method, params = new Uint8Array(), fields = {}) => {
      const result = executor.execute(
        {
          ...{ version: 0n, from: SENDER, to: idAddress(to), sequence, value: 0n, method, params },
          ...{ gasLimit: 1_000_000_000n, gasFeeCap: 200n, gasPremium: 50n },
          ...fields,
        },
        { length: 200 },
      )
      sequence++
      return result
    },
  }
}

function expectSameCid(a: Cid, b: Cid): void {
  if (!a.equals(b)) throw new Error(`${a} is not ${b}`)
}
