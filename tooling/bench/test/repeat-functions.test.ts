import { expect, it } from 'vitest'
import { compileKernel } from '../src/compile-kernel.ts'
import { instantiateMetered, instantiateRaw, readModule } from '../src/instances.ts'
import { repeatFunctions } from '../src/repeat-functions.ts'

it('repeats functions without changing what a module does', { timeout: 30_000 }, async () => {
  const bytes = await compileKernel('cbor-reader')
  const repeated = repeatFunctions(bytes, 100)
  const functions = readModule(bytes).bodies.length
  expect(readModule(repeated).bodies).toHaveLength(100 * functions)
  expect(instantiateRaw(repeated)(2)).toBe(instantiateRaw(bytes)(2))
  expect(instantiateMetered(repeated).invoke(2)).toBe(instantiateRaw(bytes)(2))
})

it('gives a module back that is repeated once', { timeout: 30_000 }, async () => {
  const bytes = await compileKernel('fibonacci')
  expect(repeatFunctions(bytes, 1)).toEqual(bytes)
})
