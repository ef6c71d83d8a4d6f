import type { CryptoProvider } from '@troupe/crypto'
import { expect, it } from 'vitest'
import { concat, fromHex, toHex } from './bytes.ts'
import { readEcRecoverVectors } from './vectors/shared-vectors.ts'

/** What recovery gives for the table of the ecrecover precompile, in every provider. The table is a file, so this is for Node. */
export function ecRecoverCases(load: () => Promise<CryptoProvider>): void {
  it('gives what the ecrecover precompile gives', async ({ skip }) => {
    const vectors = readEcRecoverVectors()
    if (vectors === undefined) skip('there is no vectors folder')
    const provider = await load()
    expect(vectors?.length).toBeGreaterThan(0)
    for (const { Input, Expected } of vectors ?? []) {
      const input = fromHex(Input)
      // The precompile's v is a 256-bit number of 27 or 28.
      const v = BigInt(`0x${toHex(input.subarray(32, 64))}`)
      const inRange = v === 27n || v === 28n
      const recovered = inRange
        ? provider.secp256k1Recover(
            input.subarray(0, 32),
            concat(input.subarray(64, 128), Uint8Array.of(Number(v - 27n))),
          )
        : undefined
      const address = recovered && toHex(provider.keccak256(recovered.subarray(1)).fill(0, 0, 12))
      expect(address ?? '').toBe(Expected)
    }
  })
}
