/**
 * @module Products of long numbers, compiled: modulo an odd number (Montgomery's, a digit at a time), or modulo a power of two.
 *
 * Numbers are digits of 32 bits, the lowest first, `size` bytes long, in the kernel's memory. Source: Koç, Acar, Kaliski, Analyzing and comparing Montgomery
 * multiplication algorithms (1996), FIOS.
 */
import {
  block,
  branch,
  branchIf,
  type Code,
  call,
  i32,
  i64,
  instantiateKernel,
  type Kernel,
  local,
  loop,
  when,
} from './wasm-code.ts'

/** How many numbers a table of powers has. */
export const POWERS = 16

const DIGIT = 4
const MASK = -1

/**
 * Compiles the functions:
 *
 * - `multiply(out, left, right, modulus, size, inverse)` writes left · right · 2^(-8 size) modulo the modulus, where `inverse` is -1/modulus modulo 2^32; or left · right modulo
 *   2^(8 size), where `inverse` is 0. The result may be where a factor is. Behind the modulus there is room for `size + 8` bytes.
 * - `power(out, table, modulus, size, inverse, exponent, count)` raises `out` to the power of 2^8 and multiplies it by a power from the table for each of so many bytes of
 *   an exponent. The table has the powers 0 to 15 of the base, one behind the other.
 * - `square(out, modulus, size, inverse, count)` squares so many times.
 */
export function loadMontgomeryKernel(): Kernel {
  return instantiateKernel([
    { name: 'multiply', parameterCount: 6, locals: { i32: 5, i64: 6 }, body: multiplyBody() },
    { name: 'power', parameterCount: 7, locals: { i32: 4, i64: 0 }, body: powerBody() },
    { name: 'square', parameterCount: 5, locals: { i32: 0, i64: 0 }, body: squareBody() },
  ])
}

/** The functions by their place. */
const MULTIPLY = 0

