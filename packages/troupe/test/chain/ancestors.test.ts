import { describe, expect, it } from 'vitest'
import { ancestorNumber } from '../../src/chain/ancestors.ts'

describe('the ancestor that a block names', () => {
  it('is always behind its parent, and leads anywhere in few steps', () => {
    const steps = (from: bigint, to: bigint): number => {
      let at = from
      let count = 0
      while (at > to) {
        const far = ancestorNumber(at)
        at = far >= to && far < at - 1n ? far : at - 1n
        count++
      }
      return count
    }
    for (let number = 2n; number < 4096n; number++) expect(ancestorNumber(number)).toBeLessThan(number)
    for (const from of [100_000n, 99_999n, 65_535n, 65_537n])
      for (const to of [0n, 1n, 2n, 12_345n, 50_000n, 65_000n]) expect(steps(from, to)).toBeLessThan(110)
  })
})
