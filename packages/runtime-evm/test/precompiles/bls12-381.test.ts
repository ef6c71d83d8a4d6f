import { describe, expect, it } from 'vitest'
import { word } from './hex.ts'
import { precompile, run } from './run.ts'

const FIELD =
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn
const ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n

/** An element of the field. */
function fp(value: bigint): string {
  return value.toString(16).padStart(128, '0')
}

// The generators, their doubles and the values of the maps are of EIP-2537's `mul_G1_bls.json`, `mul_G2_bls.json`, `map_fp_to_G1_bls.json` and
// `map_fp2_to_G2_bls.json`, the first case each.
const P1 =
  '0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1'
const P1_DOUBLED =
  '000000000000000000000000000000000572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e00000000000000000000000000000000166a9d8cabc673a322fda673779d8e3822ba3ecb8670e461f73bb9021d5fd76a4c56d9d4cd16bd1bba86881979749d28'
const P2 =
  '00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb80000000000000000000000000000000013e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e000000000000000000000000000000000ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801000000000000000000000000000000000606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be'
const P2_DOUBLED =
  '000000000000000000000000000000001638533957d540a9d2370f17cc7ed5863bc0b995b8825e0ee1ea1e1e4d00dbae81f14b0bf3611b78c952aacab827a053000000000000000000000000000000000a4edef9c1ed7f729f520e47730a124fd70662a904ba1074728114d1031e1572c6c886f6b57ec72a6178288c47c33577000000000000000000000000000000000468fb440d82b0630aeb8dca2b5256789a66da69bf91009cbfe6bd221e47aa8ae88dece9764bf3bd999d95d71e4c9899000000000000000000000000000000000f6d4552fa65dd2638b361543f887136a43253d9c66c411697003f7a13c308f5422e1aa0a59c8967acdefd8b6e36ccf3'

/** With y negated, of which both parts are. */
const P1_NEGATIVE = P1.slice(0, 128) + fp(FIELD - BigInt(`0x${P1.slice(128)}`))
const P2_NEGATIVE =
  P2.slice(0, 256) + [256, 384].map((at) => fp(FIELD - BigInt(`0x${P2.slice(at, at + 128)}`))).join('')
const ZERO1 = '0'.repeat(256)
const ZERO2 = '0'.repeat(512)

/** Points of the curves with an x of 4, and of 2: they are not in the subgroups. */
const OUTSIDE1 =
  fp(4n) +
  fp(0x0a989badd40d6212b33cffc3f3763e9bc760f988c9926b26da9dd85e928483446346b8ed00e1de5d5ea93e354abe706cn)
const OUTSIDE2 =
  fp(2n) +
  fp(0n) +
  fp(0x18c6b864ae17dc9da64203ffefb966306425a7bc6aeb7c75247438372716284a4173830420cd476ba1a365b95bfcec38n) +
  fp(0x172e93db764a8400a7d5071b6b6f5de0da2f0f4a063119abca014006b7c40a2cfe291a1924e65db0d6d0fcfbf3bf3d5cn)

const CURVES = [
  {
    name: 'G1',
    add: precompile(0x0b),
    multiply: precompile(0x0c),
    point: P1,
    doubled: P1_DOUBLED,
    negative: P1_NEGATIVE,
    zero: ZERO1,
    outside: OUTSIDE1,
  },
  {
    name: 'G2',
    add: precompile(0x0d),
    multiply: precompile(0x0e),
    point: P2,
    doubled: P2_DOUBLED,
    negative: P2_NEGATIVE,
    zero: ZERO2,
    outside: OUTSIDE2,
  },
]

describe.each(CURVES)(
  'points of BLS12-381 in $name',
  ({ add, multiply, point, doubled, negative, zero, outside }) => {
    it('add up, where all zeros are the identity', () => {
      expect(run(add, point + point)).toBe(doubled)
      expect(run(add, point + negative)).toBe(zero)
      expect(run(add, point + zero)).toBe(point)
      expect(run(add, zero + point)).toBe(point)
      expect(run(add, zero + zero)).toBe(zero)
    })

    it('are multiplied by any scalars of 256 bits, and add up', () => {
      expect(run(multiply, point + word(2n))).toBe(doubled)
      expect(run(multiply, point + word(ORDER + 2n))).toBe(doubled)
      expect(run(multiply, point + word(ORDER))).toBe(zero)
      expect(run(multiply, point + word(0n))).toBe(zero)
      expect(run(multiply, zero + word(2n))).toBe(zero)
      expect(run(multiply, point + word(3n) + negative + word(1n))).toBe(doubled)
    })

    it('add up in any number', () => {
      // 1 + 2 + ... + 300, over as many as share their doublings.
      const all = Array.from({ length: 300 }, (_, i) => point + word(BigInt(i + 1))).join('')
      expect(run(multiply, all)).toBe(run(multiply, point + word(45_150n)))
    })

    it('must be in the subgroup to be multiplied, and need not be to add up', () => {
      expect(run(multiply, outside + word(0n))).toBe('failed: not-in-subgroup')
      expect(run(multiply, point + word(1n) + outside + word(1n))).toBe('failed: not-in-subgroup')
      expect(run(add, outside + zero)).toBe(outside)
      expect(run(add, outside + point)).not.toMatch(/^failed/)
    })

    it('must be on the curve, with coordinates below the modulus and padding of zeros', () => {
      const end = -128
      for (const [found, rest] of [
        [add, point],
        [multiply, word(1n)],
      ] as const) {
        expect(run(found, point.slice(0, end) + fp(1n) + rest)).toBe('failed: not-on-curve')
        expect(run(found, point.slice(0, end) + fp(FIELD) + rest)).toBe('failed: field-element')
        expect(run(found, fp(FIELD) + point.slice(128) + rest)).toBe('failed: field-element')
        expect(run(found, `01${point.slice(2)}${rest}`)).toBe('failed: field-element')
        expect(run(found, fp(0n) + fp(0n).repeat(point.length / 128 - 2) + fp(1n) + rest)).toBe(
          'failed: not-on-curve',
        )
        expect(run(found, fp(1n) + fp(0n).repeat(point.length / 128 - 1) + rest)).toBe('failed: not-on-curve')
      }
    })

    it('have a length', () => {
      for (const found of [add, multiply]) {
        expect(run(found, '')).toBe('failed: input-length')
        expect(run(found, point)).toBe('failed: input-length')
      }
      expect(run(add, `${point}${point}00`)).toBe('failed: input-length')
      expect(run(multiply, `${point}${word(1n)}00`)).toBe('failed: input-length')
    })
  },
)

