import { encodeIpld } from '@troupe/ipld'
import {
  ADDRESS,
  BIG_INT,
  BITFIELD,
  BOOL,
  BYTES,
  CID,
  constant,
  encodeWith,
  INT,
  list,
  map,
  oneOf,
  optional,
  type Schema,
  TEXT,
  TOKENS,
  tuple,
  U256,
  UINT,
} from '@troupe/schema'
import { describe, expect, it } from 'vitest'
import { refusal } from './codes.ts'

const PARAMETERS = tuple({
  to: ADDRESS,
  value: TOKENS,
  steps: list(tuple({ count: UINT })),
  note: optional(TEXT),
})
const GIVEN = { to: Uint8Array.of(0, 1), value: 5n, steps: [{ count: 1 }] }

describe('parameters', () => {
  it('are written in the order of their description, numbers and missing options included', () => {
    const expected = encodeIpld([Uint8Array.of(0, 1), Uint8Array.of(0, 5), [[1]], null])
    expect(encodeWith(PARAMETERS, GIVEN)).toEqual(expected)
    expect(encodeWith(PARAMETERS, { note: null, steps: [{ count: 1n }], value: 5, to: GIVEN.to })).toEqual(
      expected,
    )
  })

  it('are big integers with a sign, words without one', () => {
    expect(encodeWith(TOKENS, -256n)).toEqual(encodeIpld(Uint8Array.of(1, 1, 0)))
    expect(encodeWith(TOKENS, 0n)).toEqual(encodeIpld(new Uint8Array()))
    expect(encodeWith(U256, 256n)).toEqual(encodeIpld(Uint8Array.of(1, 0)))
    expect(encodeWith(constant(3n), 3)).toEqual(encodeIpld(3n))
    expect(encodeWith(U256, 0n)).toEqual(encodeIpld(new Uint8Array()))
  })

  it.each<[string, string, Schema, Parameters<typeof encodeWith>[1]]>([
    ['schema/missing-field', 'value', PARAMETERS, { to: Uint8Array.of(0, 1) }],
    ['schema/missing-field', 'steps/0/count', PARAMETERS, { ...GIVEN, steps: [{}] }],
    ['schema/unknown-field', 'valeu', PARAMETERS, { ...GIVEN, valeu: 1n }],
    ['schema/wrong-type', 'to', PARAMETERS, { ...GIVEN, to: 'f0100' }],
    ['schema/wrong-type', 'steps/1', PARAMETERS, { ...GIVEN, steps: [{ count: 1 }, 2] }],
    ['schema/wrong-type', '', PARAMETERS, [1n]],
    ['schema/wrong-type', '', UINT, 1.5],
    ['schema/wrong-type', '', TEXT, 1n],
    ['schema/wrong-type', '', BOOL, 'yes'],
    ['schema/wrong-type', '', BYTES, 'ff'],
    ['schema/wrong-type', '', CID, 'bafy'],
    ['schema/wrong-type', '', list(UINT), 1n],
    ['schema/wrong-type', '', map(UINT), [1n]],
    ['schema/wrong-type', 'a', map(UINT), { a: 'x' }],
    ['schema/wrong-type', '', oneOf(TEXT, BYTES), 1n],
    ['schema/wrong-type', '', constant(3n), 4n],
    ['schema/wrong-type', '', constant(3n), 'three'],
    ['schema/wrong-type', '', BITFIELD, 'three'],
    ['schema/wrong-type', '', BITFIELD, [1n]],
    ['schema/out-of-range', '', BITFIELD, '9-3'],
    ['schema/out-of-range', '', UINT, 2n ** 64n],
    ['schema/out-of-range', '', UINT, -1],
    ['schema/out-of-range', '', INT, 2n ** 63n],
    ['schema/out-of-range', '', BIG_INT, 2n ** 1016n],
    ['schema/out-of-range', '', U256, 2n ** 256n],
  ])('are refused with %s, and the field "%s" (case %#)', (code, field, schema, value) => {
    expect(() => encodeWith(schema, value)).toThrow(refusal(code, field) as Error)
  })

  it('may be as large as their kind', () => {
    for (const [schema, value] of [
      [UINT, 2n ** 64n - 1n],
      [INT, -(2n ** 63n)],
      [BIG_INT, 2n ** 1016n - 1n],
      [U256, 2n ** 256n - 1n],
    ] as const)
      expect(() => encodeWith(schema, value)).not.toThrow()
  })
})
