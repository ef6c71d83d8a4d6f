import { loadCrypto } from '@troupe/crypto'
import {
  type Address,
  actorAddress,
  addressCodec,
  addressEquals,
  blsAddress,
  decodeAddress,
  delegatedAddress,
  idAddress,
  isBlsZeroAddress,
  MAX_ADDRESS_LENGTH,
  parseAddress,
  readAddress,
  secp256k1Address,
} from '@troupe/hypervisor'
import { CborReader, CborWriter, decodeValue, encodeValue, IpldError } from '@troupe/ipld'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CBOR } from './address-vectors.ts'

const crypto = await loadCrypto()
const MAX_UINT64 = 2n ** 64n - 1n

const id = fc.bigInt({ min: 0n, max: MAX_UINT64 })
const anyAddress: fc.Arbitrary<Address> = fc.oneof(
  id.map(idAddress),
  fc.uint8Array({ minLength: 65, maxLength: 65 }).map((key) => secp256k1Address(crypto, key)),
  fc.uint8Array({ maxLength: 40 }).map((data) => actorAddress(crypto, data)),
  fc.uint8Array({ minLength: 48, maxLength: 48 }).map(blsAddress),
  fc
    .tuple(id, fc.uint8Array({ maxLength: 54 }))
    .map(([namespace, bytes]) => delegatedAddress(namespace, bytes)),
)

describe('making addresses', () => {
  it('takes keys of the right length only', () => {
    expect(secp256k1Address(crypto, new Uint8Array(65).fill(8)).protocol).toBe(1)
    expect(blsAddress(new Uint8Array(48).fill(8)).protocol).toBe(3)
    for (const make of [
      () => secp256k1Address(crypto, new Uint8Array(64)),
      () => secp256k1Address(crypto, new Uint8Array(66)),
      () => blsAddress(new Uint8Array(47)),
      () => blsAddress(new Uint8Array(49)),
      () => delegatedAddress(1n, new Uint8Array(55)),
      () => delegatedAddress(-1n, new Uint8Array(1)),
      () => delegatedAddress(MAX_UINT64 + 1n, new Uint8Array(1)),
      () => idAddress(-1n),
      () => idAddress(MAX_UINT64 + 1n),
    ]) {
      expect(make).toThrow(expect.objectContaining({ code: 'address/malformed' }))
    }
  })

  it('gives the same address for the same data, and another for another protocol', () => {
    const data = new Uint8Array(65)
    const address = secp256k1Address(crypto, data)
    expect(addressEquals(decodeAddress(address.bytes), secp256k1Address(crypto, data))).toBe(true)
    expect(addressEquals(address, actorAddress(crypto, data))).toBe(false)
  })

  it('reaches the greatest length with the longest namespace and subaddress', () => {
    expect(delegatedAddress(MAX_UINT64, new Uint8Array(54)).bytes.length).toBe(MAX_ADDRESS_LENGTH)
  })

  it('tells id, namespace and payload apart', () => {
    expect(idAddress(150n)).toMatchObject({ protocol: 0, id: 150n, namespace: undefined })
    const address = delegatedAddress(300n, Uint8Array.of(1, 2))
    expect(address).toMatchObject({ protocol: 4, id: undefined, namespace: 300n })
    expect(address.payload).toEqual(Uint8Array.of(1, 2))
    expect(address.bytes).toEqual(Uint8Array.of(4, 0xac, 2, 1, 2))
    expect(idAddress(150n).payload).toEqual(Uint8Array.of(150, 1))
    expect(actorAddress(crypto, Uint8Array.of()).payload.length).toBe(20)
  })

  it('the id stands in groups of seven bits, the lowest first', () => {
    for (let bits = 0n; bits <= 64n; bits++)
      for (const id of [2n ** bits - 1n, bits < 64n ? 2n ** bits : 0n, (2n ** bits * 5n) / 7n]) {
        const groups: number[] = []
        for (let rest = id; rest > 0n || groups.length === 0; rest >>= 7n) groups.push(Number(rest & 0x7fn))
        const bytes = groups.map((group, i) => (i < groups.length - 1 ? group | 0x80 : group))
        expect([...idAddress(id).bytes]).toEqual([0, ...bytes])
      }
  })

  it('knows the BLS key at infinity', () => {
    const key = new Uint8Array(48)
    expect(isBlsZeroAddress(blsAddress(key))).toBe(false)
    key[0] = 0xc0
    expect(isBlsZeroAddress(blsAddress(key))).toBe(true)
    const text = 'f3yaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaby2smx7a'
    expect(isBlsZeroAddress(parseAddress(text, crypto).address)).toBe(true)
    expect(isBlsZeroAddress(idAddress(0xc0n))).toBe(false)
  })
})

