import { geometricMean, pairwiseRatios, quantile, spreadOf } from '@troupe/bench'
import { describe, expect, it } from 'vitest'

describe('a spread', () => {
  it('is of the samples in whatever order they come', () => {
    expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ count: 5, min: 1, median: 3, p90: 4.6, max: 5, mad: 1 })
  })

  it('has the mean of the two in the middle for its median, where they are even in number', () => {
    expect(spreadOf([4, 1, 2, 3]).median).toBe(2.5)
  })

  it('has no deviation where there is one sample', () => {
    expect(spreadOf([7])).toEqual({ count: 1, min: 7, median: 7, p90: 7, max: 7, mad: 0 })
  })

  it('does not move for one sample that was disturbed', () => {
    const { median, mad } = spreadOf([10, 11, 9, 10, 10_000])
    expect([median, mad]).toEqual([10, 1])
  })

  it('leaves the samples as they are', () => {
    const samples = [3, 1, 2]
    spreadOf(samples)
    expect(samples).toEqual([3, 1, 2])
  })

  it('is of at least one sample', () => {
    expect(() => spreadOf([])).toThrow(RangeError)
    expect(() => quantile([], 0.5)).toThrow(RangeError)
  })
})

describe('a quantile', () => {
  it('lies between neighbours as far as its share says', () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([0, 10], share))).toEqual([0, 2.5, 5, 9, 10])
  })
})

describe('a geometric mean', () => {
  it('is the same whichever way round ratios are', () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4, 12)
    expect(geometricMean([1 / 2, 1 / 8])).toBeCloseTo(1 / 4, 12)
  })

  it('is of at least one value', () => {
    expect(() => geometricMean([])).toThrow(RangeError)
  })
})

describe('ratios', () => {
  it('are taken pair by pair', () => {
    expect(pairwiseRatios([2, 30, 4], [1, 10, 8])).toEqual([2, 3, 0.5])
  })

  it('need a partner for each sample', () => {
    expect(() => pairwiseRatios([1, 2], [1])).toThrow(RangeError)
  })
})
