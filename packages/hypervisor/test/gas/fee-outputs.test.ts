import { computeFeeOutputs } from '@troupe/hypervisor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const NO_FEES = { baseFee: 0n, feeCap: 0n, premium: 0n }

describe('computeFeeOutputs', () => {
  // ref-fvm release/v3 fvm/src/gas/outputs.rs overestimation_burn_test
  it.each([
    [100n, 200n, 10n, 90n],
    [100n, 150n, 30n, 20n],
    [1_000n, 1_300n, 240n, 60n],
    [500n, 700n, 140n, 60n],
    [200n, 200n, 0n, 0n],
    [20_000n, 21_000n, 1_000n, 0n],
    [0n, 2_000n, 0n, 2_000n],
    [500n, 651n, 121n, 30n],
    [500n, 5_000n, 0n, 4_500n],
    [7_499_000_000n, 7_500_000_000n, 1_000_000n, 0n],
    [3_750_000_000n, 7_500_000_000n, 375_000_000n, 3_375_000_000n],
    [1n, 7_500_000_000n, 0n, 7_499_999_999n],
  ])('refunds and burns the rest of the gas: %d of %d used', (gasUsed, gasLimit, gasRefund, gasBurned) => {
    expect(computeFeeOutputs({ gasUsed, gasLimit, ...NO_FEES })).toMatchObject({ gasRefund, gasBurned })
  })

  // ref-fvm release/v3 fvm/src/gas/outputs.rs gas_outputs_test, with a base fee of 10
  it.each([
    { limit: 110n, feeCap: 11n, burn: 1_000n, over: 0n, penalty: 0n, tip: 110n, refund: 100n },
    { limit: 130n, feeCap: 11n, burn: 1_000n, over: 60n, penalty: 0n, tip: 130n, refund: 240n },
    { limit: 110n, feeCap: 10n, burn: 1_000n, over: 0n, penalty: 0n, tip: 0n, refund: 100n },
    { limit: 110n, feeCap: 6n, burn: 600n, over: 0n, penalty: 400n, tip: 0n, refund: 60n },
  ])(
    'splits the payment: limit $limit, fee cap $feeCap',
    ({ limit, feeCap, burn, over, penalty, tip, refund }) => {
      const outputs = computeFeeOutputs({ gasUsed: 100n, gasLimit: limit, baseFee: 10n, feeCap, premium: 1n })
      expect(outputs).toMatchObject({
        baseFeeBurn: burn,
        overEstimationBurn: over,
        minerPenalty: penalty,
        minerTip: tip,
        refund,
      })
    },
  )

  it('penalises the producer for over-estimated gas below the base fee too', () => {
    const outputs = computeFeeOutputs({
      gasUsed: 100n,
      gasLimit: 200n,
      baseFee: 10n,
      feeCap: 6n,
      premium: 0n,
    })
    expect(outputs).toMatchObject({
      gasBurned: 90n,
      overEstimationBurn: 540n,
      minerPenalty: 4n * 190n,
      refund: 60n,
    })
  })

  it('cuts the tip to what the fee cap leaves, and lets a negative premium through', () => {
    const base = { gasUsed: 100n, gasLimit: 110n, baseFee: 10n }
    expect(computeFeeOutputs({ ...base, feeCap: 12n, premium: 5n }).minerTip).toBe(220n)
    expect(computeFeeOutputs({ ...base, feeCap: 15n, premium: 5n }).minerTip).toBe(550n)
    expect(computeFeeOutputs({ ...base, feeCap: 12n, premium: -1n }).minerTip).toBe(-110n)
  })

  it('stays exact up to the greatest limits', () => {
    const gasLimit = 2n ** 63n - 1n
    const outputs = computeFeeOutputs({ gasUsed: gasLimit / 2n, gasLimit, ...NO_FEES })
    expect(outputs.gasBurned + outputs.gasRefund).toBe(gasLimit - gasLimit / 2n)
    expect(outputs.gasBurned).toBe(4150517416584649114n)
  })

  it('gives out exactly what the sender paid', () => {
    const gas = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
    const fee = fc.bigInt({ min: 0n, max: 2n ** 70n })
    fc.assert(
      fc.property(gas, gas, fee, fee, fee, (a, b, baseFee, feeCap, premium) => {
        const [gasUsed, gasLimit] = a < b ? [a, b] : [b, a]
        const outputs = computeFeeOutputs({ gasUsed, gasLimit, baseFee, feeCap, premium })
        const { baseFeeBurn, overEstimationBurn, minerTip, refund, minerPenalty, gasBurned, gasRefund } =
          outputs
        expect(baseFeeBurn + overEstimationBurn + minerTip + refund).toBe(feeCap * gasLimit)
        expect(gasUsed + gasBurned + gasRefund).toBe(gasLimit)
        for (const amount of [
          baseFeeBurn,
          overEstimationBurn,
          minerTip,
          refund,
          minerPenalty,
          gasBurned,
          gasRefund,
        ]) {
          expect(amount).toBeGreaterThanOrEqual(0n)
        }
      }),
      { seed: 10 },
    )
  })
})
