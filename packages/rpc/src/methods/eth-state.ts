/** @module What an address has: balance, code, storage, number of transactions. */

import type { Address } from '@troupe/hypervisor'
import { codeOf, findActor, nonceOf, type PlacedActor, storageOf } from '../ethereum/contract.ts'
import { findState } from '../ethereum/find-block.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method, unsupported } from '../method.ts'
import { type BlockReference, blockReference, LATEST } from '../parameters/block-reference.ts'
import { invalid, optional, parameter, reader } from '../parameters/parameter.ts'
import { address, listOf, quantity, recordOf } from '../parameters/readers.ts'
import { fromHex, toHex, toQuantity, toWord } from '../text/hex.ts'

const ADDRESS = parameter('address', address)
const BLOCK = parameter('block', optional(blockReference))

/** Words of storage that are told at once. Source: go-ethereum internal/ethapi/api.go `maxGetStorageSlots`. */
const MAX_SLOTS = 1024
const slotsOfContracts = recordOf(listOf(quantity, MAX_SLOTS), MAX_SLOTS)

/** Words of storage by contract. */
const storageRequests = reader(slotsOfContracts.type, (value, at) => {
  const read = slotsOfContracts.read(value, at)
  const count = read.reduce((sum, [, slots]) => sum + slots.length, 0)
  if (count > MAX_SLOTS) throw invalid(at, `has ${count} words, more than ${MAX_SLOTS}`)
  return read.map(([name, slots]) => [name, { who: address.read(name, `${at} key`), slots }] as const)
})

/** eth_getBalance and the like. */
export const STATE_METHODS: readonly Method[] = [
  method('eth_getBalance', 'read', [ADDRESS, BLOCK], (host, [who, block]) =>
    toQuantity(actorAt(host, who, block)?.actor.balance ?? 0n),
  ),
  method('eth_getCode', 'read', [ADDRESS, BLOCK], (host, [who, block]) =>
    toHex(codeOf(host.vm, actorAt(host, who, block))),
  ),
  method(
    'eth_getStorageAt',
    'read',
    [ADDRESS, parameter('slot', quantity), BLOCK],
    (host, [who, slot, block]) => toHex(storageOf(host.vm, actorAt(host, who, block), slotBytes(slot))),
  ),
  method('eth_getTransactionCount', 'read', [ADDRESS, BLOCK], (host, [who, block]) => {
    const placed = actorAt(host, who, block)
    const isPending = block !== undefined && 'tag' in block && block.tag === 'pending'
    if (!isPending || placed === undefined || placed.isContract) return toQuantity(nonceOf(host.vm, placed))
    return toQuantity(host.vm.pool.nextSequence(who, { impersonate: true }))
  }),
  method(
    'eth_getStorageValues',
    'read',
    [parameter('requests', storageRequests), BLOCK],
    (host, [requests, block]) =>
      Object.fromEntries(
        requests.map(([name, { slots, who }]) => {
          const placed = actorAt(host, who, block)
          return [name, slots.map((slot) => toHex(storageOf(host.vm, placed, slotBytes(slot))))]
        }),
      ),
  ),
  method('eth_getAccountInfo', 'read', [ADDRESS, BLOCK], (host, [who, block]) => {
    const placed = actorAt(host, who, block)
    return {
      balance: toQuantity(placed?.actor.balance ?? 0n),
      nonce: toQuantity(nonceOf(host.vm, placed)),
      code: toHex(codeOf(host.vm, placed)),
    }
  }),
  unsupported(
    'eth_getAccount',
    'state is no Merkle Patricia trie here, so there is no storage root as Ethereum has it; eth_getAccountInfo tells the rest',
  ),
  unsupported('eth_getProof', 'state is no Merkle Patricia trie here, so there is no such proof'),
]

function slotBytes(slot: bigint): Uint8Array {
  return fromHex(toWord(slot)) as Uint8Array
}

function actorAt({ vm }: RpcHost, who: Address, block: BlockReference = LATEST): PlacedActor | undefined {
  return findActor(vm, findState(vm, block), who)
}
