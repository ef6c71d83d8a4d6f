import type { CryptoProvider } from '@troupe/crypto'
import {
  type ActorState,
  type Address,
  ATTO_PER_FIL,
  CallTree,
  Executor,
  encodeMessage,
  LocalExterns,
  Machine,
  MESSAGE_VERSION,
  type Message,
  type MessageResult,
  type Runtime,
  rulesOf,
} from '@troupe/hypervisor'
import { type Blockstore, CborStore, type Cid, RAW } from '@troupe/ipld'
import { createGenesis, type GenesisOptions } from './fixture-genesis.ts'

/** The newest network version that there are rules for. */
const NETWORK_VERSION = 20
/** When the tour takes place: epoch 3,000,000 of mainnet. Nothing in it depends on that. */
const EPOCH = 3_000_000n
const TIMESTAMP = 1_688_306_400n
/** attoFIL for one gas. */
const BASE_FEE = 100n
const GAS_FEE_CAP = 200n
const GAS_PREMIUM = 10n
const CIRCULATING_SUPPLY = 2_000_000_000n * ATTO_PER_FIL
/** By so much the chain's form of a message is longer than the message, where its sender has a secp256k1 key: the signature, and CBOR heads. */
const SIGNATURE_BYTES = 69

/** What is said to make a message; the rest is the same for all. */
interface Outline {
  readonly from: Address
  readonly to: Address
  readonly method?: bigint
  readonly params?: Uint8Array
  readonly value?: bigint
  readonly gasLimit: bigint
}

/** A message that was executed. */
interface Executed {
  readonly message: Message
  readonly result: MessageResult
  readonly tree: CallTree
  readonly rootBefore: Cid
  readonly rootAfter: Cid
}

/** A chain in memory, without blocks: a machine that executes one message after the other, and gives the state root after each. */
export class FixtureChain {
  readonly machine: Machine
  readonly genesis: Cid
  readonly #executor: Executor
  readonly #store: CborStore
  #root: Cid

  constructor(
    crypto: CryptoProvider,
    blocks: Blockstore,
    runtimes: readonly Runtime[],
    genesis: Omit<GenesisOptions, 'rules'>,
  ) {
    const rules = rulesOf(NETWORK_VERSION)
    this.genesis = createGenesis(new CborStore(blocks, crypto), { ...genesis, rules })
    this.#root = this.genesis
    this.machine = Machine.create({
      rules,
      context: {
        epoch: EPOCH,
        timestamp: TIMESTAMP,
        baseFee: BASE_FEE,
        circulatingSupply: CIRCULATING_SUPPLY,
        chainId: 0n,
      },
      blocks,
      root: this.genesis,
      crypto,
      externs: new LocalExterns(crypto, new TextEncoder().encode(genesis.networkName)),
      runtimes,
    })
    this.#store = new CborStore(this.machine.blocks, crypto)
    this.#executor = new Executor(this.machine)
  }

  /** The state as of the last message. */
  get root(): Cid {
    return this.#root
  }

  /** Puts code where the machine finds it, and gives the CID to create actors with. */
  store(code: Uint8Array): Cid {
    return this.#store.putBlock(RAW, code)
  }

  /** Executes a message, and writes the state. */
  execute({ from, to, method = 0n, params = new Uint8Array(), value = 0n, gasLimit }: Outline): Executed {
    const message: Message = {
      version: MESSAGE_VERSION,
      to,
      from,
      sequence: this.actorAt(from).sequence,
      value,
      gasLimit,
      gasFeeCap: GAS_FEE_CAP,
      gasPremium: GAS_PREMIUM,
      method,
      params,
    }
    const rootBefore = this.#root
    const tree = new CallTree()
    const result = this.#executor.execute(message, {
      length: encodeMessage(message).length + SIGNATURE_BYTES,
      trace: tree.listener,
    })
    this.#root = this.machine.flush()
    return { message, result, tree, rootBefore, rootAfter: this.#root }
  }

  /** The record of the actor at an address. */
  actorAt(address: Address): ActorState {
    const id = this.machine.state.lookupId(address)
    const actor = id === undefined ? undefined : this.machine.state.getActor(id)
    if (actor === undefined) throw new RangeError('there is no such actor on the chain of the tour')
    return actor
  }

  /** The block that is the state of the actor at an address. */
  stateAt(address: Address): Uint8Array {
    return this.#store.getBlock(this.actorAt(address).head)
  }
}
