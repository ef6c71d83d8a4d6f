/** @module What an address has: balance, code, storage, number of transactions. */

import type { Address } from '@troupe/hypervisor'
import { codeOf, findActor, nonceOf, type PlacedActor, storageOf } from '../ethereum/contract.ts'
import { findState } from '../ethereum/find-block.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method, unsupported } from '../method.ts'
import { type BlockReference, blockReference, LATEST } from '../parameters/block-reference.ts'
import { optional, parameter } from '../parameters/parameter.ts'
import { address, quantity } from '../parameters/readers.ts'
import { fromHex, toHex, toQuantity, toWord } from '../text/hex.ts'

const ADDRESS = parameter('address', address)
const BLOCK = parameter('block', optional(blockReference))

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
    (host, [who, slot, block]) =>
      toHex(storageOf(host.vm, actorAt(host, who, block), fromHex(toWord(slot)) as Uint8Array)),
  ),
  method('eth_getTransactionCount', 'read', [ADDRESS, BLOCK], (host, [who, block]) => {
    const placed = actorAt(host, who, block)
    const isPending = block !== undefined && 'tag' in block && block.tag === 'pending'
    if (!isPending || placed === undefined || placed.isContract) return toQuantity(nonceOf(host.vm, placed))
    return toQuantity(host.vm.pool.nextSequence(who, { impersonate: true }))
  }),
  unsupported('eth_getProof', 'state is no Merkle Patricia trie here, so there is no such proof'),
]

function actorAt({ vm }: RpcHost, who: Address, block: BlockReference = LATEST): PlacedActor | undefined {
  return findActor(vm, findState(vm, block), who)
}
