import { bls12_381 } from '@noble/curves/bls12-381.js'
import { toBigint, writeBigint } from './padded-input.ts'
import { passes } from './passes.ts'
import type { PrecompileCrypto, PrecompileFunction } from './precompile.ts'

const { G1, G2, pairingBatch } = bls12_381
const { Fp12, Fr } = bls12_381.fields

type PointG1 = typeof G1.Point.BASE

const INPUT_LENGTH = 192
const VERSION = 0x01
const FIELD_ELEMENTS_PER_BLOB = 4096n

/**
 * The generator of G2 times the secret of the trusted setup, compressed: the second of the 65 points of G2 that the ceremony of EIP-4844 gave
 * (ethereum/consensus-specs, `presets/mainnet/trusted_setups/trusted_setup_4096.json`, `g2_monomial[1]`).
 */
const TAU_G2 =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2'

/**
 * KZG_POINT_EVALUATION at 0x0a: proves that the polynomial behind a commitment has the value y at z (EIP-4844). The output says how many elements a blob has,
 * and the order of the field that they are of.
 *
 * Shape: versioned hash (32) ‖ z (32) ‖ y (32) ‖ commitment (48) ‖ proof (48), both points of G1 compressed.
 */
export function createPointEvaluation({ sha256 }: PrecompileCrypto): PrecompileFunction {
  const output = new Uint8Array(64)
  writeBigint(output, 0, 32, FIELD_ELEMENTS_PER_BLOB)
  writeBigint(output, 32, 32, Fr.ORDER)
  let tau: typeof G2.Point.BASE | undefined

  return (input) => {
    if (input.length !== INPUT_LENGTH) return 'input-length'
    const hash = sha256(input.subarray(96, 144))
    hash[0] = VERSION
    if (hash.some((byte, i) => byte !== input[i])) return 'commitment'
    const z = toBigint(input.subarray(32, 64))
    const y = toBigint(input.subarray(64, 96))
    if (!Fr.isValid(z) || !Fr.isValid(y)) return 'field-element'
    const commitment = decodeG1(input.subarray(96, 144))
    const proof = decodeG1(input.subarray(144, 192))
    if (commitment === undefined || proof === undefined) return 'not-on-curve'

    tau ??= G2.Point.fromHex(TAU_G2)
    // e(C - [y]G1, -G2) e(proof, [tau - z]G2) is one. Decompressed points are in their subgroups, and so are sums of them.
    const pairs = [
      {
        g1: commitment.subtract(G1.Point.BASE.multiplyUnsafe(y)),
        g2: G2.Point.BASE.negate(),
      },
      { g1: proof, g2: tau.subtract(G2.Point.BASE.multiplyUnsafe(z)) },
    ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0())
    return Fp12.eql(pairingBatch(pairs), Fp12.ONE) ? output.slice() : 'proof'
  }
}

/** A compressed point of G1, the identity included; `undefined` where it is none. */
function decodeG1(bytes: Uint8Array): PointG1 | undefined {
  let point: PointG1 | undefined
  return passes(() => {
    point = G1.Point.fromBytes(bytes)
  })
    ? point
    : undefined
}
