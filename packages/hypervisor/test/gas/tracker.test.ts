import { GasTracker, OutOfGas } from '@troupe/hypervisor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const MAX = 2n ** 63n - 1n

/** The same rules in bigints, one after another as they are written down. */
class Model {
  limit: bigint
  used = 0n
  readonly outer: { limit: bigint; used: bigint }[] = []
  constructor(limit: bigint) {
    this.limit = limit
  }
  charge(amount: bigint): boolean {
    this.used += amount
    if (this.used <= this.limit) return true
    this.used = this.limit
    return false
  }
  push(limit: bigint): void {
    this.outer.push({ limit: this.limit, used: this.used })
    const available = this.limit - this.used
    this.limit = limit < available ? limit : available
    this.used = 0n
  }
  pop(): void {
    const outer = this.outer.pop()
    if (outer === undefined) return
    this.limit = outer.limit
    this.used += outer.used
  }
}

const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 10_000n }),
  fc.bigInt({ min: 0n, max: 2n ** 53n + 10n }),
  fc.bigInt({ min: 0n, max: MAX }),
)
const step = fc.oneof(
  fc.record({ type: fc.constant('charge' as const), amount }),
  fc.record({ type: fc.constant('push' as const), amount }),
  fc.record({ type: fc.constant('pop' as const), amount }),
)

describe('GasTracker', () => {
  it('counts as plain bigints would, whatever the limits', () => {
    fc.assert(
      fc.property(amount, fc.array(step, { maxLength: 40 }), (limit, steps) => {
        const tracker = new GasTracker(limit)
        const model = new Model(limit)
        for (const { type, amount } of steps) {
          if (type === 'push') {
            tracker.pushLimit(amount)
            model.push(amount)
          } else if (type === 'pop') {
            if (model.outer.length === 0) continue
            tracker.popLimit()
            model.pop()
          } else {
            const fits = model.charge(amount)
            if (fits) tracker.chargeWide('x', amount)
            else expect(() => tracker.chargeWide('x', amount)).toThrow(OutOfGas)
          }
          expect(tracker.used).toBe(model.used)
          expect(tracker.available).toBe(model.limit - model.used)
        }
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('saturates what is given back as 64-bit integers do (release/v2 gas/mod.rs)', () => {
    const tracker = new GasTracker(1000n)
    tracker.charge('some', 400)
    tracker.chargeWide('back', -MAX - 1n)
    expect([tracker.used, tracker.available]).toEqual([400n - MAX - 1n, MAX])
    tracker.charge('more', -1)
    tracker.chargeWide('back', -MAX - 1n)
    expect([tracker.used, tracker.available]).toEqual([-MAX - 1n, MAX])
    tracker.charge('forward', 1)
    expect(tracker.used).toBe(-MAX)
    tracker.chargeWide('all', MAX)
    expect([tracker.used, tracker.available]).toEqual([0n, 1000n])
  })

  it('takes the last milligas and refuses the next, on both sides of 2^53', () => {
    for (const limit of [1n, 1000n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, MAX]) {
      const tracker = new GasTracker(limit)
      tracker.chargeWide('all', limit)
      expect(tracker.available).toBe(0n)
      expect(() => tracker.charge('one more', 1)).toThrow(OutOfGas)
      expect(tracker.used).toBe(limit)
    }
  })

  it('uses up all that is left when it runs out', () => {
    const tracker = new GasTracker(1000n)
    tracker.charge('some', 400)
    expect(() => tracker.charge('too much', 601)).toThrow(OutOfGas)
    expect(tracker.used).toBe(1000n)
  })

  it('gives back for a negative charge, beyond the limit too', () => {
    const tracker = new GasTracker(1000n)
    tracker.charge('refund', -500)
    expect(tracker.used).toBe(-500n)
    expect(tracker.available).toBe(1500n)
    const wide = new GasTracker(MAX)
    wide.charge('refund', -5)
    expect([wide.used, wide.available]).toEqual([-5n, MAX])
  })

  it('tells what is available as a number only where that is exact', () => {
    expect(new GasTracker(2n ** 53n - 1n).availableNear).toBe(2 ** 53 - 1)
    expect(new GasTracker(2n ** 53n).availableNear).toBe(-1)
  })

  it('reports what was taken where it runs out', () => {
    const charges: [string, number | bigint][] = []
    const tracker = new GasTracker(1000n)
    tracker.listen((name, milligas) => charges.push([name, milligas]))
    tracker.charge('some', 400)
    expect(() => tracker.charge('too much', 601)).toThrow(OutOfGas)
    expect(charges).toEqual([
      ['some', 400],
      ['too much', 600n],
    ])
  })

  it('reports charges to its listener', () => {
    const charges: [string, number | bigint][] = []
    const tracker = new GasTracker(MAX)
    tracker.listen((name, milligas) => charges.push([name, milligas]))
    tracker.charge('a', 1)
    tracker.chargeWide('b', 2n ** 60n)
    expect(charges).toEqual([
      ['a', 1],
      ['b', 2n ** 60n],
    ])
  })
})

describe('gas that has another price', () => {
  it('is not charged and not told, and what is taken is', () => {
    const tracker = new GasTracker(10_000n)
    const told: [string, number | bigint][] = []
    tracker.listen((name, milligas) => told.push([name, milligas]))
    tracker.isFree = true
    tracker.charge('free', 10_001)
    tracker.chargeWide('free', MAX)
    tracker.take('taken', 3000)
    expect(tracker.available).toBe(7000n)
    expect(() => tracker.take('taken', 7001)).toThrow(OutOfGas)
    tracker.isFree = false
    expect(() => tracker.charge('listed', 1)).toThrow(OutOfGas)
    expect(told).toEqual([
      ['taken', 3000],
      ['taken', 7000n],
      ['listed', 0n],
    ])
  })

  it('can be taken all at once, as far as a limit reaches', () => {
    const tracker = new GasTracker(10_000n)
    const told: (number | bigint)[] = []
    tracker.listen((_, milligas) => told.push(milligas))
    tracker.pushLimit(4000n)
    tracker.takeAll('all')
    tracker.takeAll('all')
    expect(tracker.available).toBe(0n)
    tracker.popLimit()
    expect(tracker.available).toBe(6000n)
    expect(told).toEqual([4000n])
  })
})
