import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex, word } from './hex.ts'
import { precompile, run } from './run.ts'

const berlin = precompile(0x05, 'berlin')
const osaka = precompile(0x05, 'osaka')

function input(base: string, exponent: string, modulus: string): string {
  const lengths = [base, exponent, modulus].map((digits) => word(BigInt(digits.length / 2)))
  return [...lengths, base, exponent, modulus].join('')
}

/** By squaring, bit for bit. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}

describe('a modular exponentiation', () => {
  it.each([
    [
      'of the example of EIP-198',
      '03',
      'fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e',
      'fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f',
      word(1n),
    ],
    ['is as long as its modulus', '02', '02', '00000007', '00000004'],
    ['to the power of nothing is one', '05', '', '07', '01'],
    ['of nothing to the power of nothing is one', '', '', '07', '01'],
    ['modulo 1 is zero', '05', '', '0001', '0000'],
    ['modulo 0 is zero', '05', '03', '0000', '0000'],
    ['without a modulus is nothing', '05', '03', '', ''],
    ['with an even modulus', '03', '05', '10', '03'],
    ['with a modulus that is a power of two', '07', '64', '0100', '0061'],
  ])('%s', (_, base, exponent, modulus, output) => {
    for (const found of [berlin, osaka]) expect(run(found, input(base, exponent, modulus))).toBe(output)
  })

  it('takes what is missing for zeros, and does not look beyond the operands', () => {
    const whole = input('0305', '0100', '010001')
    expect(run(berlin, `${whole}ffff`)).toBe(run(berlin, whole))
    // 3 to the power of 2 modulo 0x0700, of which the zeros are missing.
    expect(run(berlin, input('03', '02', '0700').slice(0, -2))).toBe('0009')
    expect(run(berlin, '')).toBe('')
    expect(run(berlin, word(0n) + word(0n) + word(2n))).toBe('0000')
  })

  it('takes no time where there is nothing to give, however long the exponent is said to be', () => {
    const lengths = word(0n) + word(2n ** 256n - 1n) + word(0n)
    expect(berlin.gas(fromHex(lengths))).toBe(200)
    expect(run(berlin, lengths)).toBe('')
    expect(osaka.gas(fromHex(lengths))).toBe(Number.MAX_SAFE_INTEGER)
    expect(run(osaka, lengths)).toBe('failed: operand-length')
  })

  it('needs no memory for an exponent that is mostly missing', () => {
    // 3 ** (256 ** 99_999) modulo 65537, of which only the first byte is there.
    const exponent = 1n << (8n * 99_999n)
    const digits = `${word(1n)}${word(100_000n)}${word(3n)}0301`
    expect(run(berlin, digits)).toBe('000000')
    const whole = `${word(1n)}${word(100_000n)}${word(3n)}03${exponent.toString(16).padStart(200_000, '0')}010001`
    expect(run(berlin, whole)).toBe(power(3n, exponent, 65_537n).toString(16).padStart(6, '0'))
  })

  it('has operands of at most 1,024 bytes from Osaka on', () => {
    for (const at of [0, 1, 2]) {
      const operands = (length: number): string =>
        input(...([0, 1, 2].map((i) => '01'.repeat(i === at ? length : 1)) as [string, string, string]))
      expect(run(osaka, operands(1024))).toBe(run(berlin, operands(1024)))
      expect(run(osaka, operands(1025))).toBe('failed: operand-length')
      expect(run(berlin, operands(1025))).not.toMatch(/^failed/)
    }
  })

  it.each([
    [3, 48],
    [40, 48],
    [9, 530],
  ])('agrees with the definition, with exponents of up to %d bytes and moduli of up to %d', (short, long) => {
    const exponents = fc.uint8Array({ maxLength: short }).map(toHex)
    // Zero bytes at the end make a modulus even, and one of few bits otherwise.
    const operand = fc
      .tuple(fc.uint8Array({ maxLength: long, size: 'max' }), fc.nat(12))
      .map(([bytes, zeros]) => toHex(bytes) + '00'.repeat(zeros % 4 === 0 ? zeros : 0))
    fc.assert(
      fc.property(operand, exponents, operand, (base, exponent, modulus) => {
        const m = BigInt(`0x0${modulus}`)
        const expected = m === 0n ? 0n : power(BigInt(`0x0${base}`), BigInt(`0x0${exponent}`), m)
        const digits = modulus === '' ? '' : expected.toString(16).padStart(modulus.length, '0')
        expect(run(berlin, input(base, exponent, modulus))).toBe(digits)
      }),
      { seed: 1, numRuns: 150 },
    )
  })
})

describe('a modulus', () => {
  const exponent = `01${'5b'.repeat(39)}`
  const e = BigInt(`0x${exponent}`)

  it.each([
    ['of one digit, and of no odd part', 2n ** 32n, 5n],
    ['of one bit beyond a digit', 2n ** 32n + 1n, 2n ** 32n],
    ['of all ones', 2n ** 256n - 1n, 2n ** 256n - 2n],
    ['of a digit that is zero', 2n ** 64n + 1n, 2n ** 64n],
    ['with an odd part of one digit', 3n * 2n ** 255n, 2n ** 255n + 2n ** 250n + 7n],
    ['with a factor of 2', 2n * (2n ** 127n - 1n), 2n ** 126n + 1n],
    ['of a power of two and an even base', 2n ** 100n, 2n ** 33n + 6n],
    ['as long as numbers are that are multiplied in Wasm', 2n ** 4096n - 1n, 2n ** 4095n + 9n],
    ['longer than these', 2n ** 4096n + 1n, 2n ** 4095n + 9n],
    ['of 3', 3n, 2n],
  ])('may be one %s', (_, modulus, base) => {
    const digits = (value: bigint): string => {
      const text = value.toString(16)
      return text.padStart(text.length + (text.length % 2), '0')
    }
    const output = run(berlin, input(digits(base), exponent, digits(modulus)))
    expect(BigInt(`0x${output}`)).toBe(power(base, e, modulus))
  })
})

describe('the price of a modular exponentiation', () => {
  const istanbul = precompile(0x05, 'istanbul')
  /** Lengths of base, exponent and modulus, the exponent's digits, and the prices by EIP-198, EIP-2565 and EIP-7883. */
  it.each([
    [1n, 1n, 1n, '01', 0, 200, 500],
    [32n, 32n, 32n, 'ff'.repeat(32), 13_056, 1360, 4080],
    [33n, 32n, 32n, 'ff'.repeat(32), 13_884, 2125, 12_750],
    [64n, 33n, 64n, `${'00'.repeat(32)}ff`, 1638, 200, 2048],
    [65n, 33n, 65n, `00${'ff'.repeat(32)}`, 53_856, 6885, 42_606],
    [1024n, 1n, 1024n, '03', 17_868, 5461, 32_768],
    [1025n, 1n, 1025n, '03', 17_899, 5547, 33_282],
    [2n ** 200n, 1n, 1n, '', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('with operands of %d, %d and %d bytes', (base, exponent, modulus, digits, ...prices) => {
    const zeros = '00'.repeat(base < 2000n ? Number(base) : 0)
    const bytes = fromHex(word(base) + word(exponent) + word(modulus) + zeros + digits)
    expect([istanbul, berlin, osaka].map((each) => each.gas(bytes))).toEqual(prices)
  })
})
