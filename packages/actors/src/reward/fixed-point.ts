/**
 * @module Arithmetic on fixed-point numbers of 128 binary digits after the point, in bigints.
 *
 * Source: builtin-actors v18 runtime/src/builtin/reward/math.rs.
 */

/** Binary digits after the point. */
export const PRECISION = 128n

/** Thrown where a number is divided by zero; a compiled actor panics there. */
export class DivisionByZero {}

/** A quotient, rounded towards minus infinity. @throws {DivisionByZero} */
export function divideFloor(dividend: bigint, divisor: bigint): bigint {
  if (divisor === 0n) throw new DivisionByZero()
  const quotient = dividend / divisor
  const isRoundedUp = dividend % divisor !== 0n && dividend < 0n !== divisor < 0n
  return isRoundedUp ? quotient - 1n : quotient
}

/** The value of a polynomial at `x`. @param coefficients of the highest power first */
export function evaluatePolynomial(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduce((sum, coefficient) => ((sum * x) >> PRECISION) + coefficient, 0n)
}
