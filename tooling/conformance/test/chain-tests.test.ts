import type { PreAccount, StateCase } from '@troupe/cli/src/conformance/evm/state-test.ts'
import { loadCrypto } from '@troupe/crypto'
import { ChainPair } from '@troupe/differential'
import { describe, expect, it } from 'vitest'
import { chainAccounts, chainTransaction, obstacleOf } from '../src/state-tests/chain-case.ts'
import { Deviations } from '../src/state-tests/deviations.ts'

const NOTHING = new Uint8Array()
const SENDER = (1n << 156n) + 1n
const CONTRACT = (1n << 156n) + 2n
const transaction = {
  ...{ type: 0, sender: SENDER, nonce: 0n, gasLimit: 200_000n, to: CONTRACT, value: 0n, data: NOTHING },
  ...{ maxFee: 10n, maxPriorityFee: 10n, accessList: [], blobs: undefined },
}
const sender: PreAccount = { address: SENDER, nonce: 0n, balance: 1n, code: NOTHING, storage: [] }

function caseOf(fields: Partial<StateCase['transaction']> = {}): StateCase {
  const made = { ...transaction, ...fields }
  return { id: 'own/Cancun/0/0/0', fork: 'Cancun', transaction: made, stateRoot: '0x', logsHash: '0x' }
}

/** A contract that stores EXTCODEHASH of an address. */
const hashing = (address: number): PreAccount => ({
  ...{ address: CONTRACT, nonce: 0n, balance: 0n, storage: [] },
  code: Uint8Array.of(0x60, address, 0x3f, 0x5f, 0x55, 0),
})

describe('a state test as a chain can have it', () => {
  it('is without its access list, pays the fees of a chain, and loops no longer than it has to', () => {
    const accessList = [{ address: 1n, keys: [] }]
    const longest = caseOf({ gasLimit: 100_000_001n, accessList })
    expect(chainTransaction(longest)).toEqual({
      ...{ sender: SENDER, to: CONTRACT, value: 0n, data: NOTHING, gasLimit: 100_000_000n },
    })
    expect(chainTransaction(caseOf({ gasLimit: 99_999_999n })).gasLimit).toBe(99_999_999n)
    const balances = chainAccounts([sender, hashing(1)], caseOf()).map(({ balance }) => balance)
    expect(balances).toEqual([10n ** 20n + 1n, 0n])
    // Whoever has as much as there can be is rich enough.
    const [richest] = chainAccounts([{ ...sender, balance: 2n ** 128n - 1n }], caseOf())
    expect(richest?.balance).toBe(2n ** 128n - 1n)
  })

  it.each<[string, Partial<PreAccount>, Partial<StateCase['transaction']>]>([
    ['a transaction with blobs', {}, { blobs: { maxFee: 1n, hashes: [] } }],
    ['more value than actors can be told of', {}, { value: 2n ** 128n }],
    ['a balance of more than 2^128-1', { balance: 2n ** 128n }, {}],
    ['a contract at an address that is kept for precompiles', { address: 256n, code: Uint8Array.of(0) }, {}],
    ['a sender with code', { address: SENDER, code: Uint8Array.of(0) }, {}],
    ['storage without code', { storage: [[1n, 2n]] }, {}],
    ['a nonce that is used up', { nonce: 2n ** 64n - 1n }, {}],
  ])('is left out where there is %s', (obstacle, account, fields) => {
    const other = { ...sender, address: CONTRACT }
    expect(obstacleOf([{ ...other, ...account }], caseOf(fields))).toBe(obstacle)
    const most = { balance: 2n ** 128n - 1n, address: 257n, code: Uint8Array.of(0), nonce: 2n ** 64n - 2n }
    expect(obstacleOf([{ ...other, ...most }], caseOf({ value: 2n ** 128n - 1n }))).toBeUndefined()
  })

  it('is another on Filecoin where somebody came across what is other there, and only there', async () => {
    const crypto = await loadCrypto()
    const pair = await ChainPair.create(crypto)
    const { position } = pair.vm.head
    // Of a precompile, and of an address that is kept for one, where there is none.
    for (const [address, isOther] of [
      [5, true],
      [0xf0, false],
    ] as const) {
      await pair.restart(position)
      await pair.put(chainAccounts([sender, hashing(address)], caseOf()))
      const deviations = new Deviations(chainTransaction(caseOf()), pair.state, crypto)
      const { differences } = await pair.execute(chainTransaction(caseOf()), deviations.listener)
      expect(differences.length > 0).toBe(isOther)
      expect(deviations.found).toEqual([expect.stringContaining('EXTCODEHASH')])
    }
    const found = (fields: Partial<StateCase['transaction']>): readonly string[] =>
      new Deviations(chainTransaction(caseOf(fields)), pair.state, crypto).found
    expect(found({})).toEqual([])
    expect(found({ to: 10n })).toHaveLength(1)
    expect(found({ to: 11n })).toEqual([])
    expect(found({ to: undefined })).toHaveLength(1)
    expect(found({ to: undefined, data: new Uint8Array(49_152) })).toEqual([])
    expect(found({ to: undefined, data: new Uint8Array(49_153) })).toHaveLength(1)
    await pair.vm.close()
  })
})
