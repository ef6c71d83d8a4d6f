import { expect } from 'vitest'
import { onBothActors } from './networks.ts'
import { constructing, dispatching, evaluating, returnTop, select } from './programs.ts'
import { ETHEREUM_ACCOUNT, masked, PLACEHOLDER, type Stage, WHO, wordOf, words } from './stage.ts'

const CODE = Uint8Array.of(1, 2, 3, 4)
const INVALID = Uint8Array.of(0xfe)

/** A contract of that code, which is never run. */
function plain(stage: Stage): bigint {
  return stage.create(constructing((code) => code, CODE))
}

onBothActors('the code of others', (play) => {
  play(
    'has a size: that of a contract, 1 of native code, and 0 of accounts, placeholders and nobody',
    (stage) => {
      const contract = stage.create(evaluating((code) => code.push(0).op('CALLDATALOAD', 'EXTCODESIZE')))
      const size = (of: bigint): bigint => wordOf(stage.call(contract, words(of)).output)
      const other = plain(stage)
      expect(size(other)).toBe(4n)
      expect(size(masked(stage.id(other)))).toBe(4n)
      expect(size(masked(WHO.parrot))).toBe(1n)
      for (const account of [masked(WHO.account), ETHEREUM_ACCOUNT, PLACEHOLDER, masked(WHO.nobody)])
        expect(size(account)).toBe(0n)
    },
  )

  play(
    'has a hash: that of INVALID for native code, of nothing for accounts, and zero for nobody',
    (stage) => {
      const contract = stage.create(evaluating((code) => code.push(0).op('CALLDATALOAD', 'EXTCODEHASH')))
      const hash = (of: bigint): Uint8Array => stage.call(contract, words(of)).output
      const { keccak256 } = stage.crypto
      expect(hash(plain(stage))).toEqual(keccak256(CODE))
      expect(hash(masked(WHO.parrot))).toEqual(keccak256(INVALID))
      for (const account of [masked(WHO.account), ETHEREUM_ACCOUNT, PLACEHOLDER])
        expect(hash(account)).toEqual(keccak256(new Uint8Array()))
      expect(hash(masked(WHO.nobody))).toEqual(new Uint8Array(32))
    },
  )

  play('is copied, with zeros after it; there is none of nobody and of precompiles', (stage) => {
    const contract = stage.create(
      evaluating((code) =>
        code.push(255, 0, 0).push(0).op('CALLDATALOAD', 'EXTCODECOPY').push(0).op('MLOAD'),
      ),
    )
    const copy = (of: bigint): Uint8Array => stage.call(contract, words(of)).output
    const padded = (code: Uint8Array): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => code[at] ?? 0)
    expect(copy(plain(stage))).toEqual(padded(CODE))
    expect(copy(masked(WHO.parrot))).toEqual(padded(INVALID))
    expect(copy(masked(WHO.nobody))).toEqual(new Uint8Array(32))
    expect(copy(1n)).toEqual(new Uint8Array(32))
  })

  play('and its own is nothing while it is constructed', (stage) => {
    const kept = (slot: number) => (code: Parameters<typeof returnTop>[0]) =>
      returnTop(code.push(slot).op('SLOAD'))
    const contract = stage.create(
      dispatching({ 0: kept(0), 1: kept(1) }, (code) =>
        code.op('ADDRESS', 'EXTCODEHASH').push(0).op('SSTORE', 'ADDRESS', 'EXTCODESIZE').push(1).op('SSTORE'),
      ),
    )
    expect(stage.call(contract, select(0)).output).toEqual(stage.crypto.keccak256(new Uint8Array()))
    expect(wordOf(stage.call(contract, select(1)).output)).toBe(0n)
  })
})
