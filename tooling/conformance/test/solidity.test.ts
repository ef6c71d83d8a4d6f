import { describe, expect, it } from 'vitest'
import { parseCalls } from '../src/solidity/expected-calls.ts'
import { parseTestFile } from '../src/solidity/test-file.ts'

const WORD = 64
const hex = (bytes: Uint8Array): string => bytes.toHex()
const right = (digits: string): string => digits.padStart(WORD, '0')
const left = (digits: string): string => digits.padEnd(WORD, '0')

describe('a file of semantic tests', () => {
  it('has sources, settings and calls', () => {
    const test = parseTestFile(
      ['contract C {}', '// ====', '// EVMVersion: >=cancun', '// ----', '// constructor() ->', ''].join(
        '\n',
      ),
    )
    expect([...test.sources]).toEqual([['', 'contract C {}\n']])
    expect(test.main).toBe('')
    expect([...test.settings]).toEqual([['EVMVersion', '>=cancun']])
    expect(test.calls.map(({ kind, fails }) => [kind, fails])).toEqual([['constructor', false]])
  })

  it('names sources, and others that it imports', () => {
    const test = parseTestFile(
      [
        '==== ExternalSource: x.sol=_dir/y.sol ====',
        '==== ExternalSource: _dir/z.sol ====',
        '==== Source: A ====',
        'library L {}',
        '==== Source: B ====',
        'contract C {}',
        '// ----',
        '// f() -> 1',
      ].join('\n'),
    )
    expect([...test.sources.keys()]).toEqual(['A', 'B'])
    expect(test.main).toBe('B')
    expect([...test.externals]).toEqual([
      ['x.sol', '_dir/y.sol'],
      ['_dir/z.sol', '_dir/z.sol'],
    ])
  })

  it.each(['contract C {}', 'contract C {}\n// ====\n// what?\n// ----\n// f()'])(
    'is refused: %j',
    (text) => {
      expect(() => parseTestFile(text)).toThrow(SyntaxError)
    },
  )
})

describe('expected calls', () => {
  it('have words, strings and bytes, aligned as they say', () => {
    const [call] = parseCalls([
      'f(uint256,(bytes32,bool)[2]), 3 ether: 2, -1, 0x1f, left(0xab), right(0xcd), true, "a\\x00b", hex"0102" -> 1.50',
    ])
    expect(call?.signature).toBe('f(uint256,(bytes32,bool)[2])')
    expect(call?.value).toBe(3n * 10n ** 18n)
    expect(hex(call?.input as Uint8Array)).toBe(
      [
        right('2'),
        'f'.repeat(WORD),
        right('1f'),
        left('ab'),
        right('cd'),
        right('1'),
        left('610062'),
        '0102',
      ].join(''),
    )
    expect(hex(call?.output as Uint8Array)).toBe(right('96'))
  })

  it('may go over lines, with comments, and are told apart where one gives nothing', () => {
    const calls = parseCalls([
      'f(uint256):',
      '0x20, # where #',
      '1',
      '->',
      'FAILURE, hex"08"',
      'gas legacy: 100',
      'g()',
      'h() ->',
      '()',
    ])
    expect(calls.map(({ signature, kind, fails }) => [signature, kind, fails])).toEqual([
      ['f(uint256)', 'function', true],
      ['g()', 'function', false],
      ['h()', 'function', false],
      ['()', 'low-level', false],
    ])
    expect(hex(calls[0]?.input as Uint8Array)).toBe(right('20') + right('1'))
    expect(hex(calls[0]?.output as Uint8Array)).toBe('08')
  })

  it('have events behind them', () => {
    const [call] = parseCalls([
      'f() ->',
      '~ emit E(uint256,string): #0x01, 0x40, "abc"',
      `~ emit <anonymous> from 0x${'12'.repeat(20)}: #"x"`,
      '~ emit N()',
    ])
    expect(
      call?.events.map(({ signature, emitter, topics, data }) => [
        signature,
        emitter,
        topics.map(hex),
        hex(data),
      ]),
    ).toEqual([
      ['E(uint256,string)', undefined, [right('1')], right('40') + left('616263')],
      [undefined, '12'.repeat(20), [left('78')], ''],
      ['N()', undefined, [], ''],
    ])
  })

  it('name libraries and what the runner answers itself', () => {
    expect(
      parseCalls(['library: L', 'library: "a.sol":M', 'balance: 0x12 -> 0', 'storageEmpty -> 1']).map(
        ({ kind, signature, argument }) => [kind, signature, argument],
      ),
    ).toEqual([
      ['library', 'L', undefined],
      ['library', 'a.sol:M', undefined],
      ['builtin', 'balance', '0x12'],
      ['builtin', 'storageEmpty', '1'],
    ])
  })

  it.each([
    'f(',
    'f(uint256): 2 apples',
    'f(), 3 shillings',
    'f() -> left(1',
    `f(): "${'x'.repeat(33)}"`,
    'f(): §',
    '~ emit',
  ])('are refused: %s', (line) => {
    expect(() => parseCalls([line])).toThrow(SyntaxError)
  })
})
