/** @module A network with contracts whose messages are played one by one, by Troupe's own actors or by the official ones. */
import { createGenesis, createReturnCodec, EamMethod } from '@troupe/actors'
import { CodedError } from '@troupe/crypto'
import { loadNodeCrypto } from '@troupe/crypto-node'
import { secp256k1Key } from '@troupe/differential'
import {
  type ActorId,
  type Address,
  CallTree,
  delegatedAddress,
  ETHEREUM_ADDRESS_MANAGER_ACTOR_ID,
  Executor,
  ethereumAddress,
  idAddress,
  LocalExterns,
  Machine,
  type MessageResult,
  rulesOf,
  type StampedEvent,
  StateTree,
} from '@troupe/hypervisor'
import {
  CborReader,
  CborStore,
  CborWriter,
  type Cid,
  DAG_CBOR,
  decodeValue,
  MemoryBlockstore,
} from '@troupe/ipld'
import { nativeCode, nativeRuntime } from '@troupe/runtime-native'
import { type ContractActors, loadActors } from '../../src/solidity/networks.ts'
import { parrot } from './parrot.ts'

const crypto = await loadNodeCrypto()
const rules = rulesOf(28)
/** `InvokeEVM` (FRC-42). */
export const INVOKE = 3_844_450_837n
const EAM = idAddress(ETHEREUM_ADDRESS_MANAGER_ACTOR_ID)
const EPOCH = 1000n
const FIL = 10n ** 18n

/** Who there is beside what is created, by id. */
export const WHO = {
  /** An account, by a key. */
  account: 100n,
  /** An Ethereum account. */
  ethereumAccount: 101n,
  /** Somebody whom nobody has created yet but value was sent to. */
  placeholder: 103n,
  /** An actor of native code that answers what it is told to. */
  parrot: 5200n,
  /** The same, with an address of a namespace that is not Ethereum's. */
  named: 102n,
  nobody: 99_999n,
} as const
/** The Ethereum addresses of those that have some. */
export const ETHEREUM_ACCOUNT: bigint = BigInt(`0x${'e1'.repeat(20)}`)
export const PLACEHOLDER: bigint = BigInt(`0x${'e3'.repeat(20)}`)
export const NAMED_ADDRESS: Address = delegatedAddress(1234n, new TextEncoder().encode('foobarboxy'))

/** A message of a play. */
export interface Staged {
  readonly from?: ActorId
  readonly value?: bigint
  /** Default: enough for everything. */
  readonly gasLimit?: bigint
}

/** A call that was made while a message was executed. */
export interface Sent {
  readonly to: Address
  readonly method: bigint
  readonly value: bigint
  readonly parameters: { readonly codec: number; readonly data: Uint8Array } | undefined
  /** Of the call, in gas. */
  readonly gasLimit: bigint
  readonly readOnly: boolean
}

/** How a message ended. */
export interface Outcome {
  readonly exitCode: number
  /** The bytes that a contract returned or reverted with. */
  readonly output: Uint8Array
  readonly returnData: Uint8Array
  readonly gasUsed: bigint
  readonly events: readonly StampedEvent[]
  /** The calls that the receiver made. */
  readonly sent: readonly Sent[]
  readonly message: string | undefined
}

/** A message, by its origin and its sequence number. */
export interface Lifespan {
  readonly origin: bigint
  readonly nonce: bigint
}

/** What a contract keeps. */
export interface ContractState {
  readonly bytecode: Cid
  readonly hash: Uint8Array
  readonly storage: Cid
  readonly transient: { readonly storage: Cid; readonly lifespan: Lifespan } | undefined
  readonly nonce: bigint
  readonly tombstone: Lifespan | undefined
}

/** The context that may be set. */
export interface Conditions {
  epoch: bigint
  timestamp: bigint
  chainId: bigint
  baseFee: bigint
  gasPremium: bigint
}

/** A network, for one test. */
export class Stage {
  readonly conditions: Conditions = {
    ...{ epoch: EPOCH, timestamp: 30_000n, chainId: 314n, baseFee: 100n, gasPremium: 0n },
  }
  readonly #blocks = new MemoryBlockstore()
  readonly #runtimes: Parameters<typeof Machine.create>[0]['runtimes']
  readonly #externs = new LocalExterns(crypto, new Uint8Array(32))
  #root: Cid
  #sequence = 0n

