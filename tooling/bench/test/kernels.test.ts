import { describe, expect, it } from 'vitest'
import { compileKernel } from '../src/compile-kernel.ts'
import { instantiateMetered, instantiateRaw } from '../src/instances.ts'

describe('a kernel', () => {
  it('does the same metered and unmetered, for the same gas each time', { timeout: 30_000 }, async () => {
    const bytes = await compileKernel('quicksort')
    const raw = instantiateRaw(bytes)
    const metered = instantiateMetered(bytes)
    const results = [1, 2, 2].map((rounds) => [metered.invoke(rounds), metered.takeGas()])
    expect(results.map(([result]) => result)).toEqual([1, 2, 2].map((rounds) => raw(rounds)))
    expect(results[1]).toEqual(results[2])
    expect(results[1]?.[1]).toBeGreaterThan(results[0]?.[1] as number)
  })
})