describe('decodeAddress', () => {
  it('reads back what was written, with equal keys', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const decoded = decodeAddress(address.bytes)
        expect(decoded.bytes).toEqual(address.bytes)
        expect(decoded.key).toBe(address.key)
        expect(decoded.id).toBe(address.id)
        expect(decoded.namespace).toBe(address.namespace)
        expect(decoded.payload).toEqual(address.payload)
      }),
      { seed: 1 },
    )
  })

  it('does not keep the memory it reads from', () => {
    for (const address of [
      idAddress(7n),
      blsAddress(new Uint8Array(48)),
      delegatedAddress(10n, new Uint8Array(20)),
    ]) {
      const bytes = address.bytes.slice()
      const decoded = decodeAddress(bytes)
      bytes.fill(0xee)
      expect(decoded.bytes).toEqual(address.bytes)
    }
  })

  it('refuses f4 addresses where there are none', () => {
    const { bytes } = delegatedAddress(10n, new Uint8Array(20))
    expect(decodeAddress(bytes).protocol).toBe(4)
    expect(() => decodeAddress(bytes, { delegated: false })).toThrow(
      expect.objectContaining({ code: 'address/malformed' }),
    )
  })

  const nines = new Array<number>(9)
  it.each([
    ['nothing', []],
    ['a protocol alone', [0]],
    ['another protocol alone', [4]],
    ['an unknown protocol', [5, 4, 4]],
    ['an id that ends too early', [0, 0x80]],
    ['an id that could be shorter', [0, 0x80, 0]],
    ['an id with bytes after it', [0, 67, 0]],
    ['an id of eleven bytes', [0, ...nines.fill(0xff), 0x81, 1]],
    ['a short f1', [1, ...new Array<number>(19).fill(0)]],
    ['a long f1', [1, ...new Array<number>(21).fill(0)]],
    ['a short f2', [2, ...new Array<number>(19).fill(0)]],
    ['a long f2', [2, ...new Array<number>(21).fill(0)]],
    ['a short f3', [3, ...new Array<number>(47).fill(0)]],
    ['a long f3', [3, ...new Array<number>(49).fill(0)]],
    ['a long f4', [4, 0, ...new Array<number>(55).fill(0xff)]],
    ['an f4 whose namespace ends too early', [4, 0xff]],
    ['an f4 whose namespace could be shorter', [4, 0x8a, 0]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeAddress(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'address/malformed' }),
    )
  })

  it('accepts f4 addresses of the least and the greatest length', () => {
    expect(decodeAddress(Uint8Array.of(4, 0))).toMatchObject({ namespace: 0n })
    expect(decodeAddress(Uint8Array.of(4, 10, ...new Uint8Array(54))).payload.length).toBe(54)
  })

  it('drops what the tenth byte of an integer has beyond 64 bits, as the reference does', () => {
    const high = Uint8Array.of(0, ...nines.fill(0xff), 0x7f)
    expect(decodeAddress(high).id).toBe(MAX_UINT64)
    expect(decodeAddress(high).bytes).toEqual(idAddress(MAX_UINT64).bytes)
    const zero = Uint8Array.of(0, ...nines.fill(0x80), 0x02)
    expect(decodeAddress(zero).bytes).toEqual(Uint8Array.of(0, 0))
    const namespace = decodeAddress(Uint8Array.of(4, ...nines.fill(0x80), 0x02, 9))
    expect(namespace.bytes).toEqual(Uint8Array.of(4, 0, 9))
  })
})

describe('addresses in CBOR', () => {
  it('are byte strings, as in the reference', () => {
    for (const [text, encoded] of CBOR) {
      const { address } = parseAddress(text, crypto)
      const bytes = encodeValue(addressCodec, address)
      expect(bytes.toHex()).toBe(encoded)
      expect(addressEquals(decodeValue(addressCodec, bytes), address)).toBe(true)
    }
  })

  it('are refused where they are not byte strings, or bytes that are no address', () => {
    expect(() => readAddress(new CborReader(new CborWriter().text('f01').finish()))).toThrow(IpldError)
    expect(() => readAddress(new CborReader(new CborWriter().bytes(Uint8Array.of(9, 9)).finish()))).toThrow(
      expect.objectContaining({ code: 'address/malformed' }),
    )
    const delegated = encodeValue(addressCodec, delegatedAddress(10n, new Uint8Array(20)))
    expect(() => readAddress(new CborReader(delegated), { delegated: false })).toThrow(
      expect.objectContaining({ code: 'address/malformed' }),
    )
  })
})

describe('what is printed of an address', () => {
  const printed = (address: object): unknown =>
    (address as Record<symbol, () => string>)[Symbol.for('nodejs.util.inspect.custom')]?.()

  it('is its id, or its payload', () => {
    expect(printed(idAddress(120n))).toBe('Address(f0120)')
    expect(printed(delegatedAddress(10n, Uint8Array.of(1, 0xab)))).toBe('Address(f4 10 0x01ab)')
    expect(printed(decodeAddress(Uint8Array.of(1, ...new Uint8Array(20))))).toBe(
      `Address(f1 0x${'00'.repeat(20)})`,
    )
  })
})
