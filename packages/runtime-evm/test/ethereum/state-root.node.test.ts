import { createMPT } from '@ethereumjs/mpt'
import { Account, createAddressFromBigInt, setLengthLeft } from '@ethereumjs/util'
import { type EthereumLog, EthereumState, logsHashOf, stateRootOf } from '@troupe/runtime-evm/ethereum'
import { describe, expect, it } from 'vitest'
import { crypto } from '../support/ethereum.ts'
import { toHex } from '../support/stock-ethereumjs.ts'

/** The root of accounts without code by the library; the storage of account n has n slots, of values that stand in their parents and not. */
async function theirRoot(addresses: readonly bigint[]): Promise<Uint8Array> {
  const trie = await createMPT({ useKeyHashing: true })
  for (const address of addresses) {
    const storage = await createMPT({ useKeyHashing: true })
    for (let slot = 1n; slot <= address; slot++) {
      const key = setLengthLeft(Uint8Array.of(Number(slot)), 32)
      const value =
        slot % 2n === 0n ? Uint8Array.of(Number(slot)) : Uint8Array.of(0x88, ...new Uint8Array(8).fill(7))
      await storage.put(key, value)
    }
    const account = new Account(address, address << 70n, storage.root())
    await trie.put(createAddressFromBigInt(address).bytes, account.serialize())
  }
  return trie.root()
}

function ourRoot(addresses: readonly bigint[]): Uint8Array {
  const state = new EthereumState()
  for (const address of addresses) {
    const storage: [bigint, bigint][] = []
    for (let slot = 1n; slot <= address; slot++)
      storage.push([slot, slot % 2n === 0n ? slot : 0x0707070707070707n])
    state.put(address, { nonce: address, balance: address << 70n, code: new Uint8Array(0), storage })
  }
  return stateRootOf(state, crypto)
}

describe('the root of a state', () => {
  it.each([0, 1, 2, 3, 17, 100])('is that of the library, with %d accounts', async (count) => {
    const addresses = Array.from({ length: count }, (_, index) => BigInt(index % 120))
    expect(toHex(ourRoot(addresses))).toBe(toHex(await theirRoot(addresses)))
  })

  it('does not see slots that are 0', () => {
    const state = new EthereumState()
    state.put(1n, {
      nonce: 1n,
      balance: 1n << 70n,
      code: new Uint8Array(0),
      storage: [
        [9n, 0n],
        [1n, 0x0707070707070707n],
      ],
    })
    expect(stateRootOf(state, crypto)).toEqual(ourRoot([1n]))
  })
})

describe('the hash of logs', () => {
  it('is that of an empty list where there are none', () => {
    expect(toHex(logsHashOf([], crypto))).toBe(
      '1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347',
    )
  })

  it('is that of their RLP', () => {
    const log: EthereumLog = { address: 1n, topics: [2n], data: new Uint8Array(60) }
    const address = [0x94, ...new Uint8Array(19), 1]
    const topics = [0xe1, 0xa0, ...new Uint8Array(31), 2]
    const data = [0xb8, 60, ...new Uint8Array(60)]
    const item = [...address, ...topics, ...data]
    const rlp = Uint8Array.from([0xf8, item.length + 2, 0xf8, item.length, ...item])
    expect(logsHashOf([log], crypto)).toEqual(crypto.keccak256(rlp))
  })
})
