import './support/lockdown.ts'
import { Amt, CborStore, cidOf, MemoryBlockstore, parseCid, type ValueCodec } from '@troupe/ipld'
import { Hamt } from '@troupe/ipld/hamt'
import { bytes, defineActor, M, makeTagged, type Passable, SdkError, toUint8Array } from '@troupe/sdk-js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DurableArray } from '../src/durable/durable-array.ts'
import { DurableMap } from '../src/durable/durable-map.ts'
import { Utf8Decoder, Utf8Encoder } from '../src/image/text-coders.ts'
import { encodePassable, MAX_VALUE_BYTES, passableCodec } from '../src/values/passable-codec.ts'
import { crypto, decode, encode } from './support/play.ts'

const noRefs = {
  encode: () => {
    throw new TypeError('no references')
  },
  decode: () => {
    throw new TypeError('no references')
  },
}
const codec: ValueCodec<Passable> = passableCodec(noRefs)
const hex = (value: Passable): string => encodePassable(noRefs, value).toHex()
const ANY = M.any() as never

const leaves = [
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'grapheme' }),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.uint8Array({ maxLength: 8 }).map((data) => bytes(data)),
]
const { value: anyValue } = fc.letrec<{ value: Passable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    ...(leaves as fc.Arbitrary<Passable>[]),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('@int', '@ref', '@@', '@')), tie('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    fc
      .tuple(fc.constantFrom('copySet', 'x'), tie('value'))
      .map(([tag, payload]) => makeTagged(tag, payload as never) as never),
  ),
}))

describe('a value', () => {
  it('is what it was when it comes back', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const written = encodePassable(noRefs, value)
        return hex(decode(written)) === written.toHex()
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    [1n, '01'],
    [-1n, '20'],
    [2n ** 64n - 1n, '1bffffffffffffffff'],
    [2n ** 64n, `a16440696e744a0001${'00'.repeat(8)}`],
    [1.5, 'fb3ff8000000000000'],
    [-0, 'fb8000000000000000'],
    [bytes(Uint8Array.of(1)), '4101'],
    [{ bb: 1n, a: 2n, '@x': 3n }, 'a3616102626262' + '01' + '63404078' + '03'],
  ] as const)('has one form: %s', (value, expected) => {
    expect(hex(value as Passable)).toBe(expected)
    expect(decode(Uint8Array.fromHex(expected))).toStrictEqual(value)
  })

  it('may be a link', () => {
    const cid = parseCid('bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a')
    const value = makeTagged('cid', bytes(cid.bytes) as never) as unknown as Passable
    expect(hex(value)).toBe(`d82a582700${cid.bytes.toHex()}`)
    expect(hex(decode(encodePassable(noRefs, value)))).toBe(hex(value))
  })

  it.each([
    ['undefined', undefined, 'value/not-passable'],
    ['a function', () => 1, 'value/not-passable'],
    ['a symbol', Symbol.iterator, 'value/not-passable'],
    ['NaN', Number.NaN, 'value/not-passable'],
    ['a typed array', Uint8Array.of(1), 'value/not-passable'],
    ['a map', new Map(), 'value/not-passable'],
    ['a promise', Promise.resolve(), 'value/not-passable'],
    ['half a character', '\ud800', 'value/not-passable'],
    ['a list with holes', Object.assign([1n], { length: 2 }), 'value/not-passable'],
    [
      'a record that computes',
      {
        get a() {
          return 1
        },
      },
      'value/not-passable',
    ],
    ['an error', new Error('oh'), 'value/not-passable'],
    ['a text of more than a block', 'x'.repeat(MAX_VALUE_BYTES), 'value/too-large'],
  ])('cannot be %s', (_, value, code) => {
    expect(() => encodePassable(noRefs, value as never)).toThrow(expect.objectContaining({ code }))
  })

  it('may be as large as a block', () => {
    expect(encodePassable(noRefs, 'x'.repeat(MAX_VALUE_BYTES - 5))).toHaveLength(MAX_VALUE_BYTES)
  })

  it.each([
    ['an escape that is none', 'a16440666f6f01'],
    ['a special key beside another', 'a26440696e744100616101'],
    ['a large integer that is small', 'a16440696e74420001'],
    ['a key twice', 'a2616101616102'],
    ['NaN', 'fb7ff8000000000000'],
    ['undefined', 'f7'],
  ])('is not read from %s', (_, item) => {
    expect(() => decode(Uint8Array.fromHex(item))).toThrow()
  })
})

