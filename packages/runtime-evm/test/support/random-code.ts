import * as fc from 'fast-check'

/** Addresses that random code knows: two contracts, a precompile or two, nobody. */
const KNOWN_ADDRESSES = [0xc0de01n, 0xc0de02n, 0x02n, 0x04n, 0xdeadn] as const

const WORDS = [
  0n,
  1n,
  2n,
  31n,
  32n,
  255n,
  256n,
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 160n) - 1n,
  1n << 255n,
  (1n << 256n) - 1n,
]

function bytesOf(value: bigint): number[] {
  const digits = value.toString(16)
  return (digits.padStart(digits.length + (digits.length % 2), '0').match(/../g) ?? []).map((byte) =>
    Number.parseInt(byte, 16),
  )
}

/** The shortest PUSH of a number. */
function push(value: bigint): number[] {
  const bytes = bytesOf(value)
  return [0x5f + bytes.length, ...bytes]
}

const word = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 300n }) },
  { weight: 2, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }) },
)
/** Offsets and sizes that memory has room for. */
const place = fc.bigInt({ min: 0n, max: 200n })

const pushes = word.map(push)
const arithmetic = fc.constantFrom(
  ...Array.from({ length: 0x1e }, (_, opcode) => opcode).filter(
    (opcode) => opcode !== 0 && (opcode < 0x0c || opcode > 0x0f),
  ),
)
const environment = fc.constantFrom(
  0x30,
  0x32,
  0x33,
  0x34,
  0x36,
  0x38,
  0x3a,
  0x3d,
  0x41,
  0x42,
  0x43,
  0x44,
  0x45,
  0x46,
  0x47,
  0x48,
  0x4a,
  0x58,
  0x59,
  0x5a,
)
const shuffle = fc.integer({ min: 0x80, max: 0x9f })

/** Instructions with operands that suit them. */
function sensible(opcode: number, ...operands: fc.Arbitrary<bigint>[]): fc.Arbitrary<number[]> {
  return fc.tuple(...operands).map((values) => [...values.toReversed().flatMap(push), opcode])
}

const address = fc.constantFrom<bigint>(...KNOWN_ADDRESSES)
const gas = fc.constantFrom(0n, 100n, 2300n, 30_000n, (1n << 256n) - 1n)
const value = fc.constantFrom(0n, 0n, 1n, 1n << 100n)
const slot = fc.bigInt({ min: 0n, max: 3n })
const stored = fc.constantFrom(0n, 0n, 1n, 2n, (1n << 256n) - 1n)
const memory = fc.oneof(
  sensible(0x51, place),
  sensible(0x52, place, word),
  sensible(0x53, place, word),
  sensible(0x5e, place, place, place),
  sensible(0x20, place, place),
  sensible(0x37, place, word, place),
  sensible(0x39, place, word, place),
  sensible(0x3c, address, place, word, place),
  sensible(0x3e, place, fc.constantFrom(0n, 0n, 1n), fc.constantFrom(0n, 0n, 32n)),
  sensible(0x35, word),
)
const storage = fc.oneof(
  sensible(0x54, slot),
  sensible(0x55, slot, stored),
  sensible(0x5c, slot),
  sensible(0x5d, slot, stored),
  sensible(0xa0, place, place),
  sensible(0xa2, place, place, word, word),
)
const accounts = fc.oneof(
  sensible(0x31, address),
  sensible(0x3b, address),
  sensible(0x3f, address),
  sensible(0x40, word),
  sensible(0x49, word),
)
const calls = fc.oneof(
  sensible(0xf1, gas, address, value, place, place, place, place),
  sensible(0xf2, gas, address, value, place, place, place, place),
  sensible(0xf4, gas, address, place, place, place, place),
  sensible(0xfa, gas, address, place, place, place, place),
)
/** Creations of what happens to be in memory, or of a contract of two bytes. */
const creations = fc.oneof(
  sensible(0xf0, value, place, fc.constantFrom(0n, 5n, 40n)),
  sensible(0xf5, value, place, fc.constantFrom(0n, 5n, 40n), slot),
  fc.constant([...push(0x60025ff3n), 0x5f, 0x52, ...push(4n), ...push(28n), 0x5f, 0xf0]),
)
const ends = fc.oneof(
  sensible(0xf3, place, place),
  sensible(0xfd, place, place),
  sensible(0xff, address),
  fc.constantFrom([0x00], [0xfe], [0x0c], [0xef]),
)

const item: fc.Arbitrary<readonly number[]> = fc.oneof(
  { weight: 8, arbitrary: pushes },
  { weight: 8, arbitrary: arithmetic.map((opcode) => [opcode]) },
  { weight: 3, arbitrary: environment.map((opcode) => [opcode]) },
  { weight: 3, arbitrary: shuffle.map((opcode) => [opcode]) },
  { weight: 4, arbitrary: memory },
  { weight: 3, arbitrary: storage },
  { weight: 1, arbitrary: accounts },
  { weight: 1, arbitrary: calls },
  { weight: 1, arbitrary: creations },
  { weight: 1, arbitrary: fc.constant([0x5b]) },
  // Over what follows, if the last byte of the gas that is left is odd.
  { weight: 1, arbitrary: fc.constant([0x60, 1, 0x5a, 0x16, 0x58, 0x60, 6, 0x01, 0x57, 0x5f, 0x5b]) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((byte) => [byte]) },
)

/** Code that mostly makes sense: enough words on the stack, small offsets, known addresses; and then ends, or runs into nothing. */
export const randomCode: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.array(pushes, { minLength: 6, maxLength: 12 }),
    fc.array(item, { maxLength: 60 }),
    fc.option(ends, { nil: [] }),
  )
  .map(([first, items, end]) => Uint8Array.from([...first.flat(), ...items.flat(), ...end]))
