/** @module Blocks, tipsets and messages as Filecoin's wallets and explorers ask for them. Source: lotus api/api_full.go. */
import type { Cid } from '@troupe/ipld'
import { loadEventsWithin, loadReceipts, type Tipset } from 'troupe'
import { RpcError } from '../errors.ts'
import type { BlockEntry } from '../ethereum/block-view.ts'
import { cid, tipsetKey } from '../filecoin/readers.ts'
import {
  blockHeaderJson,
  bytesJson,
  cidJson,
  eventJson,
  messageJson,
  receiptJson,
  signedMessageJson,
  tipsetJson,
} from '../filecoin/to-json.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method, unsupported } from '../method.ts'
import { parameter } from '../parameters/parameter.ts'
import { quantity } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'

const CID = parameter('cid', cid)
const KEY = parameter('tipsetKey', tipsetKey)
/** Bytes of events in one answer: anybody may name a root, and anybody can make one of very many. */
const MAX_EVENT_BYTES = 8 * 1024 * 1024
const HEIGHT = parameter('height', quantity)

/** Filecoin.Chain*. */
export const FILECOIN_CHAIN_METHODS: readonly Method[] = [
  method('Filecoin.ChainHead', 'read', [], ({ vm }) => tipsetJson(vm, vm.chain.head)),
  method('Filecoin.ChainGetGenesis', 'read', [], ({ vm }) =>
    tipsetJson(
      vm,
      firstTipset(vm.chain.head, (key) => vm.chain.tipset(key)),
    ),
  ),
  method('Filecoin.ChainGetTipSet', 'read', [KEY], (host, [key]) => tipsetJson(host.vm, tipsetOf(host, key))),
  // Where an epoch has no block it is the last one before, or the first one after.
  method('Filecoin.ChainGetTipSetByHeight', 'read', [HEIGHT, KEY], (host, [height, key]) =>
    tipsetJson(host.vm, atHeight(host, height, tipsetOf(host, key), false)),
  ),
  method('Filecoin.ChainGetTipSetAfterHeight', 'read', [HEIGHT, KEY], (host, [height, key]) =>
    tipsetJson(host.vm, atHeight(host, height, tipsetOf(host, key), true)),
  ),
  method('Filecoin.ChainTipSetWeight', 'read', [KEY], (host, [key]) =>
    String(tipsetOf(host, key).header.parentWeight),
  ),
  method('Filecoin.ChainGetBlock', 'read', [CID], (host, [block]) =>
    blockHeaderJson(host.vm, tipsetOf(host, [block]).header),
  ),
  method('Filecoin.ChainGetBlockMessages', 'read', [CID], (host, [block]) => {
    const { vm } = host
    const { bls, secp256k1 } = vm.chain.messagesOf(tipsetOf(host, [block]))
    return {
      BlsMessages: bls.map((message) => messageJson(vm, message)),
      SecpkMessages: secp256k1.map((signed) => signedMessageJson(vm, signed)),
      Cids: ownMessages(host, tipsetOf(host, [block])).map((entry) => cidJson(entry.cid)),
    }
  }),
  method('Filecoin.ChainGetMessagesInTipset', 'read', [KEY], (host, [key]) =>
    messagesOf(host, tipsetOf(host, key)),
  ),
  method('Filecoin.ChainGetParentMessages', 'read', [CID], (host, [block]) => {
    const parent = parentOf(host, tipsetOf(host, [block]))
    return parent === undefined ? [] : messagesOf(host, parent)
  }),
  method('Filecoin.ChainGetParentReceipts', 'read', [CID], (host, [block]) => {
    const { chain } = host.vm
    return loadReceipts(
      chain.blocks,
      chain.rules.rules,
      tipsetOf(host, [block]).header.parentMessageReceipts,
    ).map(receiptJson)
  }),
  method('Filecoin.ChainGetMessage', 'read', [CID], ({ vm }, [name]) => {
    const place = vm.chain.findMessage(name)
    const found = place === undefined ? vm.pool.find(name) : vm.chain.messageAt(place)
    if (found === undefined)
      throw new RpcError('rpc/not-found', `neither a block nor the pool has a message ${name}`)
    return messageJson(vm, found.message, name)
  }),
  method('Filecoin.ChainGetEvents', 'read', [parameter('root', cid)], ({ limits, vm: { chain } }, [root]) => {
    if (!chain.blocks.blocks.has(root)) throw new RpcError('rpc/not-found', `no block ${root} is here`)
    const events = loadEventsWithin(chain.blocks, root, { events: limits.logs, bytes: MAX_EVENT_BYTES })
    if (events === undefined)
      throw new RpcError(
        'rpc/limit',
        `there are more than ${limits.logs} events, or ${MAX_EVENT_BYTES} bytes`,
      )
    return events.map(eventJson)
  }),
  method('Filecoin.ChainReadObj', 'read', [CID], ({ vm }, [name]) => {
    const bytes = vm.chain.blocks.blocks.get(name)
    if (bytes === undefined) throw new RpcError('rpc/not-found', `no block ${name} is here`)
    return bytesJson(bytes) ?? ''
  }),
  method('Filecoin.ChainHasObj', 'read', [CID], ({ vm }, [name]) => vm.chain.blocks.blocks.has(name)),
  unsupported(
    'Filecoin.ChainNotify',
    'channels of go-jsonrpc are not spoken here; eth_subscribe tells of new heads',
  ),
]

/** The tipset of a key; the head for none. @throws {RpcError} rpc/not-found */
export function tipsetOf({ vm: { chain } }: RpcHost, key: readonly Cid[] | undefined): Tipset {
  const [block, ...others] = key ?? []
  if (block === undefined) return chain.head
  if (others.length > 0) throw new RpcError('rpc/not-found', 'a tipset has one block here')
  return chain.tipset(block)
}

function atHeight({ vm: { chain } }: RpcHost, height: bigint, from: Tipset, isAfter: boolean): Tipset {
  if (height > from.header.height)
    throw new RpcError('rpc/failed', `height ${height} is after that of the tipset, ${from.header.height}`)
  let at = from
  for (;;) {
    const parentCid = at.header.parents[0]
    if (at.header.height === height || parentCid === undefined) break
    const parent = chain.tipset(parentCid)
    if (parent.header.height < height) {
      if (!isAfter) at = parent
      break
    }
    at = parent
  }
  return at
}

function firstTipset(head: Tipset, tipset: (key: Cid) => Tipset): Tipset {
  let at = head
  while (at.ancestor !== undefined) at = tipset(at.ancestor)
  return at
}

function parentOf({ vm: { chain } }: RpcHost, { header }: Tipset): Tipset | undefined {
  const parent = header.parents[0]
  return parent === undefined ? undefined : chain.tipset(parent)
}

/** The messages that the block itself has: what was left to its end is in none of Filecoin's lists, as what the system does is not. */
function ownMessages(host: RpcHost, tipset: Tipset): BlockEntry[] {
  return host.block(tipset).entries.filter(({ queued }) => queued === undefined)
}

function messagesOf(host: RpcHost, tipset: Tipset): Json {
  return ownMessages(host, tipset).map((entry) => ({
    Cid: cidJson(entry.cid),
    Message: messageJson(host.vm, entry.message, entry.cid),
  }))
}
