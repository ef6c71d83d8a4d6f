import type { CryptoProvider } from '@troupe/crypto'
import {
  type Blockstore,
  BufferedBlockstore,
  CborReader,
  CborStore,
  type Cid,
  cidKey,
  IpldError,
  MemoryBlockstore,
  type NodeCache,
} from '@troupe/ipld'
import type { TokenAmount } from '../actor/token-amount.ts'
import type { ActorId } from '../address/address.ts'
import { SYSTEM_ACTOR_ID } from '../address/singletons.ts'
import { HypervisorError } from '../errors.ts'
import type { Externs } from '../externs/externs.ts'
import { AbsentProofs, type ProofVerifier } from '../externs/proofs.ts'
import type { GasTracker } from '../gas/tracker.ts'
import { orFatal, ProtocolFatal } from '../kernel/errors.ts'
import { Manifest } from '../network/manifest.ts'
import type { RuleSet } from '../network/rule-set.ts'
import type { CodeRefusal, Program, Runtime } from '../runtime/runtime.ts'
import { InstalledActors } from '../state/installed-actors.ts'
import { storeEmptyTuple } from '../state/state-root.ts'
import { StateTree } from '../state/state-tree.ts'
import type { CacheUse } from '../trace/cache-use.ts'
import type { RequiredFidelity } from '../trace/fidelity.ts'
import { checkFidelity } from './required-fidelity.ts'

/** What the node says of the epoch that messages are executed in. */
export interface MachineContext {
  readonly epoch: bigint
  /** Seconds since 1970. */
  readonly timestamp: bigint
  /** attoFIL for one gas. */
  readonly baseFee: TokenAmount
  readonly circulatingSupply: TokenAmount
  /** EIP-155 chain id; 0 where there is none. */
  readonly chainId: bigint
}

/** Where actors' debug output goes. */
export interface DebugOutput {
  log(actor: ActorId, message: string): void
  storeArtifact(actor: ActorId, name: string, data: Uint8Array): void
}

/** What a machine is made of. Nothing is looked up anywhere else. */
export interface MachineOptions {
  readonly rules: RuleSet
  readonly context: MachineContext
  /** State, and the code of actors. Written to by {@link Machine.flush}; {@link Machine.create} puts at most the empty tuple. */
  readonly blocks: Blockstore
  /** Root of the state tree. */
  readonly root: Cid
  readonly crypto: CryptoProvider
  readonly externs: Externs
  /** In the order in which they are asked for the program of a code. */
  readonly runtimes: readonly Runtime[]
  /** Without it, a message that needs a proof verified is a host failure that says so. */
  readonly proofs?: ProofVerifier
  /** Root block of a bundle, in place of the manifest that the system actor links to. */
  readonly builtinActors?: Cid
  /**
   * How good the result of every message has to be. What could never give such a result is refused when the machine is made; a message whose result is not as good has none
   * (`message/fidelity`).
   */
  readonly requireFidelity?: RequiredFidelity | undefined
  /** With it, actor debugging is on. */
  readonly debug?: DebugOutput
  /** Decoded nodes of the state tree, to be shared with other machines. */
  readonly nodes?: NodeCache
}

/**
 * A network at one epoch, with its state: the rules of one network version, a state tree, externs and runtimes.
 * Messages are executed on it by an `Executor`.
 */
export class Machine {
  readonly rules: RuleSet
  readonly context: MachineContext
  readonly crypto: CryptoProvider
  readonly externs: Externs
  readonly proofs: ProofVerifier
  readonly debug: DebugOutput | undefined
  readonly requireFidelity: RequiredFidelity | undefined
  readonly state: StateTree
  readonly manifest: Manifest
  /** The state's blocks, with everything written since the last flush. What is put here is kept by {@link commit} only. */
  readonly blocks: BufferedBlockstore
  /** The write buffer: what was written and committed since the last flush. */
  readonly #written: BufferedBlockstore
  /** CID of the empty tuple: the state of a new actor. */
  readonly emptyTuple: Cid
  readonly #runtimes: readonly Runtime[]
  readonly #programs = new Map<string, Program>()
  readonly #installed: InstalledActors
  readonly #store: Blockstore
  /** Decoded nodes, by CID. What an actor reads it pays for, whether they are here or not. */
  readonly nodes: NodeCache
  #codeHits = 0
  #codeMisses = 0