describe('a durable map', () => {
  it('is a map, with the root that a HAMT of the same bytes has', () => {
    const operation = fc.tuple(fc.constantFrom('set', 'delete'), fc.integer({ min: 0, max: 40 }), anyValue)
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const store = new CborStore(new MemoryBlockstore(), crypto)
        const parts = { codec, lookup: (key: Passable) => encodePassable(noRefs, key), key: ANY, value: ANY }
        let map = new DurableMap(store, undefined, parts)
        const hamt = Hamt.create(store, { bitWidth: 5, value: codec })
        const model = new Map<bigint, Passable>()
        for (const [name, number, value] of operations) {
          const key = BigInt(number)
          if (name === 'set') {
            map.set(key, value)
            hamt.set(encodePassable(noRefs, key), decode(encodePassable(noRefs, value)))
            model.set(key, value)
          } else {
            expect(map.delete(key)).toBe(model.delete(key))
            hamt.delete(encodePassable(noRefs, key))
          }
          if (number % 8 === 0) map = new DurableMap(store, map.flush(), parts)
        }
        const root = map.flush()
        expect(`${root}`).toBe(`${model.size === 0 ? undefined : hamt.flush()}`)
        const found = new Map([...map.entries()].map(([key, value]) => [key as bigint, hex(value)]))
        expect(found).toEqual(new Map([...model].map(([key, value]) => [key, hex(value)])))
        for (const key of model.keys()) expect(map.has(key)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a durable array', () => {
  it('is a list, with the root that an AMT of the same values has', () => {
    const operation = fc.tuple(fc.constantFrom('push', 'push', 'pop', 'set'), fc.nat(20), anyValue)
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const store = new CborStore(new MemoryBlockstore(), crypto)
        const parts = { codec, lookup: () => undefined, key: ANY, value: ANY }
        const array = new DurableArray(store, undefined, parts)
        const model: Passable[] = []
        for (const [name, number, value] of operations) {
          const index = BigInt(number)
          if (name === 'push') {
            expect(array.push(value)).toBe(BigInt(model.length))
            model.push(value)
          } else if (name === 'pop') expect(hexOf(array.pop())).toBe(hexOf(model.pop()))
          else if (number < model.length) {
            array.set(index, value)
            model[number] = value
          } else
            expect(() => array.set(index, value)).toThrow(
              expect.objectContaining({ code: 'durable/out-of-range' }),
            )
        }
        const amt = Amt.create(store, { value: codec })
        amt.batchSet(model.map((value) => decode(encodePassable(noRefs, value))))
        expect(`${array.flush()}`).toBe(`${model.length === 0 ? undefined : amt.flush()}`)
        expect([...array.values()].map(hex)).toEqual(model.map(hex))
      }),
      { numRuns: 40 },
    )
  })

  const hexOf = (value: Passable | undefined): string => (value === undefined ? '' : hex(value))
})

describe('a collection', () => {
  it('takes nothing that is not of its kind', () => {
    const store = new CborStore(new MemoryBlockstore(), crypto)
    const parts = { codec, lookup: () => undefined, key: M.string() as never, value: M.nat() as never }
    const map = new DurableMap(store, undefined, parts)
    expect(() => map.set(1n, 1n)).toThrow(expect.objectContaining({ code: 'durable/refused' }))
    expect(() => map.set('a', -1n)).toThrow(expect.objectContaining({ code: 'durable/refused' }))
    expect(map.isEmpty).toBe(true)
  })
})

