import { loadCrypto } from '@troupe/crypto'
import {
  actorAddress,
  addressEquals,
  blsAddress,
  delegatedAddress,
  formatAddress,
  idAddress,
  parseAddress,
  secp256k1Address,
} from '@troupe/hypervisor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACTOR_DATA, BLS_KEYS, SECP256K1_KEYS } from './address-vectors.ts'

const crypto = await loadCrypto()
const MAX_UINT64 = 2n ** 64n - 1n

function bytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex)
}

describe('the text of addresses', () => {
  it.each([
    ...SECP256K1_KEYS.map(([key, text]) => [text, secp256k1Address(crypto, bytes(key))] as const),
    ...ACTOR_DATA.map(([data, text]) => [text, actorAddress(crypto, bytes(data))] as const),
    ...BLS_KEYS.map(([key, text]) => [text, blsAddress(bytes(key))] as const),
    ...[0n, 1n, 10n, 150n, 499n, 1024n, 1729n, 999999n, MAX_UINT64].map(
      (id) => [`f0${id}`, idAddress(id)] as const,
    ),
    ['f432f77777777x32lpna', delegatedAddress(32n, new Uint8Array(5).fill(0xff))],
    ['f418446744073709551615ftnkyfaq', delegatedAddress(MAX_UINT64, new Uint8Array())],
    [`f418446744073709551615f${'a'.repeat(86)}fbbuagu`, delegatedAddress(MAX_UINT64, new Uint8Array(54))],
  ] as const)('is %s, as in the reference', (text, address) => {
    expect(formatAddress(address, crypto)).toBe(text)
    const parsed = parseAddress(text, crypto)
    expect(parsed.network).toBe('mainnet')
    expect(addressEquals(parsed.address, address)).toBe(true)
  })

  it('reads back what was written, for both networks', () => {
    const address = fc.oneof(
      fc.bigInt({ min: 0n, max: MAX_UINT64 }).map(idAddress),
      fc.uint8Array({ maxLength: 40 }).map((data) => actorAddress(crypto, data)),
      fc
        .tuple(fc.bigInt({ min: 0n, max: MAX_UINT64 }), fc.uint8Array({ maxLength: 54 }))
        .map(([namespace, subaddress]) => delegatedAddress(namespace, subaddress)),
    )
    fc.assert(
      fc.property(address, fc.constantFrom('mainnet', 'testnet'), (written, network) => {
        const text = formatAddress(written, crypto, network)
        expect(text.charAt(0)).toBe(network === 'mainnet' ? 'f' : 't')
        const parsed = parseAddress(text, crypto)
        expect(parsed.network).toBe(network)
        expect(parsed.address.key).toBe(written.key)
      }),
      { seed: 2 },
    )
  })

  it.each([
    ['no known network', 'Q2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y'],
    ['no known protocol', 'f5gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y'],
    ['more digits than 64 bits have', 'f0banananananannnnnnnnn'],
    ['letters in an id', 'f0banananananannnnnnnn'],
    ['a digit that is not base32', 'f2gfvuyh7v2sx3patm1k23wdzmhyhtmqctasbr24y'],
    ['upper case', 'f2gfvuyh7v2sx3paTm1k23wdzmhyhtmqctasbr24y'],
    ['nothing after the protocol', 'f2'],
    ['less than a checksum', 'f1mzxqu'],
    ['an umlaut', 'fömk3zcefvlgpay4f32c5vmruk5gqig6dumc7pz6q'],
    ['other scripts', '🗻∈🌏ömk3zcefvlgpay4f32c5vmruk5gqig6dumc7'],
    ['one letter', 'ö'],
    ['nothing', ''],
    ['an id above 64 bits', 'f018446744073709551616'],
    ['a sign', 'f0+1'],
    ['a space', 'f0 1'],
    ['an f4 without a separator', 'f432'],
    ['an f4 without a namespace', 'f4f77777777x32lpna'],
    ['an f4 namespace above 64 bits', 'f418446744073709551616ftnkyfaq'],
    ['a surplus character', 'f432f77777777x32lpnaaa'],
    ['bits that fill up the last character and are not zero', 'f432f77777777x32lpnb'],
    ['an f1 payload of another length', 'f177777777x32lpna'],
    ['more characters than are looked at', `f0${'0'.repeat(137)}`],
    ['an f4 subaddress that is too long', `f410f${'a'.repeat(96)}`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseAddress(text, crypto)).toThrow(expect.objectContaining({ code: 'address/malformed' }))
  })

  it('is refused with a wrong checksum', () => {
    for (const text of ['f2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y', 'f433f77777777x32lpna']) {
      expect(() => parseAddress(text, crypto)).toThrow(expect.objectContaining({ code: 'address/checksum' }))
    }
  })

  it('may have leading zeros in an id, as in the reference', () => {
    expect(parseAddress('f0007', crypto).address.id).toBe(7n)
  })
})