  private constructor(options: MachineOptions, written: BufferedBlockstore, emptyTuple: Cid) {
    this.rules = options.rules
    this.context = options.context
    this.crypto = options.crypto
    this.externs = options.externs
    this.proofs = options.proofs ?? new AbsentProofs()
    this.debug = options.debug
    this.requireFidelity = options.requireFidelity
    this.#runtimes = options.runtimes
    this.#written = written
    this.blocks = new BufferedBlockstore(written)
    this.emptyTuple = emptyTuple
    const store = new CborStore(this.blocks, options.crypto, options.nodes)
    this.#store = options.blocks
    this.nodes = store.nodes
    this.state = StateTree.load(store, options.root, options.rules)
    this.#installed = new InstalledActors(this.state)
    const data =
      options.builtinActors === undefined
        ? this.#builtinActorsOfState(store)
        : Manifest.dataOf(store, options.builtinActors)
    this.manifest = Manifest.load(store, data, options.rules.requiredActors)
  }

  /**
   * Opens a state.
   * @throws {HypervisorError} state/…, manifest/…; machine/fidelity for a runtime, or rules, that can never give results as good as they have to be
   * @throws {IpldError} where the root or the manifest is absent or malformed
   */
  static create(options: MachineOptions): Machine {
    const { blocks, crypto, root, rules } = options
    checkFidelity(options)
    if (!blocks.has(root)) throw new IpldError('blockstore/absent', `no state root ${root}`)
    const keeping = rules.storesEmptyTuple ? blocks : new MemoryBlockstore()
    const emptyTuple = storeEmptyTuple(new CborStore(keeping, crypto))
    return new Machine(options, new BufferedBlockstore(blocks), emptyTuple)
  }

  /**
   * The program of a code.
   * @throws {ProtocolFatal} where the code is absent, no runtime knows it, or the rules refuse it
   * @throws {HypervisorError} machine/no-runtime where it is that of a built-in actor, and no runtime knows it: no receipt says what the actor would have done;
   * machine/no-prices where the rules have Ethereum's gas, and contracts are run by what does not
   */
  program(code: Cid): Program {
    const key = cidKey(code)
    const known = this.#programs.get(key)
    if (known !== undefined) {
      this.#codeHits++
      return known
    }
    const program = this.#load(code)
    this.#programs.set(key, program)
    return program
  }

