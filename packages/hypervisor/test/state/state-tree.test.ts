import { loadCrypto } from '@troupe/crypto'
import { NV28, StateTree } from '@troupe/hypervisor'
import { CborStore, cidOf, MemoryBlockstore, RAW } from '@troupe/ipld'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()
const CODE = cidOf(crypto, RAW, Uint8Array.of(1))

describe('a state tree', () => {
  it('tells ids apart that no double does', () => {
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const tree = StateTree.create(store, NV28)
    const ids = [0n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 2n, 2n ** 64n - 1n]
    ids.forEach((id, balance) => {
      tree.setActor(id, { code: CODE, head: CODE, sequence: 0n, balance: BigInt(balance) })
    })
    tree.deleteActor(2n ** 53n)
    const balances = (of: StateTree): (bigint | undefined)[] => ids.map((id) => of.getActor(id)?.balance)
    const expected = [0n, 1n, undefined, 3n, 4n, 5n]
    expect(balances(tree)).toEqual(expected)
    const mark = tree.mark()
    for (const id of ids) tree.deleteActor(id)
    tree.rollback(mark)
    expect(balances(tree)).toEqual(expected)
    expect(balances(StateTree.load(store, tree.flush(), NV28))).toEqual(expected)
  })
})
