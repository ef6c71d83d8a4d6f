import { bn254 } from '@noble/curves/bn254.js'
import { loadCrypto } from '@troupe/crypto'
import { createFilecoinPrecompiles, isReservedForPrecompiles } from '@troupe/runtime-evm'
import { describe, expect, it } from 'vitest'
import { fromHex, word } from './hex.ts'
import { run } from './run.ts'

const crypto = await loadCrypto()
const [g1, g2] = [bn254.G1.Point.BASE.toAffine(), bn254.G2.Point.BASE.toAffine()]
const G1_DIGITS = word(g1.x) + word(g1.y)
const G2_DIGITS = word(g2.x.c1) + word(g2.x.c0) + word(g2.y.c1) + word(g2.y.c0)
const PAIR = G1_DIGITS + G2_DIGITS
const ZEROS = '00'.repeat(192)
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
    [0x08, PAIR, 727_590_683],
    [0x08, PAIR.repeat(8), 3_220_745_034],
    [0x08, ZEROS, 60_000],
    [0x08, ZEROS.repeat(4), 118_000],
    [0x08, PAIR + ZEROS, 727_610_110],
    [0x08, G1_DIGITS + '00'.repeat(128), 60_000],
    [0x08, '00'.repeat(64) + G2_DIGITS, 195_097_351],
    [0x09, `000003e8${'00'.repeat(209)}`, 2_082_534],
    [0x0c, '01'.repeat(160), 117_172_210],
    [0x0c, '01'.repeat(160 * 3), 296_105_091],
    [0x0c, '01'.repeat(160 * 128), 7_880_051_517],
    [0x0e, '01'.repeat(288 * 64), 8_218_313_908],
    [0x0f, '01'.repeat(384 * 4), 1_792_832_515],
  ])('at %d are what it was charged, within a twentieth', (address, input, charged) => {
    const gas = v18.get(address)?.gas(fromHex(input)) ?? 0
    expect(gas / charged).toBeGreaterThan(0.95)
    expect(gas / charged).toBeLessThan(1.05)
  })

  const [digest, r, s, x, y] = [
    'bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023',
    '2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18',
    '4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76',
    '2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
    'c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e',
  ]

  it.each([
    ['valid', [digest, r, s, x, y], 105_039_647],
    ['invalid', [word(1n), r, s, x, y], 105_038_939],
    ['with an r of 0', [digest, word(0n), s, x, y], 561],
    ['of a key that is not on the curve', [digest, r, s, x, word(1n)], 67_404],
    ['of a key whose numbers are too large', [digest, r, s, word(2n ** 256n - 1n), y], 67_404],
    ['of a word less', [digest, r, s, x], 561],
  ])('of a signature over P-256 that is %s are what it was charged', (_, words, charged) => {
    const gas = v18.get(0x0100)?.gas(fromHex(words.join(''))) ?? 0
    expect(Math.abs(gas / charged - 1)).toBeLessThan(0.01)
  })

  const fp = (value: bigint): string => value.toString(16).padStart(128, '0')
  const MODULUS =
    0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn

  it.each([
    [0x06, 'not-on-curve', word(1n) + word(1n), 69_386],
    [0x06, 'field-element', word(2n ** 256n - 1n), 2_249],
    [0x08, 'input-length', ZEROS.slice(2), 601],
    [0x08, 'field-element', word(2n ** 256n - 1n) + word(2n) + G2_DIGITS, 27_648],
    [0x08, 'not-on-curve', G1_DIGITS + word(1n) + word(2n) + word(3n) + word(4n), 255_074],
    [0x08, 'not-on-curve', word(1n) + word(3n) + G2_DIGITS, 195_059_940],
    [0x08, 'not-on-curve', `${PAIR}${word(1n)}${word(3n)}${G2_DIGITS}`, 390_126_110],
    [0x08, 'field-element', `${PAIR}${word(2n ** 256n - 1n)}${word(3n)}${G2_DIGITS}`, 195_068_808],
    [0x0b, 'not-on-curve', fp(1n) + fp(1n) + fp(0n) + fp(0n), 181_097],
    [0x0d, 'not-on-curve', fp(1n).repeat(8), 415_432],
    [0x10, 'field-element', fp(MODULUS), 5_308],
    [0x11, 'field-element', fp(1n) + fp(MODULUS), 43_341],
  ])('at %d are what it was charged where it refused the input: %s', (address, failure, input, charged) => {
    const precompile = v18.get(address) ?? expect.fail()
    expect(run(precompile, input)).toBe(`failed: ${failure}`)
    expect(Math.abs(precompile.gas(fromHex(input)) / charged - 1)).toBeLessThan(0.05)
  })

  it('are whole, and have an end', () => {
    const long = fromHex(`${word(0n)}${word(1n)}${word(2n ** 32n - 1n)}0301`)
    expect(v18.get(0x05)?.gas(long)).toBe(Number.MAX_SAFE_INTEGER)
    for (const [, precompile] of v18)
      for (let length = 0; length < 700; length += 33)
        expect(Number.isSafeInteger(precompile.gas(new Uint8Array(length).fill(3)))).toBe(true)
  })
})
