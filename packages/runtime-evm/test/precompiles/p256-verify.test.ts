import { describe, expect, it } from 'vitest'
import { word } from './hex.ts'
import { precompile, run } from './run.ts'

const verify = precompile(0x0100)
const FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The first valid signature of EIP-7951's own table. */
const [DIGEST, R, S, X, Y] = [
  'bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023',
  '2ba3a8be6b94d5ec80a6d9d1190a436effe50d85a1eee859b8cc6af9bd5c2e18',
  '4cd60b855d442f5b3c7b11eb6c4e0ae7525fe710fab9aa7c77a67f79e6fadd76',
  '2927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838',
  'c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e',
] as const

describe('a signature over P-256', () => {
  it('is valid, or it is not, which is no failure', () => {
    expect(run(verify, DIGEST + R + S + X + Y)).toBe(word(1n))
    expect(run(verify, word(1n) + R + S + X + Y)).toBe('')
    expect(run(verify, DIGEST + R + S + X + word(FIELD - BigInt(`0x${Y}`)))).toBe('')
  })

  it('may have a high s', () => {
    expect(run(verify, DIGEST + R + word(ORDER - BigInt(`0x${S}`)) + X + Y)).toBe(word(1n))
  })

  it.each([
    ['r of 0', word(0n), S, X, Y],
    ['s of 0', R, word(0n), X, Y],
    ['r of the order', word(ORDER), S, X, Y],
    ['s of the order', R, word(ORDER), X, Y],
    ['a key that is the identity', R, S, word(0n), word(0n)],
    ['a key that is not on the curve', R, S, X, word(1n)],
    ['a key with a y of 0', R, S, X, word(0n)],
    ['a key whose x is not below the modulus', R, S, word(FIELD), Y],
    ['a key whose y is not below the modulus', R, S, X, word(FIELD)],
  ])('is not valid with %s', (_, r, s, x, y) => {
    expect(run(verify, DIGEST + r + s + x + y)).toBe('')
  })

  it('is not valid where the sum of both points is the identity', () => {
    // The key is the generator, and the digest the opposite of r.
    const [x, y] = [
      0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    ]
    expect(run(verify, word(ORDER - 5n) + word(5n) + word(1n) + word(x) + word(y))).toBe('')
  })

  it('is not valid in input of another length', () => {
    expect(run(verify, '')).toBe('')
    expect(run(verify, (DIGEST + R + S + X + Y).slice(2))).toBe('')
    expect(run(verify, `${DIGEST}${R}${S}${X}${Y}00`)).toBe('')
  })
})
