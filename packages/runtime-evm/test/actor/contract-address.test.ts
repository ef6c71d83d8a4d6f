import { idAddress } from '@troupe/hypervisor'
import { describe, expect, it } from 'vitest'
import {
  addressOfContract,
  contractAddressBytes,
  contractAddressOfBytes,
  contractAddressOfId,
  maskedIdOf,
  reservedPrecompile,
} from '../../src/actor/contract-address.ts'

const MASK = 0xffn << 152n

describe('an address of a contract', () => {
  it('is twenty bytes', () => {
    const address = BigInt(`0x${'0123456789abcdef'.repeat(2)}01234567`)
    expect(contractAddressOfBytes(contractAddressBytes(address))).toBe(address)
    expect([...contractAddressBytes(1n)]).toEqual([...new Array(19).fill(0), 1])
  })

  it('stands for an id behind the mask, and for an f410 address otherwise', () => {
    expect(addressOfContract(contractAddressOfId(1234n))).toEqual(idAddress(1234n))
    expect(addressOfContract(MASK + (1n << 64n)).namespace).toBe(10n)
    expect([maskedIdOf(MASK), maskedIdOf(MASK + 2n ** 64n - 1n)]).toEqual([0n, 2n ** 64n - 1n])
    expect([maskedIdOf(MASK - 1n), maskedIdOf(MASK + 2n ** 64n), maskedIdOf(5n)]).toEqual([
      ...[undefined, undefined, undefined],
    ])
  })

  it('is kept for precompiles at both ends', () => {
    const native = 0xfen << 152n
    expect(reservedPrecompile(1n)).toEqual({ isNative: false, number: 1 })
    expect(reservedPrecompile(0xffn)).toEqual({ isNative: false, number: 255 })
    expect(reservedPrecompile(0x100n)).toEqual({ isNative: false, number: 256 })
    expect(reservedPrecompile(native + 5n)).toEqual({ isNative: true, number: 5 })
    for (const address of [0n, 0x101n, native, native + 0x100n, native - 1n, MASK + 1n])
      expect(reservedPrecompile(address)).toBeUndefined()
  })
})
