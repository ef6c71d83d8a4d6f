import { loadCrypto } from '@troupe/crypto'
import { createPrecompiles, type PrecompileRow, RIP_7212_P256VERIFY, rowsOfFork } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'
import { fromHex } from './hex.ts'
import { run } from './run.ts'
import { readVectors } from './vectors.ts'

/** Each table with the precompile that it is of, where its prices hold. */
const TABLES: readonly (readonly [string, number, readonly PrecompileRow[]])[] = [
  ['ecRecover', 0x01, rowsOfFork('osaka')],
  ['modexp', 0x05, rowsOfFork('istanbul')],
  ['modexp_eip2565', 0x05, rowsOfFork('prague')],
  ['bn256Add', 0x06, rowsOfFork('osaka')],
  ['bn256ScalarMul', 0x07, rowsOfFork('osaka')],
  ['bn256Pairing', 0x08, rowsOfFork('osaka')],
  ['blake2F', 0x09, rowsOfFork('osaka')],
  ['fail-blake2f', 0x09, rowsOfFork('osaka')],
  // The table says what the operation costs by RIP-7212.
  ['eip7951_p256verify', 0x0100, [RIP_7212_P256VERIFY]],
]

/** Of a long table every so many cases, and none of those that take seconds: `troupe conformance evm-precompiles` runs all of them. */
const IS_EXHAUSTIVE = process.env['TROUPE_EXHAUSTIVE'] !== undefined
const STRIDE = 8
const LONG_TABLE = 100
const LONG_CASE = 1_000_000

const crypto = await loadCrypto()

describe.each(TABLES)('the table %s', (name, address, rows) => {
  const vectors = readVectors(name)

  it('holds, prices included', ({ skip }) => {
    if (vectors === undefined) return skip('the vectors are not on this machine')
    const precompile = createPrecompiles(rows, crypto).get(address)
    if (precompile === undefined) throw new Error('the precompile is in no row')
    expect(vectors.length).toBeGreaterThan(0)
    for (const [i, { Name, Input, Expected, ExpectedError, Gas = 0 }] of vectors.entries()) {
      if (!IS_EXHAUSTIVE && (Gas > LONG_CASE || (vectors.length > LONG_TABLE && i % STRIDE > 0))) continue
      const result = run(precompile, Input)
      if (ExpectedError === undefined) expect(result, Name).toBe(Expected)
      else expect(result, Name).toMatch(/^failed: /)
      if (Gas > 0) expect(precompile.gas(fromHex(Input)), Name).toBe(Gas)
    }
  })
})
