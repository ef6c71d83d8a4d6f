import { describe, expect, it } from 'vitest'
import { word } from './hex.ts'
import { precompile, run } from './run.ts'

const BN_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const BN_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const BN_G1 = word(1n) + word(2n)
/** The generator of G2 (EIP-197), imaginary parts first. */
const BN_G2 =
  word(11559732032986387107991004021392285783925812861821192530917403151452391805634n) +
  word(10857046999023057135944570762232829481370756359578518086990519993285655852781n) +
  word(4082367875863433681332203403145435568316851327593401208105741076214120093531n) +
  word(8495653923123431417604973247489272438418190587263600148770280649306958101930n)
const BN_NEGATIVE = word(1n) + word(BN_FIELD - 2n)
/** A point of the twist with an x of 1: it is not in G2. */
const BN_OUTSIDE =
  word(0n) +
  word(1n) +
  '2351dcdda257b62181cbd745dfee16d5fdf4eb185bbcf33c20a0fe6eaa9cb4a3' +
  '07fb3d558dafafb6bf6dd326a5fefe0beca3f9ac3bd999a390d504fad34b0b8c'
const [TRUE, FALSE] = [word(1n), word(0n)]

describe('points of BN254', () => {
  const [add, multiply, pairing] = [precompile(0x06), precompile(0x07), precompile(0x08)]

  it('add up, where all zeros are the identity', () => {
    const doubled = run(add, BN_G1 + BN_G1)
    expect(doubled).toBe(run(multiply, BN_G1 + word(2n)))
    expect(run(add, BN_G1 + BN_NEGATIVE)).toBe('0'.repeat(128))
    expect(run(add, '')).toBe('0'.repeat(128))
    expect(run(add, BN_G1)).toBe(BN_G1)
    expect(run(add, `${BN_G1}${BN_G1}ff`)).toBe(doubled)
  })

  it('take any scalar of 256 bits', () => {
    expect(run(multiply, BN_G1 + word(BN_ORDER + 2n))).toBe(run(multiply, BN_G1 + word(2n)))
    expect(run(multiply, BN_G1 + word(BN_ORDER))).toBe('0'.repeat(128))
    expect(run(multiply, BN_G1)).toBe('0'.repeat(128))
    expect(run(multiply, BN_G1 + word(BN_ORDER - 1n))).toBe(BN_NEGATIVE)
  })

  it('must be on the curve, with coordinates below the modulus', () => {
    for (const found of [add, multiply]) {
      expect(run(found, word(1n) + word(1n))).toBe('failed: not-on-curve')
      expect(run(found, word(1n))).toBe('failed: not-on-curve')
      expect(run(found, word(0n) + word(1n))).toBe('failed: not-on-curve')
      expect(run(found, word(BN_FIELD + 1n) + word(2n))).toBe('failed: field-element')
      expect(run(found, word(BN_FIELD) + word(0n))).toBe('failed: field-element')
    }
    expect(run(add, BN_G1 + word(1n) + word(1n))).toBe('failed: not-on-curve')
  })

  it('are paired', () => {
    expect(run(pairing, '')).toBe(TRUE)
    expect(run(pairing, BN_G1 + BN_G2)).toBe(FALSE)
    expect(run(pairing, BN_G1 + BN_G2 + BN_NEGATIVE + BN_G2)).toBe(TRUE)
    // The pairing of the identity with anything is one.
    expect(run(pairing, word(0n).repeat(2) + BN_G2)).toBe(TRUE)
    expect(run(pairing, BN_G1 + word(0n).repeat(4))).toBe(TRUE)
    expect(run(pairing, BN_G1 + word(0n).repeat(4) + BN_G1 + BN_G2)).toBe(FALSE)
  })

  it('are paired in any number', () => {
    const seventeen = (BN_G1 + BN_G2 + BN_NEGATIVE + BN_G2).repeat(8)
    expect(run(pairing, seventeen + word(0n).repeat(6))).toBe(TRUE)
    expect(run(pairing, seventeen + BN_G1 + BN_G2)).toBe(FALSE)
  })

  it('are paired only where all of them are what they should be', () => {
    expect(run(pairing, (BN_G1 + BN_G2).slice(2))).toBe('failed: input-length')
    expect(run(pairing, `${BN_G1}${BN_G2}00`)).toBe('failed: input-length')
    expect(run(pairing, BN_G1 + word(BN_FIELD) + BN_G2.slice(64))).toBe('failed: field-element')
    expect(run(pairing, BN_G1 + word(1n) + BN_G2.slice(64))).toBe('failed: not-on-curve')
    expect(run(pairing, word(0n).repeat(2) + BN_OUTSIDE)).toBe('failed: not-in-subgroup')
  })
})
