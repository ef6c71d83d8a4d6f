/** @module What actors are, and what messages did or would do. Source: lotus api/api_full.go, node/impl/full/state.go. */
import {
  type Address,
  AddressProtocol,
  CallTree,
  decodeAddress,
  Executor,
  ExitCode,
  idAddress,
  type Message,
  type MessageResult,
  messageCid,
} from '@troupe/hypervisor'
import { CborReader, DAG_CBOR } from '@troupe/ipld'
import { ANY, BUILTIN_INTERFACES, decodeWith } from '@troupe/schema'
import { BLOCK_GAS_LIMIT } from 'troupe'
import { RpcError } from '../errors.ts'
import { type FoundMessage, findMessage } from '../ethereum/find-transaction.ts'
import {
  addressText,
  cid,
  message as messageReader,
  tipsetKey,
  toFilecoinAddress,
  toMessage,
} from '../filecoin/readers.ts'
import {
  actorJson,
  cidJson,
  executionTraceJson,
  gasCostJson,
  ipldJson,
  messageJson,
  receiptJson,
} from '../filecoin/to-json.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { optional, parameter } from '../parameters/parameter.ts'
import { boolean, quantity } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import { tipsetOf } from './filecoin-chain.ts'

const ADDRESS = parameter('address', addressText)
const KEY = parameter('tipsetKey', tipsetKey)
const CID = parameter('cid', cid)
/** How far back Lotus looks; here every message is found. */
const LIMIT = parameter('limit', optional(quantityOrNone()))
const REPLACED = parameter('allowReplaced', optional(boolean))
const MAX_ACTORS = 100_000

/** Filecoin.State*. */
export const FILECOIN_STATE_METHODS: readonly Method[] = [
  method('Filecoin.StateNetworkName', 'read', [], ({ vm }) => vm.chain.rules.networkName),
  method('Filecoin.StateNetworkVersion', 'read', [KEY], ({ vm }) => vm.chain.rules.rules.networkVersion),
  method('Filecoin.StateGetActor', 'read', [ADDRESS, KEY], (host, [who, key]) => {
    const { actor } = actorAt(host, toFilecoinAddress(host.vm.crypto, who), key)
    return actorJson(host.vm, actor)
  }),
  method('Filecoin.StateReadState', 'read', [ADDRESS, KEY], (host, [who, key]) => {
    const { actor, type } = actorAt(host, toFilecoinAddress(host.vm.crypto, who), key)
    const schema = BUILTIN_INTERFACES.find(({ name }) => name === type)?.state
    const bytes = actor.head.code === DAG_CBOR ? host.vm.chain.blocks.getBlock(actor.head) : new Uint8Array()
    const addresses = {
      format: (raw: Uint8Array) => host.vm.format(decodeAddress(raw)),
      parse: () => undefined,
    }
    const state = decodeWith(schema ?? ANY, bytes, { addresses })
    return { Balance: String(actor.balance), Code: cidJson(actor.code), State: ipldJson(state.value) }
  }),
  method('Filecoin.StateLookupID', 'read', [ADDRESS, KEY], (host, [who, key]) =>
    host.vm.format(idAddress(actorAt(host, toFilecoinAddress(host.vm.crypto, who), key).id)),
  ),
  method('Filecoin.StateAccountKey', 'read', [ADDRESS, KEY], (host, [who, key]) => {
    const address = toFilecoinAddress(host.vm.crypto, who)
    const isKey = address.protocol === AddressProtocol.SECP256K1 || address.protocol === AddressProtocol.BLS
    return host.vm.format(isKey ? address : keyOf(host, address, key))
  }),
  method('Filecoin.StateLookupRobustAddress', 'read', [ADDRESS, KEY], (host, [who, key]) => {
    const address = toFilecoinAddress(host.vm.crypto, who)
    if (address.id === undefined) return host.vm.format(address)
    const { actor, type } = actorAt(host, address, key)
    if (actor.delegatedAddress !== undefined) return host.vm.format(actor.delegatedAddress)
    if (type === 'account') return host.vm.format(keyOf(host, address, key))
    throw new RpcError(
      'rpc/failed',
      'only accounts and actors of f4 addresses can be asked for another address',
    )
  }),
  method('Filecoin.StateListActors', 'read', [KEY], (host, [key]) => {
    const actors: string[] = []
    for (const [id] of stateAt(host, key).state.entries()) {
      if (actors.length === MAX_ACTORS)
        throw new RpcError('rpc/limit', `there are more than ${MAX_ACTORS} actors`)
      actors.push(host.vm.format(idAddress(id)))
    }
    return actors
  }),
  method('Filecoin.StateActorCodeCIDs', 'read', [parameter('networkVersion', optional(quantity))], ({ vm }) =>
    Object.fromEntries(vm.chain.machineAfter().manifest.actors.map(([name, code]) => [name, cidJson(code)])),
  ),
  method('Filecoin.StateGetNetworkParams', 'read', [], ({ vm: { chain } }) => ({
    NetworkName: chain.rules.networkName,
    BlockDelaySecs: Number(chain.rules.epochSeconds),
    GenesisTimestamp: Number(chain.rules.genesisTimestamp),
    Eip155ChainID: Number(chain.rules.chainId),
  })),
  method('Filecoin.StateCall', 'read', [parameter('message', messageReader), KEY], (host, [fields, key]) => {
    const given = toMessage(host.vm.crypto, fields)
    const message = given.gasLimit > 0n ? given : { ...given, gasLimit: BLOCK_GAS_LIMIT }
    const tree = new CallTree()
    const machine = host.vm.chain.machineAfter(tipsetOf(host, key))
    const { failure, fees, receipt } = new Executor(machine).execute(message, {
      kind: 'implicit',
      length: 0,
      trace: tree.listener,
    })
    const name = messageCid(host.vm.crypto, message)
    return invocation(host, message, { name, failure, fees, receipt, tree })
  }),
  method('Filecoin.StateReplay', 'read', [KEY, CID], (host, [_, name]) => {
    const { entry, view } = foundMessage(host, name)
    const { messages, queued } = host.vm.chain.replay(view.tipset)
    const replayed = [...messages, ...queued][entry.index]
    if (replayed === undefined) throw new RpcError('rpc/internal', 'the block has fewer messages than it had')
    const { message, result, trace } = replayed
    const { failure, fees, receipt } = result
    return invocation(host, message, { name, failure, fees, receipt, tree: trace })
  }),
  method('Filecoin.StateSearchMsg', 'read', [KEY, CID, LIMIT, REPLACED], (host, [_, name]) => {
    const found = findMessage(host, name)
    return found === undefined ? null : lookup(found)
  }),
  method(
    'Filecoin.StateWaitMsg',
    'read',
    [CID, parameter('confidence', optional(quantity)), LIMIT, REPLACED],
    async (host, [name]) => {
      if (findMessage(host, name) === undefined) await host.vm.waitFor(name)
      return lookup(foundMessage(host, name))
    },
  ),
]

