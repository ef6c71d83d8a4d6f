import { CodedError } from '@troupe/crypto'
import { createCid, DAG_CBOR, encodeIpld, type IpldValue, SHA2_256 } from '@troupe/ipld'
import {
  ADDRESS,
  ANY,
  amt,
  BIG_INT,
  BITFIELD,
  BOOL,
  BYTES,
  CID,
  constant,
  decodeWith,
  embedded,
  encodeWith,
  hamt,
  INT,
  link,
  list,
  map,
  oneOf,
  optional,
  type Schema,
  STORAGE,
  specialise,
  TEXT,
  TOKENS,
  tuple,
  U256,
  UINT,
} from '@troupe/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const LINK = createCid(DAG_CBOR, SHA2_256, new Uint8Array(32).fill(7))

/** Everything that a description can say. */
const EVERYTHING = tuple(
  {
    uint: UINT,
    int: INT,
    bigInt: BIG_INT,
    tokens: TOKENS,
    word: U256,
    bytes: BYTES,
    text: TEXT,
    bool: BOOL,
    cid: CID,
    address: ADDRESS,
    bitfield: BITFIELD,
    list: list(UINT),
    map: map(TEXT),
    optional: optional(UINT),
    oneOf: oneOf(TEXT, BYTES),
    constant: oneOf(constant(3n), constant('three')),
    embedded: embedded(tuple({ inner: UINT })),
    link: link(UINT),
    hamt: hamt('address', UINT),
    amt: amt(UINT),
    storage: STORAGE,
    any: ANY,
    late: UINT,
  },
  22,
)

const VALUE: { readonly [name: string]: IpldValue } = {
  uint: 2n ** 64n - 1n,
  int: -5n,
  bigInt: -(10n ** 30n),
  tokens: 1_500_000_000_000_000_000n,
  word: 2n ** 255n,
  bytes: Uint8Array.of(1, 2, 3),
  text: 'text',
  bool: true,
  cid: LINK,
  address: Uint8Array.of(0, 100),
  bitfield: '0-9, 12, 100-101',
  list: [1n, 2n],
  map: { a: 'x' },
  optional: null,
  oneOf: Uint8Array.of(9),
  constant: 'three',
  embedded: { inner: 4n },
  link: LINK,
  hamt: LINK,
  amt: LINK,
  storage: LINK,
  any: [null, { deep: [1n] }],
}

