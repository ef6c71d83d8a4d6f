import { createGenesis } from '@troupe/actors'
import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorId,
  type ActorState,
  type Address,
  Executor,
  LocalExterns,
  Machine,
  type MachineOptions,
  type MessageResult,
  MILLIGAS_PER_GAS,
  type RuleSet,
  type Runtime,
  rulesOf,
  StateTree,
} from '@troupe/hypervisor'
import { CborStore, type Cid, MemoryBlockstore } from '@troupe/ipld'
import { type NativeActor, nativeRuntime, type StoredManifest } from '@troupe/runtime-native'
import { type ChargeList, ChargeRecorder } from './charges.ts'
import type { StagedActor, StagedMessage } from './message.ts'
import { relayRuntime } from './relay.ts'

/** Network version that comes with v18. */
const RULES: RuleSet = rulesOf(28)

/** What both sides are built of. */
export interface SideOptions {
  readonly crypto: CryptoProvider
  /** Stores the manifest and its code. */
  readonly manifest: (store: CborStore) => StoredManifest
  readonly runtimes: readonly Runtime[]
  readonly accounts: readonly { readonly address: Address; readonly balance: bigint }[]
  readonly actors: readonly StagedActor[]
  readonly epoch: bigint
  /** Actors whose code is replaced by that of {@link RELAY_ACTOR}. */
  readonly relays: readonly ActorId[]
  /** Whether actors are being debugged: they log then, which costs gas. */
  readonly debugging: boolean
}

/** The built-in name that relays have. */
export const RELAY_ACTOR = 'storageminer'

/** What became of a message on one side. */
export interface Played {
  readonly result: MessageResult
  readonly charges: ChargeList
}

/** Actors by id, with the names of their codes. */
export type Actors = ReadonlyMap<ActorId, Omit<ActorState, 'code'> & { readonly code: string }>

/** A message that was tried on a copy of a side. */
export interface Trial {
  readonly gasLimit: bigint
  readonly sender: ActorId
  readonly before: Actors
  readonly result: MessageResult
  readonly after: Actors
}

/** Who has as much can pay for all gas that a message may have. */
const PAYS_FROM = 10n ** 15n

/** One of the two machines. */
export class Side {
  readonly #options: Omit<MachineOptions, 'context' | 'root'>
  #machine: Machine
  #executor: Executor

  constructor(options: SideOptions) {
    const { crypto, accounts, actors, runtimes, epoch } = options
    const blocks = new MemoryBlockstore()
    const store = new CborStore(blocks, crypto)
    const manifest = options.manifest(store)
    const root = createGenesis(store, { rules: RULES, networkName: 'differential', manifest, accounts })
    const tree = StateTree.load(store, root, RULES)
    for (const actor of actors) {
      const code = typeof actor.code === 'string' ? (manifest.manifest.code(actor.code) as Cid) : actor.code
      const { id, head, balance = 0n, delegatedAddress } = actor
      const record: ActorState = { code, head: head(store), sequence: 0n, balance }
      tree.setActor(id, delegatedAddress === undefined ? record : { ...record, delegatedAddress })
    }
    const relay = manifest.manifest.code(RELAY_ACTOR) as Cid
    for (const id of options.relays) {
      const actor = tree.getActor(id)
      if (actor !== undefined) tree.setActor(id, { ...actor, code: relay })
    }
    this.#options = {
      ...{ rules: RULES, blocks, crypto, runtimes: [relayRuntime(), ...runtimes] },
      externs: new LocalExterns(crypto, new Uint8Array(32)),
      ...(options.debugging ? { debug: { log: () => {}, storeArtifact: () => {} } } : {}),
    }
    this.#machine = this.#open(tree.flush(), epoch)
    this.#executor = new Executor(this.#machine)
  }

  get machine(): Machine {
    return this.#machine
  }

  /** Goes on at another epoch. */
  enter(epoch: bigint): void {
    this.#machine = this.#open(this.#machine.flush(), epoch)
    this.#executor = new Executor(this.#machine)
  }

  #open(root: Cid, epoch: bigint): Machine {
    const context = {
      epoch,
      timestamp: epoch * 30n,
      baseFee: 100n,
      circulatingSupply: 10n ** 27n,
      chainId: 314n,
    }
    return Machine.create({ ...this.#options, root, context })
  }

  /** Plays a message, as one that nobody signs: every caller can be played, and gas is paid by nobody. */
  play(message: StagedMessage, sequence: bigint): Played {
    const recorder = new ChargeRecorder(this.machine)
    const { from, to, method, value, gasLimit } = message
    const params = message.params((name) => this.machine.manifest.code(name) as Cid)
    const result = this.#executor.execute(
      {
        ...{ version: 0n, from, to, sequence, value, method, params },
        ...{ gasLimit, gasFeeCap: 0n, gasPremium: 0n },
      },
      { kind: 'implicit', length: 0, trace: recorder.listener },
    )
    return { result, charges: recorder.finish() }
  }

  /**
   * Tries a message on a copy, as one that its sender sends and pays for, be it an account or not; who has little does not pay. Nothing changes here.
   * @returns `undefined` where there is no such sender
   */
  tryOut(message: StagedMessage, gasLimit: bigint = message.gasLimit): Trial | undefined {
    const { from, to, method, value } = message
    const machine = this.#open(this.#machine.flush(), this.#machine.context.epoch)
    const sender = machine.state.lookupId(from)
    const actor = sender === undefined ? undefined : machine.state.getActor(sender)
    if (sender === undefined || actor === undefined) return undefined
    const before = actorsOf(machine)
    const params = message.params((name) => machine.manifest.code(name) as Cid)
    const [gasFeeCap, gasPremium] = actor.balance < PAYS_FROM ? [0n, 0n] : [150n, 20n]
    const result = new Executor(machine).execute(
      {
        ...{ version: 0n, from, to, sequence: actor.sequence, value, method, params },
        ...{ gasLimit, gasFeeCap, gasPremium },
      },
      { length: MESSAGE_LENGTH, impersonate: true },
    )
    return { gasLimit, sender, before, result, after: actorsOf(machine) }
  }

  /** Gas that the inclusion of a tried message costs. */
  get inclusionGas(): number {
    return Math.ceil(RULES.prices.onChainMessage(MESSAGE_LENGTH) / MILLIGAS_PER_GAS)
  }

  /** All actors, with the names of their codes. */
  actors(): Actors {
    return actorsOf(this.machine)
  }
}

/** Bytes that a tried message takes on chain. */
const MESSAGE_LENGTH = 200

function actorsOf({ manifest, state }: Machine): Actors {
  return new Map(
    [...state.entries()].map(([id, actor]) => [
      id,
      { ...actor, code: manifest.nameOf(actor.code) ?? actor.code.toString() },
    ]),
  )
}

/** The runtimes of a machine with native actors; official ones stand behind the other names. */
export function nativeRuntimes(
  crypto: CryptoProvider,
  actors: readonly NativeActor[],
  wasm: Runtime,
): Runtime[] {
  return [nativeRuntime({ crypto, actors }), wasm]
}
