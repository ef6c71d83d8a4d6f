import { type CryptoProvider, loadCrypto } from '@troupe/crypto'
import {
  ATTO_PER_FIL,
  ErrorNumber,
  ExitCode,
  errorNumberName,
  exitCodeName,
  formatFil,
  isSystemExitCode,
  MAX_FIL_TEXT_LENGTH,
  METHOD_CONSTRUCTOR,
  methodNumber,
  parseFil,
  tokenAmountCodec,
} from '@troupe/hypervisor'
import { decodeValue, encodeValue } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()

describe('exit codes', () => {
  it('have the names of the protocol', () => {
    expect(ExitCode.SYS_OUT_OF_GAS).toBe(7)
    expect(ExitCode.USR_NOT_PAYABLE).toBe(26)
    expect([0, 3, 7, 15, 16, 26, 27, 31, 32, 0xffff_ffff].map(exitCodeName)).toEqual([
      'OK',
      'SYS_RESERVED_3',
      'SYS_OUT_OF_GAS',
      'SYS_REENTRANT_CALL',
      'USR_ILLEGAL_ARGUMENT',
      'USR_NOT_PAYABLE',
      'USR_RESERVED_27',
      'USR_RESERVED_31',
      'ACTOR_32',
      'ACTOR_4294967295',
    ])
  })

  it('are the system’s below 16', () => {
    expect([0, 15, 16, 32].map(isSystemExitCode)).toEqual([true, true, false, false])
  })
})

describe('error numbers', () => {
  it('are 1 to 13, with the names of the protocol', () => {
    expect(Object.values(ErrorNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    expect(errorNumberName(ErrorNumber.IllegalCodec)).toBe('IllegalCodec')
    expect(ErrorNumber.IllegalCodec).toBe(9)
    expect(errorNumberName(0)).toBe('ErrorNumber(0)')
    expect(errorNumberName(14)).toBe('ErrorNumber(14)')
  })
})

describe('method numbers', () => {
  it.each([
    // go-state-types builtin/frc_0042_test.go
    ['Receive', 3726118371n],
    // FIP-0054
    ['InvokeEVM', 3844450837n],
    // builtin-actors actors/{account,miner,power}
    ['AuthenticateMessage', 2643134072n],
    ['GetMultiaddrs', 1332909407n],
    ['CreateMiner', 1173380165n],
  ])('come from the name: %s', (name, number) => {
    expect(methodNumber(crypto, name)).toBe(number)
  })

  it('are 1 for the constructor', () => {
    expect(methodNumber(crypto, 'Constructor')).toBe(METHOD_CONSTRUCTOR)
  })

  it('exist for names of letters, digits and underscores that start with a capital or an underscore', () => {
    for (const name of ['A', '_', '_a', 'FRC1234AuthorizeOperator', 'With_Underscore']) {
      expect(methodNumber(crypto, name)).toBeGreaterThanOrEqual(1n << 24n)
    }
    for (const name of ['', 'invalidMethod', 'Invalid|Method', '1Method', 'Métier', 'With space', 'Line\n']) {
      expect(() => methodNumber(crypto, name)).toThrow(
        expect.objectContaining({ code: 'method-name/malformed' }),
      )
    }
  })

  it('skip the numbers below 2^24, and fail if there are no others', () => {
    const hashing = (words: readonly number[]): CryptoProvider => ({
      ...crypto,
      blake2b: () => {
        const digest = new Uint8Array(64)
        words.forEach((word, i) => {
          new DataView(digest.buffer).setUint32(4 * i, word)
        })
        return digest
      },
    })
    expect(methodNumber(hashing([0, 1, 0xff_ffff, 0x100_0000]), 'Method')).toBe(0x100_0000n)
    expect(methodNumber(hashing([...new Array<number>(15).fill(0), 0xffff_ffff]), 'Method')).toBe(
      0xffff_ffffn,
    )
    expect(() => methodNumber(hashing([]), 'Method')).toThrow(
      expect.objectContaining({ code: 'method-name/malformed' }),
    )
  })
})

describe('token amounts', () => {
  it('are shown in FIL as in the reference', () => {
    // ref-fvm release/v3 shared/src/econ/mod.rs
    const cases: readonly (readonly [string, bigint])[] = [
      ['0.0', 0n],
      ['0.000000000000000001', 1n],
      ['0.000000000000001', 1000n],
      ['0.1234', 123_400_000_000_000_000n],
      ['0.10101', 101_010_000_000_000_000n],
      ['1.0', ATTO_PER_FIL],
      ['1.1', 1_100_000_000_000_000_000n],
      ['1.000000000000000001', ATTO_PER_FIL + 1n],
      ['1234.000000000123456789', 1234n * ATTO_PER_FIL + 123_456_789n],
      ['-0.000001', -1000n * 10n ** 9n],
    ]
    for (const [text, amount] of cases) {
      expect(formatFil(amount)).toBe(text)
      expect(parseFil(text)).toBe(amount)
    }
  })

  it('are read from whole numbers too', () => {
    expect(parseFil('12')).toBe(12n * ATTO_PER_FIL)
    expect(parseFil('-1')).toBe(-ATTO_PER_FIL)
    expect(parseFil('007.50')).toBe(7_500_000_000_000_000_000n)
  })

  it('read back as they were written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 1015n), max: 2n ** 1015n }), (amount) => {
        expect(parseFil(formatFil(amount))).toBe(amount)
        expect(decodeValue(tokenAmountCodec, encodeValue(tokenAmountCodec, amount))).toBe(amount)
      }),
      { seed: 9 },
    )
  })

  it.each([
    '',
    '.',
    '1.',
    '.5',
    '1.0000000000000000001',
    '1e3',
    '0x1',
    '+1',
    '--1',
    ' 1',
    '1 FIL',
    '1,5',
    '١',
    '1\n',
  ])('are refused as %j', (text) => {
    expect(() => parseFil(text)).toThrow(expect.objectContaining({ code: 'token-amount/malformed' }))
  })

  it('are looked at up to a bound', () => {
    expect(parseFil('1'.repeat(MAX_FIL_TEXT_LENGTH))).toBeGreaterThan(0n)
    expect(() => parseFil('1'.repeat(MAX_FIL_TEXT_LENGTH + 1))).toThrow(
      expect.objectContaining({ code: 'token-amount/malformed' }),
    )
  })
})
