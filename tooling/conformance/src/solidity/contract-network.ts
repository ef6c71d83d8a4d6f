import { createGenesis, createReturnCodec } from '@troupe/actors'
import type { CryptoProvider } from '@troupe/crypto'
import {
  type Address,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  Executor,
  ethereumAddress,
  idAddress,
  LocalExterns,
  Machine,
  type Message,
  type MessageResult,
  type Runtime,
  rulesOf,
  type StampedEvent,
  StateTree,
} from '@troupe/hypervisor'
import {
  BLAKE2B_256,
  type Blockstore,
  BufferedBlockstore,
  CborReader,
  CborStore,
  CborWriter,
  type Cid,
  createCid,
  DAG_CBOR,
  decodeValue,
  MemoryBlockstore,
} from '@troupe/ipld'
import type { StoredManifest } from '@troupe/runtime-native'
import { word } from './words.ts'

/** What a network of contracts is made of. */
export interface NetworkOptions {
  readonly crypto: CryptoProvider
  /** Stores the code of the actors. */
  readonly manifest: (store: CborStore) => StoredManifest
  readonly runtimes: readonly Runtime[]
}

/** How a call of a contract ended. */
export interface ContractResult {
  readonly exitCode: number
  /** What it returned, or reverted with. */
  readonly output: Uint8Array
  readonly events: readonly StampedEvent[]
  readonly message: string | undefined
}

/** `InvokeEVM` (FRC-42). */
const INVOKE = 3844450837n
const CREATE_EXTERNAL = 4n
const EAM = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
const BALANCE = 2n ** 100n
const ACCOUNTS = 10
/** What one message may use, enough for any test. */
const GAS_LIMIT = 10_000_000_000n
/** attoFIL for one gas, as the tests have it. */
const BASE_FEE = 7n
const GAS_PRICE = 3_000_000_000n
const SECONDS_A_BLOCK = 15n
/** The tests are of the main network of Ethereum. */
const CHAIN_ID = 1n
/** What the number of a block is added to for its hash. */
const BLOCK_HASHES = 0x3737373737373737373737373737373737373737373737373737373737373737n

/** The Ethereum address of an account of the tests, as hexadecimal. */
export function accountAddress(index: number): string {
  return (0x1212121212121212121212121212120000000012n + BigInt(index) * 0x1000n)
    .toString(16)
    .padStart(40, '0')
}

/** The first state of every test: ten Ethereum accounts, each of which has sent one message already, as the tests expect of their addresses. */
export class ContractNetwork {
  readonly #options: NetworkOptions
  readonly #blocks: MemoryBlockstore
  readonly #root: Cid

