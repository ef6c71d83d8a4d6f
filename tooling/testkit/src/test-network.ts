import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  type ActorId,
  type ActorState,
  type Address,
  type Externs,
  idAddress,
  LocalExterns,
  Machine,
  type MachineOptions,
  type RuleSet,
  type Runtime,
  StateTree,
  storeInitState,
  storeInstalledActors,
} from '@troupe/hypervisor'
import { CborStore, CborWriter, type Cid, DAG_CBOR, MemoryBlockstore, RAW } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { type Script, ScriptedRuntime } from './scripted-runtime.ts'

/** Actors that every generation's manifest has, in an order that gives them their usual type numbers. */
const MANIFEST = [
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
]

/** An actor of a test network. */
export interface TestActor {
  /** Name in the manifest, or of a script. */
  readonly code: string
  readonly balance?: bigint
  readonly sequence?: bigint
  /** Registered in the init actor's address map. */
  readonly address?: Address
  readonly delegatedAddress?: Address
  readonly head?: Cid
}

/** What a test network is made of. */
export interface TestNetworkOptions {
  readonly rules: RuleSet
  /** By id. System, init, reward and burnt funds are there without being named. Where users install code, theirs is installed. */
  readonly actors?: Readonly<Record<string, TestActor>>
  /** What actors do, by name in the manifest or of the script. Those without a script do nothing and return nothing. */
  readonly scripts?: Readonly<Record<string, Script>>
  /** Runtimes that are asked before that of the scripts. */
  readonly runtimes?: readonly Runtime[]
  readonly externs?: Externs
  readonly machine?: Partial<Pick<MachineOptions, 'proofs' | 'debug' | 'context' | 'requireFidelity'>>
}

/** A machine over a small state, with what tests look at. */
export interface TestNetwork {
  readonly machine: Machine
  readonly crypto: CryptoProvider
  readonly blocks: MemoryBlockstore
  readonly store: CborStore
  /** The state before anything was executed. */
  readonly root: Cid
  /** What runs the scripts. */
  readonly runtime: ScriptedRuntime
  /** CID of a script's code block. */
  codeOf(name: string): Cid
}

/** Builds a state tree of scripted actors, and a machine on it. */
export async function createTestNetwork(options: TestNetworkOptions): Promise<TestNetwork> {
  const { rules } = options
  const crypto = await loadCrypto()
  const blocks = new MemoryBlockstore()
  const store = new CborStore(blocks, crypto)
  const nothing: Script = () => 0
  // What the rules ask for besides has the numbers after those.
  const builtin = [...new Set([...MANIFEST, ...rules.requiredActors])]
  const names = new Set([...builtin, ...Object.values(options.actors ?? {}).map(({ code }) => code)])
  const scripts = {
    ...Object.fromEntries([...names].map((name) => [name, nothing])),
    ...options.scripts,
  }
  const codes = new Map([...names].map((name) => [name, store.putBlock(RAW, ScriptedRuntime.code(name))]))
  const codeOf = (name: string): Cid => {
    const code = codes.get(name)
    if (code === undefined) throw new Error(`no code ${name}`)
    return code
  }

  const manifest = new CborWriter().array(builtin.length)
  for (const name of builtin) manifest.array(2).text(name).cid(codeOf(name))
  const system = store.putBlock(
    DAG_CBOR,
    new CborWriter().array(1).cid(store.putBlock(DAG_CBOR, manifest.finish())).finish(),
  )
  const empty = store.putBlock(DAG_CBOR, new CborWriter().array(0).finish())
  const addresses = Hamt.create<ActorId>(store, {
    bitWidth: 5,
    value: { encode: (writer, id) => void writer.uint(id), decode: (reader) => reader.uint64() },
  })
  for (const [id, { address }] of Object.entries(options.actors ?? {}))
    if (address !== undefined) addresses.set(address.bytes, BigInt(id))
  const installed = [...names].filter((name) => !builtin.includes(name)).map(codeOf)
  const init = storeInitState(store, {
    addressMap: addresses.flush(),
    nextId: 1000n,
    networkName: 'test',
    ...(rules.userActors === undefined ? {} : { installedActors: storeInstalledActors(store, installed) }),
  })

  const tree = StateTree.create(store, rules)
  const put = (id: ActorId, code: string, actor: Partial<ActorState> = {}): void =>
    tree.setActor(id, { code: codeOf(code), head: empty, sequence: 0n, balance: 0n, ...actor })
  put(0n, 'system', { head: system })
  put(1n, 'init', { head: init })
  put(2n, 'reward')
  put(99n, 'account')
  for (const [id, { code, address: _, ...actor }] of Object.entries(options.actors ?? {}))
    put(BigInt(id), code, actor)

  const root = tree.flush()
  const runtime = new ScriptedRuntime(scripts)
  const machine = Machine.create({
    rules,
    context: { epoch: 100n, timestamp: 3000n, baseFee: 100n, circulatingSupply: 10n ** 27n, chainId: 0n },
    blocks,
    root,
    crypto,
    externs: options.externs ?? new LocalExterns(crypto, new Uint8Array(32)),
    runtimes: [...(options.runtimes ?? []), runtime],
    ...options.machine,
  })
  return { machine, crypto, blocks, store, root, runtime, codeOf }
}

/** The f0 address of a small id. */
export function idOf(id: number): Address {
  return idAddress(BigInt(id))
}
