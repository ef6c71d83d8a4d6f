import type { CryptoProvider } from '@troupe/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { blsCases } from './bls-cases.ts'
import { ed25519Cases } from './ed25519-cases.ts'
import { hashCases } from './hash-cases.ts'
import { secp256k1Cases } from './secp256k1-cases.ts'

/** The contract of {@link CryptoProvider}: every provider passes the same cases. */
export function providerCases(makeProvider: () => Promise<CryptoProvider>): void {
  let made: CryptoProvider
  const provider = () => made
  beforeAll(async () => {
    made = await makeProvider()
  })

  describe('reports', () => {
    it('names itself and a library for each primitive', () => {
      expect(provider().name).toMatch(/^[a-z]+$/)
      expect(Object.keys(provider().implementations).toSorted()).toEqual([
        'blake2b',
        'bls',
        'ed25519',
        'keccak256',
        'ripemd160',
        'secp256k1',
        'sha256',
      ])
      for (const name of Object.values(provider().implementations)) expect(name).not.toBe('')
    })
  })
  hashCases(provider)
  secp256k1Cases(provider)
  ed25519Cases(provider)
  blsCases(provider)
}