  /** How the caches that it reads through were used so far, others' use of those that it shares included. */
  get caches(): CacheUse {
    return {
      blocks: this.#store.cacheCounts,
      nodes: this.nodes.counts,
      code: { hits: this.#codeHits, misses: this.#codeMisses },
    }
  }

  /**
   * Whether actors may be of a code: it is built in, or it is installed. Without user actors nobody asks: any code will do.
   * @throws {IpldError} where the list of installed code is absent, malformed or unavailable
   */
  mayRun(code: Cid): boolean {
    if (this.rules.userActors === undefined || this.manifest.typeOf(code) !== 0) return true
    return this.#installed.has(code)
  }

  /**
   * The name of the runtime that runs a code, for whoever shows what was run; `undefined` where none of this machine's does.
   * @throws {ProtocolFatal} where the code is absent, or its runtime's rules refuse it
   */
  runtimeNameOf(code: Cid): string | undefined {
    return this.#find(code, () => this.#codeBytes(code))?.runtime.name
  }

  /**
   * Whether users may install a code, by the first runtime whose code it is.
   *
   * @param charge is told the size of every library before it is linked
   * @param gas pays where code is run to check it
   * @returns `undefined` where it is accepted
   */
  refusalOf(
    code: Cid,
    bytes: Uint8Array,
    charge: (size: number) => void,
    gas: GasTracker,
  ): CodeRefusal | undefined {
    const library = (cid: Cid): Uint8Array | undefined => {
      const found = this.#library(cid)
      if (found !== undefined) charge(found.length)
      return found
    }
    for (const runtime of this.#runtimes) {
      const verdict = runtime.validate?.(code, bytes, this.rules, library, gas)
      if (verdict !== undefined) return verdict === 'accepted' ? undefined : verdict
    }
    return { code: 'machine/unknown-code', reason: 'no runtime of this machine takes it', offset: undefined }
  }

  /** Makes final what has changed so far, in the state and among the blocks. */
  commit(): void {
    this.state.commit()
    this.blocks.flushAll()
  }

  /**
   * Takes back what has changed since the last {@link commit}, the blocks included: one that outlived a message without a receipt would be found
   * later by an actor that asks for it, on this host only.
   */
  rollback(): void {
    this.state.rollback()
    this.blocks.discard()
  }

  /**
   * Writes the state tree, and moves the blocks that its root reaches from the buffer to the store below.
   * @returns the new root
   * @throws {IpldError} blockstore/unflushable where the state links to something that no store can hold
   */
  flush(): Cid {
    const root = this.state.flush()
    this.blocks.flushAll()
    this.#written.flush(root, {
      codecs: this.rules.flushCodecs,
      keepUnreachable: this.rules.flushKeepsUnreachable,
      links: this.rules.flushLinks,
    })
    return root
  }

  #codeBytes(code: Cid): Uint8Array {
    const block = this.blocks.get(code)
    if (block === undefined) throw new ProtocolFatal(`actor code not found: ${code}`)
    return block
  }

  /** The program of a code, with the first runtime whose code it is. */
  #find(code: Cid, bytes: () => Uint8Array): { runtime: Runtime; program: Program } | undefined {
    for (const runtime of this.#runtimes) {
      const program = runtime.load(code, bytes, this.rules, (cid) => this.#library(cid))
      if (program !== undefined) return { runtime, program }
    }
    return undefined
  }

  #load(code: Cid): Program {
    let isRead = false
    const bytes = (): Uint8Array => {
      isRead = true
      return this.#codeBytes(code)
    }
    const found = this.#find(code, bytes)
    if (found !== undefined) {
      this.#requirePrices(code, found.program)
      // A runtime that has the code ready does not ask for its bytes.
      if (isRead) this.#codeMisses++
      else this.#codeHits++
      return found.program
    }
    const names = this.#runtimes.map((runtime) => runtime.name).join(', ')
    const builtin = this.manifest.nameOf(code)
    if (builtin !== undefined)
      throw new HypervisorError(
        'machine/no-runtime',
        `no runtime of this machine (${names}) runs the ${builtin} actor of its manifest, ${code}`,
      )
    throw new ProtocolFatal(`no runtime of this machine (${names}) knows the code ${code}`)
  }

  /** Where the rules have Ethereum's gas, nothing else charges for contracts. */
  #requirePrices(code: Cid, { hasOwnPrices }: Program): void {
    if (this.rules.ethereumGas === undefined || hasOwnPrices === true || !this.manifest.is('evm', code))
      return
    throw new HypervisorError(
      'machine/no-prices',
      `the rules ${this.rules.name} have Ethereum's gas, and what runs the contracts of this machine does not`,
    )
  }

  /** Code that is built in or installed. @throws {ProtocolFatal} where the list or the code is absent */
  #library(cid: Cid): Uint8Array | undefined {
    if (!orFatal(() => this.mayRun(cid))) return undefined
    const bytes = this.blocks.get(cid)
    if (bytes === undefined) throw new ProtocolFatal(`missing code: ${cid}`)
    return bytes
  }

  #builtinActorsOfState(store: CborStore): Cid {
    const system = this.state.getActor(SYSTEM_ACTOR_ID)
    if (system === undefined)
      throw new HypervisorError('state/no-system-actor', 'the state tree has no system actor (f00)')
    const reader = new CborReader(store.getBlock(system.head))
    reader.tuple(1)
    const data = reader.cid()
    reader.end()
    return data
  }
}