function quantityOrNone(): typeof quantity {
  // -1 stands for no limit.
  return { ...quantity, read: (value, at) => (value === -1 ? 0n : quantity.read(value, at)) }
}

type ActorPlace = {
  readonly id: bigint
  readonly actor: Parameters<typeof actorJson>[1]
  readonly type: string | undefined
}

function stateAt(host: RpcHost, key: Parameters<typeof tipsetOf>[1]) {
  return host.vm.chain.machineAfter(tipsetOf(host, key))
}

/** @throws {RpcError} rpc/failed where there is none: "actor not found", as clients know it */
function actorAt(host: RpcHost, address: Address, key: Parameters<typeof tipsetOf>[1]): ActorPlace {
  const { manifest, state } = stateAt(host, key)
  const id = state.lookupId(address)
  const actor = id === undefined ? undefined : state.getActor(id)
  if (id === undefined || actor === undefined)
    throw new RpcError('rpc/failed', `actor not found: ${host.vm.format(address)}`)
  return { id, actor, type: manifest.actors.find(([, code]) => code.equals(actor.code))?.[0] }
}

function keyOf(host: RpcHost, address: Address, key: Parameters<typeof tipsetOf>[1]): Address {
  const { actor, type } = actorAt(host, address, key)
  if (type !== 'account')
    throw new RpcError('rpc/failed', `${host.vm.format(address)} is no account of a key`)
  const reader = new CborReader(host.vm.chain.blocks.getBlock(actor.head))
  reader.tuple(1)
  return decodeAddress(reader.bytes())
}

function foundMessage(host: RpcHost, name: Parameters<typeof findMessage>[1]): FoundMessage {
  const found = findMessage(host, name)
  if (found === undefined) throw new RpcError('rpc/not-found', `no block has a message ${name}`)
  return found
}

/** The tipset is the message's own: what it did is known with it. Lotus names the one after. */
function lookup({ entry, view }: FoundMessage): Json {
  return {
    Message: cidJson(entry.cid),
    Receipt: receiptJson(entry.receipt),
    ReturnDec: null,
    TipSet: [cidJson(view.tipset.cid)],
    Height: Number(view.number),
  }
}

function invocation(
  host: RpcHost,
  message: Message,
  {
    failure,
    fees,
    name,
    receipt,
    tree,
  }: {
    readonly name: Parameters<typeof cidJson>[0]
    readonly failure: MessageResult['failure']
    readonly fees: Parameters<typeof gasCostJson>[2]
    readonly receipt: Parameters<typeof receiptJson>[0]
    readonly tree: CallTree
  },
): Json {
  return {
    MsgCid: cidJson(name),
    Msg: messageJson(host.vm, message, name),
    MsgRct: receiptJson(receipt),
    GasCost: gasCostJson(name, receipt.gasUsed, fees),
    ExecutionTrace: executionTraceJson(host.vm, tree),
    Error: receipt.exitCode === ExitCode.OK ? '' : describe(failure),
    Duration: 0,
  }
}

/** How an error went up through the calls, the outermost first, with the places in their code; where no actor was called, what it was. */
function describe(failure: MessageResult['failure']): string {
  return failure?.backtrace?.toString() || (failure?.message ?? '')
}