function multiplyBody(): Code {
  const [out, left, right, modulus, size, inverse] = [0, 1, 2, 3, 4, 5]
  const [sum, i, j, end, at] = [6, 7, 8, 9, 10]
  const [digit, factor, product, reduced, carry, carry2] = [11, 12, 13, 14, 15, 16]
  const get = local.get
  const plus = (pointer: number, offset: number): Code => i32.add(get(pointer), get(offset))
  const low = (value: number): Code => i64.and(get(value), mask())
  const high = (value: number): Code => i64.shrU(get(value), i64.constant(32))

  const clear = [
    ...local.set(sum, i32.add(get(modulus), get(size))),
    ...local.set(i, i32.constant(0)),
    ...local.set(end, i32.add(get(size), i32.constant(2 * DIGIT))),
    ...loop(
      i32.store(plus(sum, i), i32.constant(0)),
      local.set(i, i32.add(get(i), i32.constant(DIGIT))),
      branchIf(0, i32.ltU(get(i), get(end))),
    ),
    ...local.set(i, i32.constant(0)),
  ]

  // One digit of `left`: sum = (sum + digit * right + factor * modulus) / 2^32, where the factor makes the lowest digit zero.
  const firstDigit = [
    ...local.set(digit, i64.load32(plus(left, i))),
    ...local.set(product, i64.add(i64.load32(get(sum)), i64.mul(get(digit), i64.load32(get(right))))),
    ...local.set(factor, i64.and(i64.mul(get(product), i64.extendU(get(inverse))), mask())),
    ...local.set(reduced, i64.add(low(product), i64.mul(get(factor), i64.load32(get(modulus))))),
    ...local.set(carry, high(product)),
    ...local.set(carry2, high(reduced)),
    ...local.set(j, i32.constant(DIGIT)),
  ]
  const otherDigits = block(
    loop(
      branchIf(1, i32.eqz(i32.ltU(get(j), get(size)))),
      local.set(at, plus(sum, j)),
      local.set(
        product,
        i64.add(i64.add(i64.load32(get(at)), get(carry)), i64.mul(get(digit), i64.load32(plus(right, j)))),
      ),
      local.set(
        reduced,
        i64.add(i64.add(low(product), get(carry2)), i64.mul(get(factor), i64.load32(plus(modulus, j)))),
      ),
      i64.store32(i32.sub(get(at), i32.constant(DIGIT)), get(reduced)),
      local.set(carry, high(product)),
      local.set(carry2, high(reduced)),
      local.set(j, i32.add(get(j), i32.constant(DIGIT))),
      branch(0),
    ),
  )
  const lastDigit = [
    ...local.set(at, plus(sum, size)),
    ...local.set(product, i64.add(i64.add(i64.load32(get(at)), get(carry)), get(carry2))),
    ...i64.store32(i32.sub(get(at), i32.constant(DIGIT)), get(product)),
    ...i64.store32(get(at), high(product)),
  ]
  const reducing = [
    ...loop(
      firstDigit,
      otherDigits,
      lastDigit,
      local.set(i, i32.add(get(i), i32.constant(DIGIT))),
      branchIf(0, i32.ltU(get(i), get(size))),
    ),
    // out = sum - modulus, and where that is below zero out = sum. A borrow is a carry of -1.
    ...local.set(carry, i64.constant(0)),
    ...local.set(j, i32.constant(0)),
    ...loop(
      local.set(
        product,
        i64.add(i64.sub(i64.load32(plus(sum, j)), i64.load32(plus(modulus, j))), get(carry)),
      ),
      i64.store32(plus(out, j), get(product)),
      local.set(carry, i64.shrS(get(product), i64.constant(32))),
      local.set(j, i32.add(get(j), i32.constant(DIGIT))),
      branchIf(0, i32.ltU(get(j), get(size))),
    ),
    ...when(i32.wrap(i64.add(i64.load32(plus(sum, size)), get(carry))), copySum()),
  ]

  // Only what is below 2^(8 size): the digit i of `left` meets size - i digits of `right`.
  const truncating = [
    ...loop(
      local.set(digit, i64.load32(plus(left, i))),
      local.set(carry, i64.constant(0)),
      local.set(j, i32.constant(0)),
      local.set(at, plus(sum, i)),
      local.set(end, i32.sub(get(size), get(i))),
      loop(
        local.set(
          product,
          i64.add(i64.add(i64.load32(get(at)), get(carry)), i64.mul(get(digit), i64.load32(plus(right, j)))),
        ),
        i64.store32(get(at), get(product)),
        local.set(carry, high(product)),
        local.set(at, i32.add(get(at), i32.constant(DIGIT))),
        local.set(j, i32.add(get(j), i32.constant(DIGIT))),
        branchIf(0, i32.ltU(get(j), get(end))),
      ),
      local.set(i, i32.add(get(i), i32.constant(DIGIT))),
      branchIf(0, i32.ltU(get(i), get(size))),
    ),
    ...copySum(),
  ]
  return [...clear, ...when(get(inverse), reducing, truncating)]

  function copySum(): Code {
    return [
      ...local.set(j, i32.constant(0)),
      ...loop(
        i32.store(plus(out, j), i32.load(plus(sum, j))),
        local.set(j, i32.add(get(j), i32.constant(DIGIT))),
        branchIf(0, i32.ltU(get(j), get(size))),
      ),
    ]
  }
}

function powerBody(): Code {
  const [out, table, modulus, size, inverse, exponent, count] = [0, 1, 2, 3, 4, 5, 6]
  const [byte, digit, end, shift] = [7, 8, 9, 10]
  const get = local.get
  const times = (right: Code): Code =>
    call(MULTIPLY, get(out), get(out), right, get(modulus), get(size), get(inverse))
  const squareFour = Array.from({ length: 4 }, () => times(get(out))).flat()
  const oneDigit = loop(
    squareFour,
    local.set(digit, i32.and(i32.shrU(get(byte), get(shift)), i32.constant(POWERS - 1))),
    when(get(digit), times(i32.add(get(table), i32.mul(get(digit), get(size))))),
    local.set(shift, i32.sub(get(shift), i32.constant(4))),
    branchIf(0, i32.eqz(get(shift))),
  )
  return [
    ...local.set(end, i32.add(get(exponent), get(count))),
    ...block(
      loop(
        branchIf(1, i32.eqz(i32.ltU(get(exponent), get(end)))),
        local.set(byte, i32.load8(get(exponent))),
        local.set(shift, i32.constant(4)),
        oneDigit,
        local.set(exponent, i32.add(get(exponent), i32.constant(1))),
        branch(0),
      ),
    ),
  ]
}

function squareBody(): Code {
  const [out, modulus, size, inverse, count] = [0, 1, 2, 3, 4]
  const get = local.get
  return block(
    loop(
      branchIf(1, i32.eqz(get(count))),
      call(MULTIPLY, get(out), get(out), get(out), get(modulus), get(size), get(inverse)),
      local.set(count, i32.sub(get(count), i32.constant(1))),
      branch(0),
    ),
  )
}

/** The lower 32 bits of 64. */
function mask(): Code {
  return i64.shrU(i64.constant(MASK), i64.constant(32))
}
