import { forkOf } from '@troupe/runtime-evm/ethereum'
import { describe, expect, it } from 'vitest'
import { createWorld } from '../support/ethereum.ts'

describe('forks', () => {
  it.each(['istanbul', 'berlin', 'london', 'paris', 'shanghai', 'cancun', 'prague', 'osaka'])(
    'are there: %s',
    (name) => {
      expect(forkOf(name)).toMatchObject({ name, schedule: { base: expect.any(Float64Array) } })
    },
  )

  it.each(['frontier', 'petersburg', 'amsterdam', 'Cancun', ''])('are not there: %s', (name) => {
    expect(() => forkOf(name)).toThrow(
      expect.objectContaining({ code: 'evm/unsupported-fork', feature: name }),
    )
  })

  it('know no price of blobs that nobody can pay', () => {
    const { updateFraction } = forkOf('cancun').blobs as { updateFraction: bigint }
    expect(
      createWorld({ block: { excessBlobGas: updateFraction * 178n } }).machine.blobBaseFee,
    ).toBeGreaterThan(1n << 256n)
    expect(() => createWorld({ block: { excessBlobGas: updateFraction * 178n + 1n } })).toThrow(
      expect.objectContaining({ code: 'evm/unsupported', feature: 'blob price' }),
    )
  })
})