describe('a value', () => {
  it('has the names and forms of its description, and is encoded again as it was', () => {
    const bytes = encodeWith(EVERYTHING, VALUE)
    const decoded = decodeWith(EVERYTHING, bytes)
    expect(decoded).toEqual({ value: VALUE, isDescribed: true })
    expect(encodeWith(EVERYTHING, decoded.value)).toEqual(bytes)
  })

  it('that is a fraction is no integer', () => {
    expect(decodeWith(UINT, Uint8Array.of(0xfa, 0x3f, 0xc0, 0, 0))).toEqual({
      value: 1.5,
      isDescribed: false,
    })
  })

  it('may lack what later versions have added at its end, and may have it', () => {
    const bytes = encodeWith(EVERYTHING, { ...VALUE, late: 3n })
    expect(decodeWith(EVERYTHING, bytes)).toEqual({ value: { ...VALUE, late: 3n }, isDescribed: true })
  })

  it('is plain where it does not fit, and only there', () => {
    const schema = tuple({ amount: TOKENS, owner: ADDRESS, members: list(BITFIELD) })
    const plain = [Uint8Array.of(2, 1), 'nobody', [Uint8Array.of(0xff), Uint8Array.of(0x7c)]]
    const { value, isDescribed } = decodeWith(schema, encodeIpld(plain))
    expect(isDescribed).toBe(false)
    expect(value).toMatchObject({ amount: Uint8Array.of(2, 1), owner: 'nobody' })
    expect(decodeWith(tuple({ a: UINT }), encodeIpld([1, 2]))).toEqual({
      value: [1n, 2n],
      isDescribed: false,
    })
  })

  it('is bytes where it is no DAG-CBOR', () => {
    const bytes = Uint8Array.of(0xff, 1)
    expect(decodeWith(UINT, bytes)).toEqual({ value: bytes, isDescribed: false })
    expect(decodeWith(UINT, new Uint8Array())).toEqual({ value: new Uint8Array(), isDescribed: false })
  })

  it('has addresses as text where someone says how', () => {
    const addresses = {
      format: (bytes: Uint8Array) => (bytes[0] === 0 ? `f0${bytes[1]}` : undefined),
      parse: (text: string) => (text === 'f0100' ? Uint8Array.of(0, 100) : undefined),
    }
    const bytes = encodeWith(list(ADDRESS), ['f0100'], { addresses })
    expect(decodeWith(list(ADDRESS), bytes, { addresses }).value).toEqual(['f0100'])
    const stranger = encodeIpld([Uint8Array.of(9, 9)])
    expect(decodeWith(list(ADDRESS), stranger, { addresses })).toEqual({
      value: [Uint8Array.of(9, 9)],
      isDescribed: false,
    })
  })

  it.each<[Schema, IpldValue]>([
    [BIG_INT, new Uint8Array(129)],
    [U256, new Uint8Array(33)],
    [ADDRESS, Uint8Array.of(0)],
    [ADDRESS, new Uint8Array(66)],
    [ADDRESS, Uint8Array.of(5, 1)],
    [BITFIELD, new Uint8Array(32 * 1024 + 1)],
    [embedded(UINT), Uint8Array.of(0xff)],
    [UINT, -1n],
  ])('beyond a bound does not fit (case %#)', (schema, plain) => {
    expect(decodeWith(schema, encodeIpld(plain))).toMatchObject({ isDescribed: false })
  })

  it('never ends in anything but a value, whatever the bytes and their description', () => {
    const schema: fc.Arbitrary<Schema> = fc.letrec<{ schema: Schema }>((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(ANY, UINT, INT, TOKENS, U256, BYTES, TEXT, BOOL, CID, ADDRESS, BITFIELD),
        tie('schema').map(list),
        tie('schema').map(map),
        tie('schema').map(optional),
        tie('schema').map(embedded),
        fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => oneOf(a, b)),
        fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => tuple({ a, b }, 1)),
      ),
    })).schema
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      // Most of the others are no DAG-CBOR.
      fc
        .array(fc.oneof(fc.uint8Array(), fc.bigInt(0n, 99n), fc.string(), fc.constant(null)))
        .map((items) => encodeIpld(items)),
    )
    fc.assert(
      fc.property(schema, bytes, (described, input) => {
        const { value, isDescribed } = decodeWith(described, input)
        expect(value).toBeDefined()
        if (!isDescribed) return
        // What fits can be written again, and means the same.
        const again = encodeWith(described, value)
        expect(decodeWith(described, again)).toEqual({ value, isDescribed: true })
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('is never deeper or larger than its bytes allow', () => {
    const nested = new Uint8Array(1000).fill(0x81)
    nested[999] = 0
    expect(decodeWith(ANY, nested)).toEqual({ value: nested, isDescribed: false })
  })
})

describe('what is said of a value', () => {
  it('is the choice that fits', () => {
    const choice = oneOf(link(UINT), optional(tuple({ a: UINT })))
    expect(specialise(choice, LINK)).toEqual(link(UINT))
    expect(specialise(choice, [1n])).toEqual(tuple({ a: UINT }))
    expect(specialise(choice, null)).toBe(ANY)
    expect(specialise(choice, 'neither')).toBe(ANY)
    const widths = oneOf(tuple({ width: constant(3n) }), tuple({ width: constant(5n) }))
    expect(specialise(widths, [5n])).toEqual(tuple({ width: constant(5n) }))
    expect(specialise(widths, [4n])).toBe(ANY)
    expect(specialise(list(UINT), 'no list')).toBe(ANY)
    expect(specialise(map(UINT), [])).toBe(ANY)
    expect(specialise(TEXT, 'a text')).toBe(TEXT)
  })
})

it('is refused with coded errors only, where it is encoded', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(VALUE)), fc.anything()), (replaced) => {
      try {
        encodeWith(EVERYTHING, { ...VALUE, ...(replaced as typeof VALUE) })
      } catch (error) {
        expect(error).toBeInstanceOf(CodedError)
      }
    }),
    { seed: 8, numRuns: 1000 },
  )
})
