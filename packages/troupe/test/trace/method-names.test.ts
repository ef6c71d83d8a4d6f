import { loadCrypto } from '@troupe/crypto'
import { createMethodNames } from 'troupe/trace'
import { expect, it } from 'vitest'

const names = createMethodNames(await loadCrypto())

it('names the methods of official actors by their number', () => {
  expect(names('storageminer', 4n)).toBe('ChangePeerID')
  expect(names('storageminer', 32n)).toBe('ExtendSectorExpiration2')
  expect(names('storagepower', 8n)).toBe('SubmitPoRepForBulkVerify')
  expect(names('verifiedregistry', 7n)).toBe('RemoveVerifiedClientDataCap')
  expect(names('datacap', 21n)).toBe('Allowance')
})

it('names exported methods by the hash of their name, whoever has them', () => {
  // The numbers of FRC-0042: of Receive, and of InvokeEVM.
  expect(names('multisig', 3726118371n)).toBe('Receive')
  expect(names(undefined, 3844450837n)).toBe('InvokeEVM')
})

it('has no name for free numbers, unknown actors and numbers beyond all lists', () => {
  for (const [actor, method] of [
    ['storagepower', 7n],
    ['datacap', 4n],
    ['storageminer', 33n],
    ['stranger', 2n],
    [undefined, 2n],
    ['storageminer', 2n ** 64n - 1n],
    ['toString', 1n],
  ] as const)
    expect(names(actor, method)).toBeUndefined()
})

it('knows what method 0 is', () => {
  expect(names(undefined, 0n)).toBe('Send')
})