describe('a definition', () => {
  const guard = M.interface('A', { a: M.call().returns() })
  const a = (): void => {}

  it.each([
    ['a name that is none', 'definition/bad-name', 'no name', { facets: {}, methods: {} }],
    [
      'a method that the SDK has',
      'definition/bad-name',
      'A',
      { facets: { Troupe: guard }, methods: { Troupe: { a } } },
    ],
    ['an option that is none', 'definition/unknown-option', 'A', { facets: {}, methods: {}, extra: 1 }],
    ['a version that is none', 'definition/unknown-option', 'A', { facets: {}, methods: {}, version: 0 }],
    [
      'a method without a guard',
      'definition/method-without-guard',
      'A',
      { facets: { public: guard }, methods: { public: { a, b: a } } },
    ],
    [
      'a facet without a guard',
      'definition/method-without-guard',
      'A',
      { facets: {}, methods: { public: {} } },
    ],
    [
      'a guard without a method',
      'definition/guard-without-method',
      'A',
      { facets: { public: guard }, methods: { public: {} } },
    ],
    [
      'a guard that is none',
      'definition/bad-guard',
      'A',
      { facets: { public: { a: 1 } }, methods: { public: { a } } },
    ],
    ['a contract that is none', 'definition/bad-name', 'A', { facets: {}, methods: {}, contract: {} }],
    [
      'a contract beside a method of its number',
      'definition/duplicate-method',
      'A',
      {
        facets: { public: M.interface('A', { invokeEVM: M.call().returns() }) },
        methods: { public: { invokeEVM: a } },
        contract: a,
      },
    ],
    ['a power that is none', 'definition/unknown-power', 'A', { facets: {}, methods: {}, powers: ['fetch'] }],
    [
      'a first value that cannot be kept',
      'definition/bad-state',
      'A',
      { facets: {}, methods: {}, state: { a } },
    ],
    [
      'value for a method that is none',
      'definition/bad-name',
      'A',
      { facets: {}, methods: {}, payable: ['public.b'] },
    ],
    [
      'two methods of one name',
      'definition/duplicate-method',
      'A',
      {
        facets: { public: M.interface('A', { a: M.call().returns(), A: M.call().returns() }) },
        methods: { public: { a, A: a } },
      },
    ],
  ])('cannot have %s', (_, code, name, definition) => {
    expect(() => defineActor(name, definition as never)).toThrow(expect.objectContaining({ code }))
  })

  it('says what to write where the name is left out, or the facet', () => {
    const define = defineActor as unknown as (...values: unknown[]) => unknown
    expect(() => define({ facets: {}, methods: {} })).toThrow("defineActor('Counter', { … })")
    expect(() => define('A', { facets: {}, methods: { go: () => {} } })).toThrow(
      'methods.go are those of no facet: facets: { go: M.interface(…) } makes one',
    )
  })

  it('takes as many fields as there may be, and not one more', () => {
    const many = (count: number): object => {
      const state = Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 0n]))
      return defineActor('A', { state, facets: {}, methods: {} })
    }
    expect(many(80)).toBeTypeOf('object')
    expect(() => many(81)).toThrow(expect.objectContaining({ code: 'definition/bad-name' }))
  })

  it('cannot be made where what it is made of cannot be hardened', () => {
    const stubborn = new Proxy({}, { preventExtensions: () => false })
    expect(() => defineActor('A', { facets: {}, methods: {}, state: { stubborn } } as never)).toThrow(
      expect.objectContaining({ code: 'definition/not-hardenable' }),
    )
  })
})

describe('the coders of text', () => {
  it('are those of the standard', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.string({ unit: 'binary' }), (data, text) => {
        const isDecoded = new Utf8Decoder().decode(data) === new TextDecoder().decode(data)
        return isDecoded && new Utf8Encoder().encode(text).toHex() === new TextEncoder().encode(text).toHex()
      }),
    )
    const edges = [
      'efbbbf61',
      'c080',
      'e0a080',
      'ed9fbf',
      'eda080',
      'f0908080',
      'f48fbfbf',
      'f4908080',
      'f09080',
      'e2',
    ]
    for (const edge of edges.map((digits) => Uint8Array.fromHex(digits))) {
      expect(new Utf8Decoder().decode(edge)).toBe(new TextDecoder().decode(edge))
      const keep = { ignoreBOM: true }
      expect(new Utf8Decoder('utf-8', keep).decode(edge)).toBe(new TextDecoder('utf-8', keep).decode(edge))
    }
    expect(() => new Utf8Decoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff))).toThrow(TypeError)
    expect(() => new Utf8Decoder('latin1')).toThrow(RangeError)
  })
})

describe('bytes', () => {
  it('are not changed by whoever gave them, or has them', () => {
    const data = Uint8Array.of(1, 2)
    const value = bytes(data)
    data[0] = 9
    toUint8Array(value)[1] = 9
    expect([...toUint8Array(value)]).toEqual([1, 2])
    expect(encode([value]).data.toHex()).toBe('81420102')
    expect(new SdkError('value/cyclic', '').exitCode).toBe(21)
    expect(`${cidOf(crypto, 0x71, Uint8Array.of(0x80))}`).toContain('bafy')
  })
})
