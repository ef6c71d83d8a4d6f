import { gzipSync } from 'node:zlib'
import { loadCrypto } from '@troupe/crypto'
import {
  type ActorState,
  type Address,
  BURNT_FUNDS_ACTOR_ID,
  blsAddress,
  encodeMessage,
  INIT_ACTOR_ID,
  type Message,
  REWARD_ACTOR_ID,
  type RuleSet,
  rulesOf,
  StateTree,
  SYSTEM_ACTOR_ID,
  secp256k1Address,
  storeInitState,
} from '@troupe/hypervisor'
import { CborStore, CborWriter, type Cid, DAG_CBOR, MemoryBlockstore } from '@troupe/ipld'
import { encodeCar } from '@troupe/ipld/car'
import { Hamt } from '@troupe/ipld/hamt'
import { createBundle, type TestBundle } from './bundle.ts'

export const crypto = await loadCrypto()

/** Sends messages in test vectors: f0100. */
export const SENDER: Address = secp256k1Address(crypto, new Uint8Array(65).fill(4))
/** The same, for messages without a signature on chain: f0101. */
export const BLS_SENDER: Address = blsAddress(new Uint8Array(48).fill(7))
/** What senders have, in attoFIL. */
export const SENDER_BALANCE: bigint = 10n ** 20n

/** A bundle whose codes are no code. */
export const BUNDLE: TestBundle = createBundle(
  crypto,
  Object.fromEntries(
    ['system', 'init', 'account', 'placeholder', 'eam', 'ethaccount', 'stranger'].map((name, index) => [
      name,
      Uint8Array.of(index),
    ]),
  ),
)

/** A state, with all of its blocks. */
export interface TestState {
  readonly blocks: MemoryBlockstore
  readonly root: Cid
}

/** A state with senders, the actors that fees go to, and whatever else is wanted. */
export function createState(
  rules: RuleSet,
  others: Readonly<Record<string, Partial<ActorState>>> = {},
  bundle: TestBundle = BUNDLE,
): TestState {
  const blocks = new MemoryBlockstore()
  const store = new CborStore(blocks, crypto)
  const [manifest] = bundle.blocks.filter(([cid]) => cid.equals(bundle.manifestData))
  if (manifest !== undefined) blocks.put(...manifest)
  const tree = StateTree.create(store, rules)
  const empty = store.putBlock(DAG_CBOR, new CborWriter().array(0).finish())
  const set = (id: bigint, name: string, actor: Partial<ActorState> = {}): void =>
    tree.setActor(id, {
      code: bundle.codes.get(name) as Cid,
      head: empty,
      sequence: 0n,
      balance: 0n,
      ...actor,
    })
  const addresses = Hamt.create<bigint>(store, {
    bitWidth: 5,
    value: { encode: (writer, id) => void writer.uint(id), decode: (reader) => reader.uint64() },
  })
  addresses.set(SENDER.bytes, 100n)
  addresses.set(BLS_SENDER.bytes, 101n)
  const systemState = new CborWriter().array(1).cid(bundle.manifestData).finish()
  set(SYSTEM_ACTOR_ID, 'system', { head: store.putBlock(DAG_CBOR, systemState) })
  set(INIT_ACTOR_ID, 'init', {
    head: storeInitState(store, { addressMap: addresses.flush(), nextId: 1000n, networkName: 'test' }),
  })
  for (const id of [REWARD_ACTOR_ID, BURNT_FUNDS_ACTOR_ID]) set(id, 'account')
  for (const id of [100n, 101n]) set(id, 'account', { balance: SENDER_BALANCE })
  for (const [id, actor] of Object.entries(others)) set(BigInt(id), 'account', actor)
  return { blocks, root: tree.flush() }
}

/** A transfer between senders. */
export function transfer(fields: Partial<Message> = {}): Message {
  return {
    version: 0n,
    to: BLS_SENDER,
    from: SENDER,
    sequence: 0n,
    value: 5n,
    gasLimit: 10_000_000n,
    gasFeeCap: 200n,
    gasPremium: 1n,
    method: 0n,
    params: new Uint8Array(),
    ...fields,
  }
}

/** The parts of a vector, each to be replaced by a test. */
export interface VectorParts {
  readonly class: unknown
  readonly selector: unknown
  readonly _meta: unknown
  readonly car: unknown
  readonly randomness?: unknown
  readonly preconditions: {
    readonly variants: unknown
    readonly state_tree: unknown
    readonly basefee?: unknown
    readonly circ_supply?: unknown
  }
  readonly apply_messages: unknown
  readonly postconditions: { readonly state_tree: unknown; readonly receipts: unknown }
}

/** What a vector is made of, where that is not the usual. */
export interface VectorOptions {
  readonly id?: string
  readonly networkVersion?: number
  readonly state?: TestState
  readonly message?: Message
  readonly postRoot?: Cid
  readonly exitCode?: number
  readonly gasUsed?: bigint
  readonly roots?: readonly Cid[]
}

/** A vector that transfers 5 attoFIL, and expects what that takes. */
export function vectorParts(options: VectorOptions = {}): VectorParts {
  const { networkVersion = 18, message = transfer() } = options
  const state = options.state ?? createState(rulesOf(networkVersion))
  const bytes = encodeMessage(message)
  return {
    class: 'message',
    selector: { min_protocol_version: 'ohsnap' },
    _meta: { id: options.id ?? 'test-transfer' },
    car: carText(encodeCar(options.roots ?? [state.root], state.blocks.entries())),
    preconditions: {
      variants: [{ id: 'ohsnap', epoch: 1000, nv: networkVersion }],
      state_tree: { root_cid: { '/': state.root.toString() } },
      basefee: 100,
    },
    apply_messages: [{ bytes: Buffer.from(bytes).toString('base64') }],
    postconditions: {
      state_tree: { root_cid: { '/': (options.postRoot ?? state.root).toString() } },
      receipts: [
        {
          exit_code: options.exitCode ?? 0,
          return: '',
          gas_used: Number(options.gasUsed ?? transferGas(bytes.length + 69)),
        },
      ],
    },
  }
}

/**
 * What a transfer to an existing actor costs under the rules of network version 18: inclusion, update of the sender, the transfer, and update of the
 * receiver.
 *
 * @param length bytes of the message on chain
 */
export function transferGas(length: number): bigint {
  return 38_863n + 475_000n + (36n + BigInt(length)) * 1300n + 6_000n + 475_000n
}

/** A CAR as vectors have it. */
export function carText(car: Uint8Array): string {
  return gzipSync(car).toString('base64')
}
