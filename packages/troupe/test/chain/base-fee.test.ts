import fc from 'fast-check'
import { BLOCK_GAS_LIMIT, BLOCK_GAS_TARGET, MINIMUM_BASE_FEE, nextBaseFee } from 'troupe'
import { describe, expect, it } from 'vitest'

const limits = (...gasLimits: bigint[]) =>
  gasLimits.map((gasLimit) => ({ gasLimit, gasFeeCap: 10n ** 18n, gasPremium: 0n }))

describe('the base fee by utilization', () => {
  // lotus chain/store/basefee_test.go, TestBaseFee, the column after Smoke
  it.each([
    [0n, 1, 87_500_000n],
    [0n, 5, 87_500_000n],
    [BLOCK_GAS_TARGET, 1, 100_000_000n],
    [BLOCK_GAS_TARGET * 2n, 2, 100_000_000n],
    [BLOCK_GAS_LIMIT * 2n, 2, 112_500_000n],
    [(BLOCK_GAS_LIMIT * 15n) / 10n, 2, 106_250_000n],
  ])('after %i gas in %i blocks is what the reference gives', (used, blocks, expected) => {
    expect(nextBaseFee('utilization', 100_000_000n, limits(used), blocks)).toBe(expected)
  })
})

describe('the base fee by premiums', () => {
  // TestNextBaseFeeFromPremium: one message that fills the block offers the premium that counts.
  it.each([
    [100n, 0n, 100n],
    [100n, 13n, 100n],
    [100n, 14n, 101n],
    [100n, 26n, 113n],
    [801n, 0n, 700n],
    [801n, 20n, 720n],
    [801n, 200n, 900n],
    [801n, 201n, 901n],
    [808n, 0n, 707n],
    [808n, 201n, 908n],
    [808n, 202n, 909n],
    [808n, 203n, 909n],
  ])('of %i with a premium of %i is %i', (baseFee, gasPremium, expected) => {
    const messages = [{ gasLimit: BLOCK_GAS_LIMIT, gasFeeCap: 10n ** 6n, gasPremium }]
    expect(nextBaseFee('premiums', baseFee, messages)).toBe(expected)
  })

  // TestWeightedQuickSelect: with a base fee of 800, up to 900 is the premium that counts plus 700.
  it.each([
    [[], [], 0n],
    [[123n, 100n], [5_999_999_999n, 2_000_000_000n], 0n],
    [[123n, 0n], [5_999_999_999n, 2_000_000_001n], 0n],
    [[123n, 100n], [5_999_999_999n, 2_000_000_001n], 100n],
    [[123n, 100n], [7_999_999_999n, 2_000_000_001n], 100n],
    [[123n, 100n], [8_000_000_000n, 2_000_000_000n], 123n],
    [[123n, 100n], [8_000_000_000n, 9_000_000_000n], 123n],
    [
      [10n, 20n, 30n, 40n, 50n, 60n, 70n],
      [
        4_000_000_000n,
        1_000_000_000n,
        2_000_000_000n,
        1_000_000_000n,
        2_000_000_000n,
        2_000_000_000n,
        3_000_000_000n,
      ],
      40n,
    ],
  ])(
    'looks for the premium at the 80th percentile of a full block (case %#)',
    (premiums, gasLimits, expected) => {
      const messages = premiums.map((gasPremium, index) => ({
        gasPremium,
        gasLimit: gasLimits[index] ?? 0n,
        gasFeeCap: 10n ** 6n,
      }))
      expect(nextBaseFee('premiums', 800n, messages)).toBe(700n + expected)
    },
  )
})

describe('any base fee', () => {
  it('stays within an eighth of the one before, and never falls below the least', () => {
    const message = fc.record({
      gasLimit: fc.bigInt(1n, BLOCK_GAS_LIMIT),
      gasFeeCap: fc.bigInt(0n, 10n ** 12n),
      gasPremium: fc.bigInt(0n, 10n ** 12n),
    })
    fc.assert(
      fc.property(
        fc.constantFrom('premiums' as const, 'utilization' as const),
        fc.bigInt(MINIMUM_BASE_FEE, 10n ** 12n),
        fc.array(message, { maxLength: 20 }),
        (rule, baseFee, messages) => {
          const next = nextBaseFee(rule, baseFee, messages)
          expect(next).toBeGreaterThanOrEqual(MINIMUM_BASE_FEE)
          const step = baseFee / 8n + 1n
          expect(next).toBeGreaterThanOrEqual(baseFee - step)
          expect(next).toBeLessThanOrEqual(baseFee + step)
        },
      ),
      { seed: 42 },
    )
  })
})
