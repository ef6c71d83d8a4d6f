/** An exponent: the number that `bytes` are, the first the greatest, with `zeroBytes` zero bytes behind it. */
export interface Exponent {
  readonly bytes: Uint8Array
  /** Any number; nobody has to have them all in memory. */
  readonly zeroBytes: bigint
}

/** How many bits of an exponent one multiplication deals with, besides squarings. */
const WINDOW = 4

/**
 * A number to the power of an exponent, modulo a number above 1.
 *
 * Cost: 8 squarings a byte of the exponent, zero bytes included, and at most two multiplications; all of numbers of the size of the modulus.
 */
export function modularPower(base: bigint, exponent: Exponent, modulus: bigint): bigint {
  const reduced = base % modulus
  let first = exponent.bytes.findIndex((byte) => byte !== 0)
  if (first === -1) return 1n
  if (reduced <= 1n) return reduced
  const powers = [1n, reduced]
  for (let i = 2; i < 1 << WINDOW; i++) powers.push(((powers[i - 1] as bigint) * reduced) % modulus)
  let result = 1n
  for (; first < exponent.bytes.length; first++) {
    const byte = exponent.bytes[first] as number
    result = step(step(result, powers, byte >> WINDOW, modulus), powers, byte & 15, modulus)
  }
  for (let i = 8n * exponent.zeroBytes; i > 0n && result > 1n; i--) result = (result * result) % modulus
  return result
}

function step(value: bigint, powers: readonly bigint[], digit: number, modulus: bigint): bigint {
  let result = value
  if (result !== 1n) for (let i = 0; i < WINDOW; i++) result = (result * result) % modulus
  return digit === 0 ? result : (result * (powers[digit] as bigint)) % modulus
}
