import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  type ActorId,
  type ActorState,
  type Address,
  addressCodec,
  decodeAddress,
  Executor,
  idAddress,
  LocalExterns,
  Machine,
  type Manifest,
  type MessageKind,
  type MessageResult,
  type Runtime,
  rulesOf,
  StateTree,
  storeEmptyTuple,
  storeInitState,
  type TraceListener,
} from '@troupe/hypervisor'
import {
  CborReader,
  CborStore,
  CborWriter,
  type Cid,
  DAG_CBOR,
  encodeValue,
  MemoryBlockstore,
} from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import {
  type NativeActor,
  nativeRuntime,
  type StoredManifest,
  storeNativeManifest,
  u64Codec,
} from '@troupe/runtime-native'

const RULES = rulesOf(28)
const FIRST_EPOCH = 100n
/** The first id that the init actor gives. */
const FIRST_ID = 1000n

/** An actor that is there from the start. */
export interface StagedActor {
  /** A built-in name, or that of another native actor. */
  readonly code: string
  readonly balance?: bigint
  /** A key address, of an account. */
  readonly key?: Address
}

/** A message. Parameters that have code CIDs in them are asked for by stage. */
export interface StagedMessage {
  readonly from: Address
  readonly to: Address
  readonly method: bigint
  readonly params?: Uint8Array | ((stage: Stage) => Uint8Array)
  readonly value?: bigint
  /** Implicit ones can come from any actor. */
  readonly kind?: MessageKind
}

/** What a stage is built of. */
export interface StageOptions {
  readonly crypto: CryptoProvider
  /** Stores code and manifest. */
  readonly manifest: (store: CborStore) => StoredManifest
  readonly runtimes: readonly Runtime[]
  /** Native actors under names of their own. */
  readonly others?: readonly NativeActor[]
  /** By id. The system, init, reward and burnt-funds actors are there without being named. */
  readonly actors: ReadonlyMap<ActorId, StagedActor>
}

/** A network without fees, so that gas does not show in its state. Its epoch can be set. */
export class Stage {
  readonly manifest: Manifest
  readonly crypto: CryptoProvider
  readonly #blocks = new MemoryBlockstore()
  readonly #runtimes: readonly Runtime[]
  #machine: Machine
  #executor: Executor
  #epoch = FIRST_EPOCH

  constructor(options: StageOptions) {
    this.crypto = options.crypto
    this.#runtimes = options.runtimes
    const store = new CborStore(this.#blocks, this.crypto)
    const { data, manifest } = options.manifest(store)
    this.manifest = manifest
    this.#machine = this.#open(firstState(store, manifest, data, options))
    this.#executor = new Executor(this.#machine)
  }

  get epoch(): bigint {
    return this.#epoch
  }

  get machine(): Machine {
    return this.#machine
  }

  /** What the state stands in now. */
  get store(): CborStore {
    return new CborStore(this.#machine.blocks, this.crypto)
  }

  /** Goes on at another epoch. */
  enter(epoch: bigint): void {
    this.#epoch = epoch
    this.#machine = this.#open(this.#machine.flush())
    this.#executor = new Executor(this.#machine)
  }

  apply(message: StagedMessage, trace?: TraceListener): MessageResult {
    const { from, to, method, params = new Uint8Array(), value = 0n, kind = 'explicit' } = message
    const sender = this.#machine.state.getActor(this.#machine.state.lookupId(from) as bigint)
    return this.#executor.execute(
      {
        ...{ version: 0n, from, to, method, value, gasLimit: 10n ** 10n, gasFeeCap: 0n, gasPremium: 0n },
        sequence: sender?.sequence ?? 0n,
        params: typeof params === 'function' ? params(this) : params,
      },
      { length: 100, kind, ...(trace === undefined ? {} : { trace }) },
    )
  }

  actor(id: ActorId): ActorState | undefined {
    return this.#machine.state.getActor(id)
  }

  /** The state block of an actor that exists. */
  stateOf(id: ActorId): Uint8Array {
    const actor = this.actor(id)
    if (actor === undefined) throw new Error(`there is no actor ${id}`)
    return this.store.getBlock(actor.head)
  }

  /** The f2 address of an actor that the init actor has made. */
  robustAddress(id: ActorId): Address | undefined {
    const reader = new CborReader(this.stateOf(1n))
    reader.tuple(3)
    const map = Hamt.load(this.store, reader.cid(), { bitWidth: 5, value: u64Codec })
    const [key] = [...map.entries()].find(([key, value]) => value === id && key[0] === 2) ?? []
    return key && decodeAddress(key)
  }

  #open(root: Cid): Machine {
    const epoch = this.#epoch
    const context = {
      epoch,
      timestamp: epoch * 30n,
      baseFee: 0n,
      circulatingSupply: 10n ** 27n,
      chainId: 314n,
    }
    return Machine.create({
      ...{ rules: RULES, context, blocks: this.#blocks, root, crypto: this.crypto, runtimes: this.#runtimes },
      externs: new LocalExterns(this.crypto, new Uint8Array(32)),
    })
  }
}

function firstState(
  store: CborStore,
  manifest: Manifest,
  manifestData: Cid,
  { actors, others = [] }: StageOptions,
): Cid {
  const head = storeEmptyTuple(store)
  const tree = StateTree.create(store, RULES)
  const addresses = Hamt.create(store, { bitWidth: 5, value: u64Codec })
  const single = (field: Cid | Uint8Array): Cid => store.putBlock(DAG_CBOR, encodeTuple(field))
  const codeOf = (name: string): Cid => {
    const other = others.find((actor) => actor.name === name)
    return other === undefined ? (manifest.code(name) as Cid) : store.putBlock(DAG_CBOR, other.descriptor)
  }
  const put = (id: ActorId, name: string, actor: Partial<ActorState> = {}): void =>
    tree.setActor(id, { code: codeOf(name), head, sequence: 0n, balance: 0n, ...actor })
  const account = (address: Address): Cid => single(encodeValue(addressCodec, address))
  put(0n, 'system', { head: single(manifestData) })
  put(2n, 'reward')
  put(99n, 'account', { head: account(idAddress(99n)) })
  for (const [id, { code, balance = 0n, key }] of actors) {
    put(id, code, { balance, head: code === 'account' ? account(key ?? idAddress(id)) : head })
    if (key !== undefined) addresses.set(key.bytes, id)
  }
  const init = { addressMap: addresses.flush(), nextId: FIRST_ID, networkName: 'stage' }
  put(1n, 'init', { head: storeInitState(store, init) })
  return tree.flush()
}

/** A tuple of one field: a CID, or what is encoded already. */
function encodeTuple(field: Cid | Uint8Array): Uint8Array {
  const writer = new CborWriter().array(1)
  return (field instanceof Uint8Array ? writer.raw(field) : writer.cid(field)).finish()
}

/** A stage of native actors only. */
export async function createStage(
  natives: readonly NativeActor[],
  others: readonly NativeActor[],
  actors: ReadonlyMap<ActorId, StagedActor>,
): Promise<Stage> {
  const crypto = await loadCrypto()
  return new Stage({
    ...{ crypto, others, actors },
    manifest: (store) => storeNativeManifest(store, natives),
    runtimes: [nativeRuntime({ crypto, actors: [...natives, ...others] })],
  })
}
