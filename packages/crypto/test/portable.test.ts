import { loadCrypto } from '@troupe/crypto'
import { describe, expect, it } from 'vitest'
import { providerCases } from './provider-cases.ts'

describe('the portable provider', () => {
  providerCases(loadCrypto)

  it('makes providers that share no state', async () => {
    const [first, second] = await Promise.all([loadCrypto(), loadCrypto()])
    expect(first).not.toBe(second)
    expect(first.sha256(Uint8Array.of(1))).toEqual(second.sha256(Uint8Array.of(1)))
  })
})
