import { loadMontgomeryKernel, POWERS } from './montgomery-kernel.ts'
import { writeBigint } from './padded-input.ts'
import type { Kernel } from './wasm-code.ts'

/** An exponent: the number that `bytes` are, the first the greatest, with `zeroBytes` zero bytes behind it. */
export interface Exponent {
  readonly bytes: Uint8Array
  /** Any number; nobody has to have them all in memory. */
  readonly zeroBytes: bigint
}

/** A number to the power of an exponent, modulo a number above 1. */
export type ModularPower = (base: bigint, exponent: Exponent, modulus: bigint) => bigint

/** The longest numbers that the kernel takes, in bytes; for longer ones bigints are faster. */
const LONGEST = 512
/** Exponents of so many bytes at most are dealt with sooner than numbers are taken to the kernel and back. */
const SHORT_EXPONENT = 4

// The kernel's memory: the table of powers, the result, the modulus with room behind it, and a part of the exponent.
const TABLE = 0
const RESULT = POWERS * LONGEST
const MODULUS = RESULT + LONGEST
const EXPONENT = MODULUS + 2 * LONGEST + 16
const EXPONENT_PART = 8192
/** How many squarings one call of the kernel does at most. */
const SQUARINGS = 2 ** 20

/**
 * Makes the function.
 *
 * Cost: 8 squarings a byte of the exponent, zero bytes included, and at most two multiplications; all of numbers of the size of the modulus. The kernel is compiled by
 * the first call that needs it.
 */
export function createModularPower(): ModularPower {
  let kernel: Kernel | undefined
  return (base, exponent, modulus) => {
    const reduced = base % modulus
    const first = exponent.bytes.findIndex((byte) => byte !== 0)
    if (first === -1) return 1n
    if (reduced <= 1n) return reduced
    const trimmed = { bytes: exponent.bytes.subarray(first), zeroBytes: exponent.zeroBytes }
    const isShort = BigInt(trimmed.bytes.length) + trimmed.zeroBytes <= BigInt(SHORT_EXPONENT)
    if (isShort || lengthOf(modulus) > LONGEST) return powerOfBigints(reduced, trimmed, modulus)
    kernel ??= loadMontgomeryKernel()
    return powerByKernel(kernel, reduced, trimmed, modulus)
  }
}

/** By the odd part of the modulus, and by the power of two in it: together they are the result (the Chinese remainder theorem). */
function powerByKernel(kernel: Kernel, base: bigint, exponent: Exponent, modulus: bigint): bigint {
  const evenBits = trailingZeros(modulus)
  const odd = modulus >> BigInt(evenBits)
  const oddResult = odd === 1n ? 0n : powerModuloOdd(kernel, base % odd, exponent, odd)
  if (evenBits === 0) return oddResult
  const evenResult = powerModuloTwos(kernel, BigInt.asUintN(evenBits, base), exponent, evenBits)
  const difference = BigInt.asUintN(evenBits, evenResult - oddResult)
  return oddResult + odd * BigInt.asUintN(evenBits, difference * inverseModuloTwos(odd, evenBits))
}

function powerModuloOdd(kernel: Kernel, base: bigint, exponent: Exponent, modulus: bigint): bigint {
  const size = sizeOf(lengthOf(modulus))
  const bits = BigInt(8 * size)
  const inverse = Number(BigInt.asIntN(32, -inverseModuloTwos(modulus, 32)))
  const one = (1n << bits) % modulus
  raise(kernel, { size, inverse, one, base: (base << bits) % modulus, modulus }, exponent)
  write(kernel, TABLE, size, 1n)
  kernel.functions['multiply']?.(RESULT, RESULT, TABLE, MODULUS, size, inverse)
  return read(kernel, RESULT, size)
}

function powerModuloTwos(kernel: Kernel, base: bigint, exponent: Exponent, bits: number): bigint {
  const size = sizeOf(Math.ceil(bits / 8))
  raise(kernel, { size, inverse: 0, one: 1n, base, modulus: 0n }, exponent)
  return BigInt.asUintN(bits, read(kernel, RESULT, size))
}

interface KernelNumbers {
  readonly size: number
  readonly inverse: number
  /** One and the base, as the kernel has them. */
  readonly one: bigint
  readonly base: bigint
  readonly modulus: bigint
}

/** Leaves the power in the kernel's memory, as the kernel has it. */
function raise({ functions, memory }: Kernel, numbers: KernelNumbers, exponent: Exponent): void {
  const { size, inverse } = numbers
  const kernel = { functions, memory }
  write(kernel, MODULUS, size, numbers.modulus)
  write(kernel, RESULT, size, numbers.one)
  write(kernel, TABLE, size, numbers.one)
  write(kernel, TABLE + size, size, numbers.base)
  for (let i = 2; i < POWERS; i++)
    functions['multiply']?.(TABLE + i * size, TABLE + (i - 1) * size, TABLE + size, MODULUS, size, inverse)
  for (let at = 0; at < exponent.bytes.length; at += EXPONENT_PART) {
    const part = exponent.bytes.subarray(at, at + EXPONENT_PART)
    memory.set(part, EXPONENT)
    functions['power']?.(RESULT, TABLE, MODULUS, size, inverse, EXPONENT, part.length)
  }
  for (let left = 8n * exponent.zeroBytes; left > 0n; left -= BigInt(SQUARINGS)) {
    const count = left < BigInt(SQUARINGS) ? Number(left) : SQUARINGS
    functions['square']?.(RESULT, MODULUS, size, inverse, count)
  }
}

/** Bit by bit, with bigints. */
function powerOfBigints(base: bigint, exponent: Exponent, modulus: bigint): bigint {
  let result = 1n
  for (const byte of exponent.bytes) {
    for (let bit = 0x80; bit > 0; bit >>= 1) {
      if (result !== 1n) result = (result * result) % modulus
      if ((byte & bit) !== 0) result = (result * base) % modulus
    }
  }
  for (let i = 8n * exponent.zeroBytes; i > 0n && result > 1n; i--) result = (result * result) % modulus
  return result
}

/** The inverse of an odd number modulo a power of two, by Newton: each step doubles the bits that are right, of which there are 3 at first. */
function inverseModuloTwos(odd: bigint, bits: number): bigint {
  let inverse = BigInt.asUintN(bits, odd)
  for (let right = 3; right < bits; right *= 2)
    inverse = BigInt.asUintN(bits, inverse * (2n - BigInt.asUintN(bits, odd * inverse)))
  return BigInt.asUintN(bits, inverse)
}

function trailingZeros(value: bigint): number {
  return (value & -value).toString(2).length - 1
}

function lengthOf(value: bigint): number {
  return Math.ceil(value.toString(16).length / 2)
}

/** Whole digits of 32 bits. */
function sizeOf(length: number): number {
  return 4 * Math.ceil(length / 4)
}

function write({ memory }: Kernel, pointer: number, size: number, value: bigint): void {
  const bytes = memory.subarray(pointer, pointer + size)
  writeBigint(bytes, 0, size, value)
  bytes.reverse()
}

function read({ memory }: Kernel, pointer: number, size: number): bigint {
  let digits = '0x0'
  for (let i = size - 1; i >= 0; i--) digits += (memory[pointer + i] as number).toString(16).padStart(2, '0')
  return BigInt(digits)
}
