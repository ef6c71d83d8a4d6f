import { describe, expect, it } from 'vitest'
import { word } from './hex.ts'
import { precompile, run } from './run.ts'

/** The digests that the standards give for `abc`. */
describe('hashes', () => {
  it('are those of the standards, in a word', () => {
    expect(run(precompile(0x02), '616263')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(run(precompile(0x03), '616263')).toBe(
      '0000000000000000000000008eb208f7e05d987a9b044a8e98c6b087f15a0bfc',
    )
  })
})

describe('the copy', () => {
  it('is one: nobody else has its bytes', () => {
    const input = Uint8Array.of(1, 2, 3)
    const output = precompile(0x04).run(input)
    expect(output).toEqual(input)
    expect(output).not.toBe(input)
  })
})

/** The first case of go-ethereum's table `ecRecover`. */
const DIGEST = '38d18acb67d25c8bb9942764b62f18e17054f66a817bd4295423adf9ed98873e'
const R = DIGEST
const S = '789d1dd423d25f0772d2748d60f7e4b81bb14d086eba8e8e8efb6dcff8a4ae02'
const ADDRESS = '000000000000000000000000ceaccac640adf55b2028469bd36ba501f28b699d'
const ORDER = 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n

describe('the recovery of an address', () => {
  const { name, ...ecRecover } = precompile(0x01)
  const recover = (v: bigint, r: string, s: string, more = ''): string =>
    run({ name, ...ecRecover }, DIGEST + word(v) + r + s + more)

  it('gives the address, in a word', () => {
    expect(recover(27n, R, S)).toBe(ADDRESS)
  })

  it('does not look beyond 128 bytes, and takes what is missing for zeros', () => {
    expect(recover(27n, R, S, 'ff'.repeat(100))).toBe(ADDRESS)
    expect(recover(27n, R, S.slice(0, -2))).toBe(recover(27n, R, `${S.slice(0, -2)}00`))
    expect(run(precompile(0x01), '')).toBe('')
  })

  it('takes a high s', () => {
    expect(recover(28n, R, word(ORDER - BigInt(`0x${S}`)))).toBe(ADDRESS)
  })

  it.each([
    ['v of 0', 0n, R, S],
    ['v of 29', 29n, R, S],
    ['v that is 27 in its last byte only', 256n + 27n, R, S],
    ['v with another first byte', 2n ** 255n + 27n, R, S],
    ['r of 0', 27n, word(0n), S],
    ['s of 0', 27n, R, word(0n)],
    ['r of the order', 27n, word(ORDER), S],
    ['s of the order', 27n, R, word(ORDER)],
    ['r that no point has', 27n, word(5n), S],
  ])('gives nothing for %s, which is no failure', (_, v, r, s) => {
    expect(recover(v, r, s)).toBe('')
  })
})