  constructor({ manifest, runtimes }: Awaited<ReturnType<typeof loadActors>>) {
    const store = new CborStore(this.#blocks, crypto)
    const stored = manifest(store)
    // First, because for the runtime of Wasm a code that it does not find is missing.
    this.#runtimes = [nativeRuntime({ crypto, actors: [parrot] }), ...runtimes]
    const root = createGenesis(store, {
      ...{ rules, networkName: 'stage', manifest: stored },
      accounts: [
        { address: secp256k1Key(crypto, 1).address, balance: 1000n * FIL },
        { address: ethereumAddress(bytesOf(ETHEREUM_ACCOUNT, 20)), balance: 1000n * FIL },
      ],
    })
    const tree = StateTree.load(store, root, rules)
    const empty = store.putBlock(DAG_CBOR, new CborWriter().array(0).finish())
    const put = (id: bigint, code: Cid, balance: bigint, address?: Address): void => {
      const actor = { code, head: empty, sequence: 0n, balance }
      tree.setActor(id, address === undefined ? actor : { ...actor, delegatedAddress: address })
    }
    const code = (name: string): Cid => stored.manifest.code(name) as Cid
    put(WHO.parrot, nativeCode(crypto, parrot), 0n)
    put(tree.registerAddress(NAMED_ADDRESS), nativeCode(crypto, parrot), 0n, NAMED_ADDRESS)
    const placeholder = ethereumAddress(bytesOf(PLACEHOLDER, 20))
    put(tree.registerAddress(placeholder), code('placeholder'), 5n, placeholder)
    this.#root = tree.flush()
  }

  /** The network's hashes and keys. */
  get crypto(): typeof crypto {
    return crypto
  }

  /** The key of the account. */
  get accountAddress(): Address {
    return secp256k1Key(crypto, 1).address
  }

  /** Epochs, tipsets and randomness. */
  get externs(): LocalExterns {
    return this.#externs
  }

  /** Makes a contract, and gives its Ethereum address. */
  create(initcode: Uint8Array, staged: Staged = {}): bigint {
    const outcome = this.attemptToCreate(initcode, staged)
    if (outcome.exitCode !== 0)
      throw new Error(`no contract: exit code ${outcome.exitCode}, ${outcome.message}`)
    return wordOf(decodeValue(createReturnCodec, outcome.returnData).ethereumAddress)
  }

  attemptToCreate(initcode: Uint8Array, staged: Staged = {}): Outcome {
    const params = new CborWriter().bytes(initcode).finish()
    return this.send(EAM, BigInt(EamMethod.CREATE_EXTERNAL), params, staged)
  }

  /** Calls a contract. */
  call(contract: bigint, input: Uint8Array = new Uint8Array(), staged: Staged = {}): Outcome {
    const params = input.length === 0 ? input : new CborWriter().bytes(input).finish()
    return this.send(ethereumAddress(bytesOf(contract, 20)), INVOKE, params, staged)
  }

  /** Sends a message that nobody pays for, in a block of its own. */
  send(to: Address, method: bigint, params: Uint8Array = new Uint8Array(), staged: Staged = {}): Outcome {
    const { from = WHO.account, value = 0n, gasLimit = 10_000_000_000n } = staged
    const { baseFee, gasPremium } = this.conditions
    const machine = this.#open()
    const tree = new CallTree()
    const result = new Executor(machine).execute(
      {
        ...{ version: 0n, from: idAddress(from), to, sequence: this.#sequence++, value, method, params },
        ...{ gasLimit, gasFeeCap: baseFee + gasPremium, gasPremium },
      },
      { kind: 'implicit', length: 0, trace: tree.listener },
    )
    this.#root = machine.flush()
    return outcomeOf(result, tree)
  }

  /** What a contract keeps. */
  state(contract: bigint): ContractState {
    const actor = this.#open().state.getActor(this.id(contract))
    const reader = new CborReader(this.block(actor?.head as Cid))
    reader.tuple(6)
    const [bytecode, hash, storage] = [reader.cid(), reader.bytes(), reader.cid()]
    const transient = readOptional(reader, () => {
      reader.tuple(2)
      return { storage: reader.cid(), lifespan: readLifespan(reader) }
    })
    const nonce = BigInt(reader.uint())
    return {
      bytecode,
      hash,
      storage,
      transient,
      nonce,
      tombstone: readOptional(reader, () => readLifespan(reader)),
    }
  }

  /** The block of a CID. */
  block(cid: Cid): Uint8Array {
    return this.#blocks.get(cid) as Uint8Array
  }

  /** The id of a contract. */
  id(contract: bigint): ActorId {
    const id = this.#open().state.lookupId(ethereumAddress(bytesOf(contract, 20)))
    if (id === undefined) throw new Error('there is no such contract')
    return id
  }

  /** attoFIL; `undefined` where there is nobody. */
  balance(id: ActorId): bigint | undefined {
    return this.#open().state.getActor(id)?.balance
  }

  /** The name of an actor's code. */
  kindOf(address: Address): string | undefined {
    const { state, manifest } = this.#open()
    const id = state.lookupId(address)
    const actor = id === undefined ? undefined : state.getActor(id)
    return actor && manifest.nameOf(actor.code)
  }

  #open(): Machine {
    const { gasPremium: _, ...context } = this.conditions
    return Machine.create({
      ...{ rules, blocks: this.#blocks, root: this.#root, crypto },
      context: { ...context, circulatingSupply: 10n ** 27n },
      ...{ externs: this.#externs, runtimes: this.#runtimes },
    })
  }
}

/** A network that tests are run on; where it cannot be opened, why. */
export interface Network {
  readonly name: ContractActors
  readonly open: (() => Stage) | string
}

const NOT_TODAY = 'the official actors are for `npm run conformance`, or TROUPE_EXHAUSTIVE'

/** The networks that tests of the EVM actor are run on: of Troupe's own actors, and where there is time for them of the official ones. */
export async function networks(): Promise<Network[]> {
  const native = await loadActors('native', crypto)
  return [
    { name: 'native', open: () => new Stage(native) },
    { name: 'official', open: process.env['TROUPE_EXHAUSTIVE'] === undefined ? NOT_TODAY : await official() },
  ]
}

async function official(): Promise<Network['open']> {
  try {
    const actors = await loadActors('official', crypto)
    return () => new Stage(actors)
  } catch (error) {
    if (error instanceof CodedError && error.code === 'bundle/unknown') return error.message
    throw error
  }
}

function readLifespan(reader: CborReader): Lifespan {
  reader.tuple(2)
  return { origin: BigInt(reader.uint()), nonce: BigInt(reader.uint()) }
}

function readOptional<T>(reader: CborReader, read: () => T): T | undefined {
  return reader.tryNull() ? undefined : read()
}

function outcomeOf({ receipt, events, failure }: MessageResult, tree: CallTree): Outcome {
  const { exitCode, returnData, gasUsed } = receipt
  const isByteString = returnData.length > 0 && (returnData[0] as number) >> 5 === 2
  const output = isByteString ? new CborReader(returnData).bytes() : new Uint8Array()
  const sent = (tree.roots[0]?.calls ?? []).map(({ call }) => ({
    ...{ to: call.to, method: call.method, value: call.value, readOnly: call.readOnly },
    parameters: call.parameters && { codec: call.parameters.codec, data: call.parameters.data },
    gasLimit: call.gasLimit / 1000n,
  }))
  return { exitCode, output, returnData, gasUsed, events, sent, message: failure?.message }
}

/** A word as bytes, big-endian. */
export function bytesOf(word: bigint, length = 32): Uint8Array {
  return Uint8Array.fromHex(word.toString(16).padStart(2 * length, '0'))
}

/** Bytes as a word. */
export function wordOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toHex()}`)
}

/** Words, one after the other, and bytes after them. */
export function words(...parts: readonly (bigint | number | Uint8Array)[]): Uint8Array {
  return Uint8Array.fromHex(
    parts.map((part) => (part instanceof Uint8Array ? part.toHex() : bytesOf(BigInt(part)).toHex())).join(''),
  )
}

/** The Ethereum form of an id. */
export function masked(id: ActorId): bigint {
  return (0xffn << 152n) + id
}
