import { describe, expect, it } from 'vitest'
import { word } from './hex.ts'
import { precompile, run } from './run.ts'

const evaluation = precompile(0x0a)
const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n
const PROVEN = word(4096n) + word(ORDER)

/** Versioned hash, z, y, commitment and proof of `verify_kzg_proof_case_correct_proof_1ce8e4f69d5df899` in ethereum/tests, `point_evaluation_precompile_external_vectors.json`. */
const [HASH, Z, Y, COMMITMENT, PROOF] = [
  '01ad7666ef9d8f53b5adf54f029b13b6f171b1d0bd346a2ede315d3e243484ef',
  '73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '93efc82d2017e9c57834a1246463e64774e56183bb247c8fc9dd98c56817e878d97b05f5c8d900acf1fbbbca6f146556',
  '92c51ff81dd71dab71cefecd79e8274b4b7ba36a0f40e2dc086bc4061c7f63249877db23297212991fd63e07b7ebc348',
] as const

/** The same numbers where the polynomial is the constant 2: the commitment is twice the generator, and the proof is the identity. */
const TWO = {
  hash: '01cf45213dd7b4716864d378f3c6d861467987e4d94b7f79a1f814a697e38637',
  commitment:
    'a572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e',
}
const IDENTITY = 'c0'.padEnd(96, '0')
const ZERO_HASH = '010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014'

describe('the evaluation of a polynomial at a point', () => {
  it('is proven', () => {
    expect(run(evaluation, HASH + Z + Y + COMMITMENT + PROOF)).toBe(PROVEN)
  })

  it('is proven where commitment and proof are the identity: of zero', () => {
    expect(run(evaluation, ZERO_HASH + word(2n) + word(0n) + IDENTITY + IDENTITY)).toBe(PROVEN)
    expect(run(evaluation, ZERO_HASH + word(2n) + word(1n) + IDENTITY + IDENTITY)).toBe('failed: proof')
  })

  it('is proven of a constant, wherever', () => {
    for (const z of [0n, 1n, ORDER - 1n])
      expect(run(evaluation, TWO.hash + word(z) + word(2n) + TWO.commitment + IDENTITY)).toBe(PROVEN)
    expect(run(evaluation, TWO.hash + word(0n) + word(3n) + TWO.commitment + IDENTITY)).toBe('failed: proof')
  })

  it('has to be that of the proof', () => {
    expect(run(evaluation, HASH + Z + word(1n) + COMMITMENT + PROOF)).toBe('failed: proof')
    expect(run(evaluation, HASH + word(7n) + Y + COMMITMENT + PROOF)).toBe('failed: proof')
    expect(run(evaluation, HASH + Z + Y + COMMITMENT + IDENTITY)).toBe('failed: proof')
    expect(run(evaluation, HASH + Z + Y + COMMITMENT + COMMITMENT)).toBe('failed: proof')
  })

  it('has to be of the commitment that was hashed', () => {
    expect(run(evaluation, `00${HASH.slice(2)}${Z}${Y}${COMMITMENT}${PROOF}`)).toBe('failed: commitment')
    expect(run(evaluation, HASH + Z + Y + TWO.commitment + PROOF)).toBe('failed: commitment')
  })

  it('is of numbers below the order', () => {
    expect(run(evaluation, HASH + word(ORDER) + Y + COMMITMENT + PROOF)).toBe('failed: field-element')
    expect(run(evaluation, HASH + Z + word(ORDER) + COMMITMENT + PROOF)).toBe('failed: field-element')
  })

  it.each([
    ['of which no x has a y', `8${'0'.repeat(94)}1`],
    ['with an x that is not below the modulus', `9a${'f'.repeat(94)}`],
    ['that is not compressed', `1${PROOF.slice(1)}`],
    ['that is an identity with other bits', `c${'0'.repeat(94)}1`],
    ['that is an identity with a sign', 'e0'.padEnd(96, '0')],
    ['that is outside of the subgroup', `8${'0'.repeat(94)}4`],
  ])('refuses a proof %s', (_, proof) => {
    expect(run(evaluation, HASH + Z + Y + COMMITMENT + proof)).toBe('failed: not-on-curve')
  })

  it('has a length', () => {
    expect(run(evaluation, '')).toBe('failed: input-length')
    expect(run(evaluation, (HASH + Z + Y + COMMITMENT + PROOF).slice(2))).toBe('failed: input-length')
    expect(run(evaluation, `${HASH}${Z}${Y}${COMMITMENT}${PROOF}00`)).toBe('failed: input-length')
  })
})
