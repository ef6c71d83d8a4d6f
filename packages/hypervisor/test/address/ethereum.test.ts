import { loadCrypto } from '@troupe/crypto'
import {
  blsAddress,
  decodeAddress,
  delegatedAddress,
  ethereumAddress,
  ethereumAddressBytes,
  idAddress,
  parseEthereumHex,
  toEthereumAddress,
} from '@troupe/hypervisor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const crypto = await loadCrypto()

/** Addresses with the checksum of EIP-55, from its text. */
const EIP_55 = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
]

describe('Ethereum addresses', () => {
  it('are f410 addresses', () => {
    const address = parseEthereumHex('0xd4c5fb16488Aa48081296299d54b0c648C9333dA')
    expect(address).toMatchObject({ protocol: 4, namespace: 10n })
    expect(address.payload.toHex()).toBe('d4c5fb16488aa48081296299d54b0c648c9333da')
    expect(toEthereumAddress(address)).toBe('0xd4c5fb16488aa48081296299d54b0c648c9333da')
  })

  it('stand for ids behind a mask', () => {
    expect(toEthereumAddress(idAddress(100n))).toBe('0xff00000000000000000000000000000000000064')
    expect(parseEthereumHex('0xff00000000000000000000000000000000000064').id).toBe(100n)
    expect(parseEthereumHex(`0xff${'0'.repeat(22)}${'f'.repeat(16)}`).id).toBe(2n ** 64n - 1n)
    // One bit off the mask, and it is a key's address.
    expect(parseEthereumHex('0xff00000000000000000000010000000000000064').namespace).toBe(10n)
    expect(parseEthereumHex('0xfe00000000000000000000000000000000000064').namespace).toBe(10n)
  })

  it('map back and forth without loss', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ minLength: 20, maxLength: 20 }),
          fc
            .bigInt({ min: 0n, max: 2n ** 64n - 1n })
            .map((id) => ethereumAddressBytes(idAddress(id)) as Uint8Array),
        ),
        (bytes) => {
          expect(ethereumAddressBytes(ethereumAddress(bytes))).toEqual(bytes)
        },
      ),
      { seed: 3 },
    )
  })

  it('are read from within larger buffers', () => {
    const buffer = new Uint8Array(30)
    buffer.set(ethereumAddressBytes(idAddress(0x1234n)) as Uint8Array, 7)
    expect(ethereumAddress(buffer.subarray(7, 27)).id).toBe(0x1234n)
  })

  it('are undefined for what Ethereum has no name for', () => {
    expect(toEthereumAddress(blsAddress(new Uint8Array(48)))).toBeUndefined()
    expect(toEthereumAddress(decodeAddress(Uint8Array.of(2, ...new Uint8Array(20))))).toBeUndefined()
    expect(toEthereumAddress(delegatedAddress(11n, new Uint8Array(20)))).toBeUndefined()
    expect(toEthereumAddress(delegatedAddress(10n, new Uint8Array(19)))).toBeUndefined()
    const masked = ethereumAddressBytes(idAddress(100n)) as Uint8Array
    expect(toEthereumAddress(delegatedAddress(10n, masked))).toBeUndefined()
  })

  it('carry the checksum of EIP-55 where asked for', () => {
    for (const text of EIP_55) {
      expect(toEthereumAddress(parseEthereumHex(text, crypto), crypto)).toBe(text)
    }
  })

  it('are refused where mixed case does not fit the checksum', () => {
    const wrong = '0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
    expect(() => parseEthereumHex(wrong, crypto)).toThrow(
      expect.objectContaining({ code: 'address/checksum' }),
    )
    expect(parseEthereumHex(wrong).namespace).toBe(10n)
    expect(parseEthereumHex(wrong.toLowerCase(), crypto).namespace).toBe(10n)
  })

  it.each([
    '',
    '0x',
    '0x00',
    `0x${'0'.repeat(39)}`,
    `0x${'0'.repeat(41)}`,
    '0'.repeat(40),
    `0x${'g'.repeat(40)}`,
    `0X${'0'.repeat(40)}`,
    `0x${'0'.repeat(40)}\n`,
  ])('are refused as %j', (text) => {
    expect(() => parseEthereumHex(text)).toThrow(expect.objectContaining({ code: 'address/malformed' }))
  })

  it('have twenty bytes', () => {
    for (const length of [0, 19, 21]) {
      expect(() => ethereumAddress(new Uint8Array(length))).toThrow(
        expect.objectContaining({ code: 'address/malformed' }),
      )
    }
  })
})
