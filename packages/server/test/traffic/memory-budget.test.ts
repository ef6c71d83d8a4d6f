import { describe, expect, it } from 'vitest'
import { MemoryBudget } from '../../src/traffic/memory-budget.ts'

describe('a memory budget', () => {
  it('gives all of itself, and not a byte more, until some comes back', () => {
    const budget = new MemoryBudget(10)
    expect(budget.take(4)).toBe(true)
    expect(budget.take(6)).toBe(true)
    expect(budget.take(1)).toBe(false)
    expect(budget.used).toBe(10)
    budget.give(4)
    expect(budget.take(5)).toBe(false)
    expect(budget.take(4)).toBe(true)
  })
})