  constructor(options: NetworkOptions) {
    this.#options = options
    this.#blocks = new MemoryBlockstore()
    const store = new CborStore(this.#blocks, options.crypto)
    const rules = rulesOf(28)
    const root = createGenesis(store, {
      rules,
      networkName: 'contracts',
      manifest: options.manifest(store),
      accounts: Array.from({ length: ACCOUNTS }, (_, index) => ({
        address: accountOf(index),
        balance: BALANCE,
      })),
    })
    const tree = StateTree.load(store, root, rules)
    for (let index = 0; index < ACCOUNTS; index++) {
      const id = tree.lookupId(accountOf(index))
      const actor = id === undefined ? undefined : tree.getActor(id)
      if (id === undefined || actor === undefined) throw new Error('the first state lacks an account')
      tree.setActor(id, { ...actor, sequence: 1n })
    }
    this.#root = tree.flush()
  }

  /** The state as it was at first, for one test. */
  open(): ContractSession {
    return new ContractSession(this.#options, this.#blocks, this.#root)
  }
}

/** The hashes of blocks that the tests expect. */
class TestExterns extends LocalExterns {
  override tipsetCid(epoch: bigint): Cid {
    return createCid(DAG_CBOR, BLAKE2B_256, word(BLOCK_HASHES + epoch))
  }
}

/** Contracts, and who calls them: each call in a block of its own. */
export class ContractSession {
  readonly #options: NetworkOptions
  readonly #blocks: Blockstore
  #machine: Machine
  #sender = accountOf(0)
  #epoch = 0n

  constructor(options: NetworkOptions, blocks: Blockstore, root: Cid) {
    this.#options = options
    this.#blocks = new BufferedBlockstore(blocks)
    this.#machine = this.#open(root)
  }

  /** Calls come from another account from now on. */
  use(index: number): void {
    this.#sender = accountOf(index)
  }

  /** Deploys a contract, and gives its Ethereum address as hexadecimal where it succeeds. */
  deploy(initcode: Uint8Array, value: bigint): ContractResult & { readonly address: string | undefined } {
    const result = this.#send(EAM, CREATE_EXTERNAL, initcode, value)
    const { exitCode, returnData } = result.receipt
    const outcome = { ...resultOf(result), output: new Uint8Array() }
    if (exitCode !== 0) return { ...outcome, address: undefined }
    return { ...outcome, address: decodeValue(createReturnCodec, returnData).ethereumAddress.toHex() }
  }

  /** Calls a contract. */
  call(address: string, input: Uint8Array, value: bigint): ContractResult {
    return resultOf(this.#send(ethereumAddress(Uint8Array.fromHex(address)), INVOKE, input, value))
  }

  /** attoFIL of an Ethereum address. */
  balance(address: string): bigint {
    const { state } = this.#machine
    const id = state.lookupId(ethereumAddress(Uint8Array.fromHex(address)))
    return id === undefined ? 0n : (state.getActor(id)?.balance ?? 0n)
  }

  /** The Ethereum address of an actor as hexadecimal. */
  addressOf(id: bigint): string {
    const delegated = this.#machine.state.getActor(id)?.delegatedAddress
    return delegated?.payload.toHex() ?? `ff${id.toString(16).padStart(38, '0')}`
  }

  /** Whether a contract has no storage: the root of its map is that of an empty one. */
  hasNoStorage(address: string): boolean {
    const { state, blocks } = this.#machine
    const id = state.lookupId(ethereumAddress(Uint8Array.fromHex(address)))
    const actor = id === undefined ? undefined : state.getActor(id)
    if (actor === undefined) return true
    const store = new CborStore(blocks, this.#machine.crypto)
    const reader = new CborReader(store.getBlock(actor.head))
    reader.tuple(6)
    reader.cid()
    reader.bytes()
    return store.getBlock(reader.cid()).toHex() === EMPTY_MAP
  }

  /** Runs a message that costs nobody fees, in a block of its own. */
  #send(to: Address, method: bigint, input: Uint8Array, value: bigint): MessageResult {
    this.#epoch++
    this.#machine = this.#open(this.#machine.flush())
    const message: Message = {
      version: 0n,
      from: this.#sender,
      to,
      sequence: this.#countMessage(),
      value,
      method,
      params: input.length === 0 ? new Uint8Array() : new CborWriter().bytes(input).finish(),
      gasLimit: GAS_LIMIT,
      gasFeeCap: GAS_PRICE,
      gasPremium: GAS_PRICE - BASE_FEE,
    }
    return new Executor(this.#machine).execute(message, { length: 100, kind: 'implicit' })
  }

  /** The sender's sequence number, which is one more from now on: messages that cost nobody fees leave it as it is. */
  #countMessage(): bigint {
    const { state } = this.#machine
    const id = state.lookupId(this.#sender)
    const actor = id === undefined ? undefined : state.getActor(id)
    if (id === undefined || actor === undefined) return 0n
    state.setActor(id, { ...actor, sequence: actor.sequence + 1n })
    return actor.sequence
  }

  #open(root: Cid): Machine {
    const { crypto, runtimes } = this.#options
    return Machine.create({
      rules: rulesOf(28),
      context: {
        epoch: this.#epoch,
        timestamp: this.#epoch * SECONDS_A_BLOCK,
        baseFee: BASE_FEE,
        circulatingSupply: 10n ** 27n,
        chainId: CHAIN_ID,
      },
      blocks: this.#blocks,
      root,
      crypto,
      externs: new TestExterns(crypto, new Uint8Array(32)),
      runtimes,
    })
  }
}

/** DAG-CBOR `[h'', []]`. */
const EMPTY_MAP = '824080'

function accountOf(index: number): Address {
  return ethereumAddress(Uint8Array.fromHex(accountAddress(index)))
}

function resultOf({ receipt, events, failure }: MessageResult): ContractResult {
  const { exitCode, returnData } = receipt
  return { exitCode, output: bytesOf(returnData), events, message: failure?.message }
}

/** What a contract returns is a CBOR byte string; where it is made, it is not. */
function bytesOf(data: Uint8Array): Uint8Array {
  const isByteString = data.length > 0 && (data[0] as number) >> 5 === 2
  return isByteString ? new CborReader(data).bytes() : new Uint8Array()
}
