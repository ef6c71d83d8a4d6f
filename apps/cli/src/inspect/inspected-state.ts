import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorId,
  type ActorState,
  type Address,
  formatAddress,
  HypervisorError,
  Manifest,
  parseAddress,
  parseEthereumHex,
  type RuleSet,
  rulesOf,
  StateTree,
  SUPPORTED_NETWORK_VERSIONS,
  SYSTEM_ACTOR_ID,
} from '@troupe/hypervisor'
import {
  type Blockstore,
  CborReader,
  CborStore,
  type Cid,
  DAG_CBOR,
  decodeIpld,
  IpldError,
  type IpldValue,
} from '@troupe/ipld'
import { CliError } from '../errors.ts'
import { type KnownActors, readKnownActors } from '../state/known-actors.ts'
import { linksOf } from './dag-json.ts'

/** An actor's state, and the blocks that it links to. */
export interface ActorContent {
  readonly id: ActorId
  readonly actor: ActorState
  /** Missing where the block is not there. */
  readonly state: IpldValue | undefined
  /** `undefined` for blocks that are not there, or are no state. */
  readonly links: readonly (readonly [Cid, IpldValue | undefined])[]
  /** How many links there are besides. */
  readonly moreLinks: number
}

/** How many links of an actor's state are followed. */
const MAX_LINKS = 32

/** A state that is looked into, as far as its blocks are there. */
export class InspectedState {
  readonly root: Cid
  readonly known: KnownActors
  readonly #store: CborStore
  readonly #crypto: CryptoProvider
  readonly #manifest: Manifest | undefined

  /** @throws {CliError} inspect/no-root where this is no root of a state whose block is there */
  constructor(root: Cid, blocks: Blockstore, crypto: CryptoProvider) {
    this.root = root
    this.#crypto = crypto
    this.#store = new CborStore(blocks, crypto)
    try {
      this.known = readKnownActors(this.#store, root)
    } catch (cause) {
      if (!isCoded(cause)) throw cause
      throw new CliError('inspect/no-root', `${root} is no root of a state that is in the file`, { cause })
    }
    this.#manifest = this.#loadManifest()
  }

  /** Name of the actors with this code, where the state's manifest is at hand. */
  nameOf(code: Cid): string | undefined {
    return this.#manifest?.nameOf(code)
  }

  /** Whether an actor's state is there. */
  hasState({ head }: ActorState): boolean {
    return this.#store.blocks.has(head)
  }

  /** An address in text. */
  format(address: Address): string {
    return formatAddress(address, this.#crypto)
  }

  /**
   * What an actor has, and one level of what its state links to.
   * @param text an f0 to f4 address, or an Ethereum address
   * @throws {CliError} inspect/bad-address, inspect/no-actor
   */
  look(text: string): ActorContent {
    const tree = StateTree.load(this.#store, this.root, this.#rules())
    const [id, actor] = this.#find(tree, this.#parse(text), text)
    const state = this.#decode(actor.head)
    const all = state === undefined ? [] : linksOf(state)
    const links = all.slice(0, MAX_LINKS).map((link) => [link, this.#decode(link)] as const)
    return { id, actor, state, links, moreLinks: all.length - links.length }
  }

  #find(tree: StateTree, address: Address, text: string): [ActorId, ActorState] {
    try {
      const id = tree.lookupId(address)
      const actor = id === undefined ? undefined : tree.getActor(id)
      if (id !== undefined && actor !== undefined) return [id, actor]
    } catch (cause) {
      if (!isCoded(cause)) throw cause
      throw new CliError('inspect/no-actor', `whether there is ${text} cannot be found out from this file`, {
        cause,
      })
    }
    throw new CliError('inspect/no-actor', `there is no actor ${text} in this state`)
  }

  #parse(text: string): Address {
    try {
      return text.startsWith('0x')
        ? parseEthereumHex(text, this.#crypto)
        : parseAddress(text, this.#crypto).address
    } catch (cause) {
      if (!(cause instanceof HypervisorError)) throw cause
      throw new CliError('inspect/bad-address', `${JSON.stringify(text)} is no address`, { cause })
    }
  }

  /** Any rules that read this state; network versions of one generation read all states alike. */
  #rules(): RuleSet {
    const rules = SUPPORTED_NETWORK_VERSIONS.map((networkVersion) => rulesOf(networkVersion))
    const found = rules.find(({ stateRootVersions }) => stateRootVersions.includes(this.known.version))
    if (found !== undefined) return found
    throw new CliError('inspect/no-root', `state roots of version ${this.known.version} are not supported`)
  }

  /** The manifest that the system actor's state links to, where both are there. */
  #loadManifest(): Manifest | undefined {
    const system = this.known.actors.get(SYSTEM_ACTOR_ID)
    if (system === undefined) return undefined
    try {
      const reader = new CborReader(this.#store.getBlock(system.head))
      reader.tuple(1)
      return Manifest.load(this.#store, reader.cid(), [])
    } catch (error) {
      if (isCoded(error)) return undefined
      throw error
    }
  }

  #decode(cid: Cid): IpldValue | undefined {
    if (cid.code !== DAG_CBOR) return undefined
    try {
      const block = this.#store.blocks.get(cid)
      return block === undefined ? undefined : decodeIpld(block)
    } catch (error) {
      if (error instanceof IpldError) return undefined
      throw error
    }
  }
}

/** Whether something is wrong with the data, and not with this program. */
function isCoded(error: unknown): boolean {
  return error instanceof IpldError || error instanceof HypervisorError
}
