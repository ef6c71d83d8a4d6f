import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runInstruction } from '../support/run-code.ts'

const MODULUS = 1n << 256n

function wrap(value: bigint): bigint {
  return BigInt.asUintN(256, value)
}
function signed(value: bigint): bigint {
  return BigInt.asIntN(256, value)
}
function truth(value: boolean): bigint {
  return value ? 1n : 0n
}
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let bit = 255n; bit >= 0n; bit--) {
    result = wrap(result * result)
    if ((exponent >> bit) & 1n) result = wrap(result * base)
  }
  return result
}

/** What each instruction gives, by the words of the yellow paper and of the proposals that added it. */
const MODEL: Readonly<Record<string, readonly [opcode: number, give: (...operands: bigint[]) => bigint]>> = {
  ADD: [0x01, (a = 0n, b = 0n) => wrap(a + b)],
  MUL: [0x02, (a = 0n, b = 0n) => wrap(a * b)],
  SUB: [0x03, (a = 0n, b = 0n) => wrap(a - b)],
  DIV: [0x04, (a = 0n, b = 0n) => (b === 0n ? 0n : a / b)],
  SDIV: [0x05, (a = 0n, b = 0n) => (b === 0n ? 0n : wrap(signed(a) / signed(b)))],
  MOD: [0x06, (a = 0n, b = 0n) => (b === 0n ? 0n : a % b)],
  SMOD: [0x07, (a = 0n, b = 0n) => (b === 0n ? 0n : wrap(signed(a) % signed(b)))],
  ADDMOD: [0x08, (a = 0n, b = 0n, n = 0n) => (n === 0n ? 0n : (a + b) % n)],
  MULMOD: [0x09, (a = 0n, b = 0n, n = 0n) => (n === 0n ? 0n : (a * b) % n)],
  EXP: [0x0a, (a = 0n, b = 0n) => power(a, b)],
  SIGNEXTEND: [0x0b, (k = 0n, x = 0n) => (k > 30n ? x : wrap(BigInt.asIntN(Number(k) * 8 + 8, x)))],
  LT: [0x10, (a = 0n, b = 0n) => truth(a < b)],
  GT: [0x11, (a = 0n, b = 0n) => truth(a > b)],
  SLT: [0x12, (a = 0n, b = 0n) => truth(signed(a) < signed(b))],
  SGT: [0x13, (a = 0n, b = 0n) => truth(signed(a) > signed(b))],
  EQ: [0x14, (a = 0n, b = 0n) => truth(a === b)],
  ISZERO: [0x15, (a = 0n) => truth(a === 0n)],
  AND: [0x16, (a = 0n, b = 0n) => a & b],
  OR: [0x17, (a = 0n, b = 0n) => a | b],
  XOR: [0x18, (a = 0n, b = 0n) => a ^ b],
  NOT: [0x19, (a = 0n) => MODULUS - 1n - a],
  BYTE: [0x1a, (i = 0n, x = 0n) => (i > 31n ? 0n : (x >> (8n * (31n - i))) & 0xffn)],
  SHL: [0x1b, (n = 0n, x = 0n) => (n > 255n ? 0n : wrap(x << n))],
  SHR: [0x1c, (n = 0n, x = 0n) => (n > 255n ? 0n : x >> n)],
  SAR: [0x1d, (n = 0n, x = 0n) => wrap(signed(x) >> (n > 255n ? 255n : n))],
  CLZ: [0x1e, (x = 0n) => (x === 0n ? 256n : 256n - BigInt(x.toString(2).length))],
}

/** Words around every limit that the implementation has: halves, 53 bits, signs. */
const EDGES = [0n, 8n, 16n, 31n, 32n, 52n, 53n, 54n, 63n, 64n, 128n, 160n, 224n, 255n, 256n].flatMap(
  (bits) => {
    const power = 1n << bits
    return [bits, power, power - 1n, power + 1n, -power, 1n - power, -1n - power].map(wrap)
  },
)
const word = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.bigInt({ min: 0n, max: MODULUS - 1n }),
  fc.bigInt({ min: -300n, max: 300n }).map(wrap),
  fc.bigInt({ min: -(1n << 54n), max: 1n << 54n }).map(wrap),
)

describe('instructions on words', () => {
  it.each(Object.entries(MODEL))('give what unbounded integers give: %s', (_name, [opcode, give]) => {
    // Parameters with defaults do not count in a function's length.
    const count = Math.max(1, [0x08, 0x09].includes(opcode) ? 3 : [0x15, 0x19, 0x1e].includes(opcode) ? 1 : 2)
    fc.assert(
      fc.property(fc.array(word, { minLength: count, maxLength: count }), (operands) => {
        expect(runInstruction(opcode, operands)).toBe(give(...operands))
      }),
      { numRuns: 400, seed: 5 },
    )
  })

  it.each(['ADD', 'SUB', 'MUL', 'AND', 'OR', 'XOR', 'LT', 'SLT', 'DIV', 'SDIV', 'EQ'])(
    'give it for every two words at a limit: %s',
    (name) => {
      const [opcode, give] = MODEL[name] as (typeof MODEL)[string]
      const some = EDGES.filter((_, index) => index % 3 === 0)
      for (const a of EDGES) for (const b of some) expect(runInstruction(opcode, [a, b])).toBe(give(a, b))
    },
  )
})
