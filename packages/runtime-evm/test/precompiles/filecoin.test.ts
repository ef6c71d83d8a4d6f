import { loadCrypto } from '@troupe/crypto'
import { createFilecoinPrecompiles, isReservedForPrecompiles } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'
import { fromHex, word } from './hex.ts'
import { run } from './run.ts'

const crypto = await loadCrypto()
const v18 = createFilecoinPrecompiles(18, crypto)
const FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const BLS12_381 = [0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11]

describe("the precompiles of Filecoin's EVM actor", () => {
  it.each([
    [10, FIRST],
    [16, FIRST],
    [17, [...FIRST, ...BLS12_381]],
    [18, [...FIRST, ...BLS12_381, 0x0100]],
  ])('are those of release %d', (release, addresses) => {
    expect([...createFilecoinPrecompiles(release, crypto).keys()]).toEqual(addresses)
  })

  it('have addresses that are kept for them, used or not', () => {
    const filecoins = 0xfen << 152n
    for (const address of [1n, 0x0an, 0x12n, 0xffn, filecoins + 1n, filecoins + 0xffn])
      expect(isReservedForPrecompiles(18, address)).toBe(true)
    for (const address of [0n, 0x0101n, filecoins, filecoins + 0x0100n, 0xffn << 152n, 0x01n << 152n])
      expect(isReservedForPrecompiles(18, address)).toBe(false)
    expect(isReservedForPrecompiles(18, 0x0100n)).toBe(true)
    expect(isReservedForPrecompiles(17, 0x0100n)).toBe(false)
  })
})

/** What the official actor of release 18 makes of the same: apps/cli/test/official-actors/evm-precompiles.test.ts. */
describe("the modular exponentiation of Filecoin's EVM actor", () => {
  const modexp = v18.get(0x05) ?? expect.fail()
  const lengths = (base: bigint, exponent: bigint, modulus: bigint): string =>
    word(base) + word(exponent) + word(modulus)

  it('gives what Ethereum gives', () => {
    expect(run(modexp, `${lengths(1n, 1n, 2n)}03020700`)).toBe('0009')
    expect(run(modexp, `${lengths(1n, 1n, 2n)}03020001`)).toBe('0000')
    expect(run(modexp, lengths(1n, 0n, 0n))).toBe('')
    expect(run(modexp, '')).toBe('')
  })

  it('takes lengths below 2^32, and fails with others even where there is nothing to give', () => {
    expect(run(modexp, lengths(0n, 2n ** 32n - 1n, 0n))).toBe('')
    expect(run(modexp, lengths(0n, 2n ** 32n, 0n))).toBe('failed: operand-length')
    expect(run(modexp, lengths(2n ** 32n, 0n, 1n))).toBe('failed: operand-length')
    expect(run(modexp, lengths(0n, 0n, 2n ** 256n - 1n))).toBe('failed: operand-length')
  })

  it('ends the actor where 2^29 bytes of an operand are missing', () => {
    expect(run(modexp, `${lengths(1n, 2n ** 29n - 1n, 1n)}03`)).toBe('00')
    expect(run(modexp, `${lengths(1n, 2n ** 29n, 1n)}03`)).toBe('failed: actor-panic')
    expect(run(modexp, `${lengths(1n, 2n ** 29n, 1n)}0300`)).toBe('00')
    expect(run(modexp, lengths(2n ** 29n, 0n, 0n))).toBe('failed: actor-panic')
  })

  it('has no room for operands of more than 16 MiB that are not zero, and for such a result', () => {
    const limit = 2n ** 24n
    expect(modexp.run(fromHex(lengths(0n, 0n, limit)))).toHaveLength(Number(limit))
    expect(run(modexp, lengths(0n, 0n, limit + 1n))).toBe('failed: actor-memory')
    expect(run(modexp, `${lengths(limit, 0n, 1n)}01`)).toBe('00')
    expect(run(modexp, `${lengths(limit + 1n, 0n, 1n)}01`)).toBe('failed: actor-memory')
    expect(run(modexp, `${lengths(limit + 1n, 0n, 1n)}00`)).toBe('00')
  })
})

describe("prices of Filecoin's EVM actor", () => {
  /** What the official actor of release 18 was charged, on network version 28. */
  it.each([
    [0x02, '00'.repeat(1024), 22_377],
    [0x03, '00'.repeat(1024), 54_858],
    [0x04, '00'.repeat(1024), 1390],
    [0x04, '', 436],
    [
      0x05,
      `${word(32n) + word(32n) + word(32n)}${'7f'.repeat(32)}${'ff'.repeat(32)}${'7f'.repeat(31)}fb`,
      9_878_787,
    ],
    [
      0x05,
      `${word(32n) + word(32n) + word(32n)}${'7f'.repeat(32)}${'ff'.repeat(32)}${'7f'.repeat(31)}fa`,
      18_362_068,
    ],
    [0x05, word(0n) + word(0n) + word(65_536n), 88_225],
    [0x07, word(1n) + word(2n) + word(2n ** 253n), 27_256_010],
    [0x08, '', 39_176],
    [0x08, '01'.repeat(192), 727_476_162],
    [0x08, '01'.repeat(192 * 8), 3_220_745_034],
    [0x09, `000003e8${'00'.repeat(209)}`, 2_082_534],
    [0x0c, '01'.repeat(160), 117_172_210],
    [0x0c, '01'.repeat(160 * 3), 296_105_091],
    [0x0c, '01'.repeat(160 * 128), 7_880_051_517],
    [0x0e, '01'.repeat(288 * 64), 8_218_313_908],
    [0x0f, '01'.repeat(384 * 4), 1_792_832_515],
    [0x0100, '01'.repeat(160), 105_039_647],
  ])('at %d are what it was charged, within a twentieth', (address, input, charged) => {
    const gas = v18.get(address)?.gas(fromHex(input)) ?? 0
    expect(gas / charged).toBeGreaterThan(0.95)
    expect(gas / charged).toBeLessThan(1.05)
  })

  it('are whole, and have an end', () => {
    const long = fromHex(`${word(0n)}${word(1n)}${word(2n ** 32n - 1n)}0301`)
    expect(v18.get(0x05)?.gas(long)).toBe(Number.MAX_SAFE_INTEGER)
    for (const [, precompile] of v18)
      for (let length = 0; length < 700; length += 33)
        expect(Number.isSafeInteger(precompile.gas(new Uint8Array(length).fill(3)))).toBe(true)
  })
})