describe('pairings of BLS12-381', () => {
  const pairing = precompile(0x0f)
  const [one, other] = [word(1n), word(0n)]

  it('say whether their product is one', () => {
    expect(run(pairing, P1 + P2)).toBe(other)
    expect(run(pairing, P1 + P2 + P1_NEGATIVE + P2)).toBe(one)
    expect(run(pairing, P1_DOUBLED + P2 + P1_NEGATIVE + P2_DOUBLED)).toBe(one)
    expect(run(pairing, ZERO1 + P2)).toBe(one)
    expect(run(pairing, P1 + ZERO2)).toBe(one)
    expect(run(pairing, P1 + ZERO2 + P1 + P2)).toBe(other)
  })

  it('are multiplied in any number', () => {
    const sixteen = (P1 + P2 + P1 + P2_NEGATIVE).repeat(8)
    expect(run(pairing, sixteen + ZERO1 + ZERO2)).toBe(one)
    expect(run(pairing, sixteen + P1 + P2)).toBe(other)
  })

  it('are of points in the subgroups, identities beside them or not', () => {
    expect(run(pairing, OUTSIDE1 + ZERO2)).toBe('failed: not-in-subgroup')
    expect(run(pairing, ZERO1 + OUTSIDE2)).toBe('failed: not-in-subgroup')
    expect(run(pairing, '')).toBe('failed: input-length')
    expect(run(pairing, `${P1}${P2}00`)).toBe('failed: input-length')
  })
})

describe('maps to BLS12-381', () => {
  it('give the points of the specification', () => {
    expect(
      run(
        precompile(0x10),
        '00000000000000000000000000000000156c8a6a2c184569d69a76be144b5cdc5141d2d2ca4fe341f011e25e3969c55ad9e9b9ce2eb833c81a908e5fa4ac5f03',
      ),
    ).toBe(
      '00000000000000000000000000000000184bb665c37ff561a89ec2122dd343f20e0f4cbcaec84e3c3052ea81d1834e192c426074b02ed3dca4e7676ce4ce48ba0000000000000000000000000000000004407b8d35af4dacc809927071fc0405218f1401a6d15af775810e4e460064bcc9468beeba82fdc751be70476c888bf3',
    )
    expect(
      run(
        precompile(0x11),
        '0000000000000000000000000000000007355d25caf6e7f2f0cb2812ca0e513bd026ed09dda65b177500fa31714e09ea0ded3a078b526bed3307f804d4b93b040000000000000000000000000000000002829ce3c021339ccb5caf3e187f6370e1e2a311dec9b75363117063ab2015603ff52c3d3b98f19c2f65575e99e8b78c',
      ),
    ).toBe(
      '0000000000000000000000000000000000e7f4568a82b4b7dc1f14c6aaa055edf51502319c723c4dc2688c7fe5944c213f510328082396515734b6612c4e7bb700000000000000000000000000000000126b855e9e69b1f691f816e48ac6977664d24d99f8724868a184186469ddfd4617367e94527d4b74fc86413483afb35b000000000000000000000000000000000caead0fd7b6176c01436833c79d305c78be307da5f6af6c133c47311def6ff1e0babf57a0fb5539fce7ee12407b0a42000000000000000000000000000000001498aadcf7ae2b345243e281ae076df6de84455d766ab6fcdaad71fab60abb2e8b980a440043cd305db09d283c895e3d',
    )
  })

  it('take one element each', () => {
    expect(run(precompile(0x10), fp(FIELD))).toBe('failed: field-element')
    expect(run(precompile(0x10), fp(1n).slice(2))).toBe('failed: input-length')
    expect(run(precompile(0x10), fp(1n) + fp(1n))).toBe('failed: input-length')
    expect(run(precompile(0x11), fp(1n) + fp(FIELD))).toBe('failed: field-element')
    expect(run(precompile(0x11), fp(1n))).toBe('failed: input-length')
  })
})
