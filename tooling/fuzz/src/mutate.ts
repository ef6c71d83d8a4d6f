/** @module Mutations of byte strings, as data: a failing case shrinks to the fewest and smallest that still fail. */
import fc from 'fast-check'

/** One change. Positions are taken modulo the length of what is there. */
type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'replace'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'duplicate'; readonly at: number; readonly length: number; readonly to: number }
  | { readonly kind: 'splice'; readonly at: number; readonly seed: number; readonly from: number }

const SPECIAL_INTEGERS = [0n, 1n, 23n, 24n, 127n, 128n, 255n, 256n]
  .concat([15n, 16n, 31n, 32n, 53n, 63n, 64n].flatMap((bits) => [2n ** bits - 1n, 2n ** bits]))
  .flatMap((value) => [value, -value])

/** Integers at which something ends: powers of two and their neighbours, of either sign; as 64 bits. */
export const specialInteger: fc.Arbitrary<bigint> = fc.constantFrom(
  ...new Set(SPECIAL_INTEGERS.map((value) => BigInt.asIntN(64, value))),
)

/** The same in 32 bits. */
export const specialInt32: fc.Arbitrary<number> = specialInteger.map((value) =>
  Number(BigInt.asIntN(32, value)),
)

const fixedInteger = fc
  .tuple(specialInteger, fc.constantFrom(1, 2, 4, 8), fc.boolean())
  .map(([value, width, isLittle]) => {
    const bytes = Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
    return Uint8Array.from(isLittle ? bytes : bytes.reverse())
  })

/** LEB128, signed or not, padded with needless bytes or not. */
const leb128 = fc.tuple(specialInteger, fc.nat(3), fc.boolean()).map(([value, padding, isSigned]) => {
  const bytes: number[] = []
  let rest = isSigned ? value : BigInt.asUintN(64, value)
  const end = isSigned && value < 0n ? -1n : 0n
  do {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  } while (rest !== end)
  for (let i = 0; i < padding; i++) bytes.push(end === 0n ? 0x80 : 0xff)
  bytes.push((bytes.pop() as number) & 0x7f)
  return Uint8Array.from(bytes)
})

const fewBytes = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }), fixedInteger, leb128)
const position = fc.oneof(fc.nat(), fc.nat(64))
const length = fc.integer({ min: 1, max: 64 })

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: position, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('replace' as const), at: position, bytes: fewBytes }),
  fc.record({ kind: fc.constant('insert' as const), at: position, bytes: fewBytes }),
  fc.record({ kind: fc.constant('delete' as const), at: position, length }),
  fc.record({ kind: fc.constant('duplicate' as const), at: position, length, to: position }),
  fc.record({ kind: fc.constant('splice' as const), at: position, seed: fc.nat(), from: position }),
)

/**
 * Byte strings made of good ones by few mutations; one in sixteen is of nothing but noise.
 *
 * @param seeds at least one
 */
export function mutated(seeds: readonly Uint8Array[], maxMutations = 4): fc.Arbitrary<Uint8Array> {
  const changed = fc
    .tuple(fc.nat(seeds.length - 1), fc.array(mutation, { maxLength: maxMutations }))
    .map(([seed, mutations]) =>
      mutations.reduce((bytes, one) => mutate(bytes, one, seeds), seeds[seed] as Uint8Array),
    )
  return fc.oneof(
    { weight: 15, arbitrary: changed },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 96 }) },
  )
}

function mutate(bytes: Uint8Array, change: Mutation, seeds: readonly Uint8Array[]): Uint8Array {
  const at = change.at % (bytes.length + 1)
  switch (change.kind) {
    case 'flip': {
      const copy = bytes.slice()
      if (at < copy.length) copy[at] = (copy[at] as number) ^ (1 << change.bit)
      return copy
    }
    case 'replace':
      return join(bytes.subarray(0, at), change.bytes, bytes.subarray(at + change.bytes.length))
    case 'insert':
      return join(bytes.subarray(0, at), change.bytes, bytes.subarray(at))
    case 'delete':
      return join(bytes.subarray(0, at), bytes.subarray(at + change.length))
    case 'duplicate': {
      const to = change.to % (bytes.length + 1)
      return join(bytes.subarray(0, to), bytes.subarray(at, at + change.length), bytes.subarray(to))
    }
    case 'splice': {
      const other = seeds[change.seed % seeds.length] as Uint8Array
      return join(bytes.subarray(0, at), other.subarray(change.from % (other.length + 1)))
    }
  }
}

/** One byte string after the other. */
function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
