import { CodedError } from '@troupe/crypto'
import {
  type ActorState,
  type Address,
  AddressProtocol,
  idAddress,
  readAddress,
  toEthereumAddress,
} from '@troupe/hypervisor'
import { type Blockstore, CborReader, type Cid, DAG_CBOR } from '@troupe/ipld'
import type { Chain } from '../chain/chain.ts'
import { formatLocal } from './address-like.ts'

/** The identity card of an actor: all its names, and what it is. */
export interface Identity {
  /** f0. */
  readonly id: string
  /** f1 or f3: the key of an account. */
  readonly key: string | undefined
  /** f4. */
  readonly delegated: string | undefined
  /** 0x: of its Ethereum address, or of its id behind a mask. */
  readonly ethereum: string | undefined
  readonly code: Cid
  /** The name that the manifest has for its code; `undefined` for code of users. */
  readonly type: string | undefined
  readonly balance: bigint
  readonly sequence: bigint
  readonly head: Cid
}

/** The record of whom an address names; `undefined` where that is nobody. */
export function actorAt(chain: Chain, address: Address): ActorState | undefined {
  const { state } = chain.machineAfter()
  const id = state.lookupId(address)
  return id === undefined ? undefined : state.getActor(id)
}

/** The identity of whom an address names. */
export function identify(chain: Chain, address: Address): Identity | undefined {
  const { crypto } = chain.blocks
  const { manifest, state } = chain.machineAfter()
  const id = state.lookupId(address)
  const actor = id === undefined ? undefined : state.getActor(id)
  if (id === undefined || actor === undefined) return undefined
  const text = (name: Address | undefined): string | undefined =>
    name === undefined ? undefined : formatLocal(name, crypto)
  return {
    id: formatLocal(idAddress(id), crypto),
    key: text(manifest.is('account', actor.code) ? keyOf(chain.blocks.blocks, actor) : undefined),
    delegated: text(actor.delegatedAddress),
    ethereum: toEthereumAddress(actor.delegatedAddress ?? idAddress(id), crypto),
    type: manifest.actors.find(([, code]) => code.equals(actor.code))?.[0],
    ...{ code: actor.code, balance: actor.balance, sequence: actor.sequence, head: actor.head },
  }
}

/** The key in the state of an account: CBOR `[address]`. */
function keyOf(blocks: Blockstore, { head }: ActorState): Address | undefined {
  const state = head.code === DAG_CBOR ? blocks.get(head) : undefined
  if (state === undefined) return undefined
  try {
    const reader = new CborReader(state)
    reader.tuple(1)
    const address = readAddress(reader)
    return address.protocol === AddressProtocol.ID ? undefined : address
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}
