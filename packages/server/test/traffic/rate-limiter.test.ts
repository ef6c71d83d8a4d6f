import { describe, expect, it } from 'vitest'
import { clientKey, RateLimiter } from '../../src/traffic/rate-limiter.ts'

/** A limiter, and the hands of its clock. */
function limiter(countedAddresses = 10): { readonly limiter: RateLimiter; pass(milliseconds: number): void } {
  let now = 0
  const limits = { callsPerSecond: 10, callBurst: 20, countedAddresses }
  return {
    limiter: new RateLimiter(limits, () => now),
    pass: (milliseconds) => {
      now += milliseconds
    },
  }
}

describe('a rate limiter', () => {
  it('lets a burst pass, and then so many a second', () => {
    const { limiter: limited, pass } = limiter()
    for (let i = 0; i < 20; i++) expect(limited.take('1.1.1.1', 1)).toBe(0)
    expect(limited.take('1.1.1.1', 1)).toBeCloseTo(100)
    pass(99)
    expect(limited.take('1.1.1.1', 1)).toBeGreaterThan(0)
    pass(1)
    expect(limited.take('1.1.1.1', 1)).toBe(0)
    expect(limited.take('1.1.1.1', 1)).toBeGreaterThan(0)
  })

  it('counts each call of a batch, takes all or none, and says where none of any patience will do', () => {
    const { limiter: limited, pass } = limiter()
    expect(limited.take('1.1.1.1', 21)).toBe(Number.POSITIVE_INFINITY)
    expect(limited.take('1.1.1.1', 20)).toBe(0)
    pass(500)
    expect(limited.take('1.1.1.1', 6)).toBeCloseTo(100)
    expect(limited.take('1.1.1.1', 5)).toBe(0)
  })

  it('never has more than the burst', () => {
    const { limiter: limited, pass } = limiter()
    limited.take('1.1.1.1', 1)
    pass(1_000_000)
    expect(limited.take('1.1.1.1', 20)).toBe(0)
    expect(limited.take('1.1.1.1', 1)).toBeGreaterThan(0)
  })

  it('counts addresses apart, and forgets those that called least lately where they are too many', () => {
    const { limiter: limited } = limiter(2)
    for (const address of ['1.1.1.1', '2.2.2.2', '1.1.1.1']) expect(limited.take(address, 10)).toBe(0)
    expect(limited.take('3.3.3.3', 1)).toBe(0)
    expect(limited.size).toBe(2)
    expect(limited.take('1.1.1.1', 1)).toBeGreaterThan(0)
    expect(limited.take('2.2.2.2', 20)).toBe(0)
  })
})

describe('addresses that are counted together', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8::6', '2001:db8:0:0::'],
    ['::1', '0:0:0:0::'],
  ])('%s is %s', (address, key) => {
    expect(clientKey(address)).toBe(key)
  })
})
