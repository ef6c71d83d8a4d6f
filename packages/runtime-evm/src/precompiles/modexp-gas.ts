import { OPERANDS_START, presentBytes, readModexpLengths } from './modexp-operands.ts'
import { toBigint } from './padded-input.ts'

/** Which EIP prices the modular exponentiation: 198 from Byzantium, 2565 from Berlin, 7883 from Osaka on. */
export type ModexpPricing = 'eip-198' | 'eip-2565' | 'eip-7883'

/** The terms of an EIP. */
interface ModexpTerms {
  readonly minimum: bigint
  /** What a multiplication of two numbers of as many bytes costs. */
  readonly multiplication: (byteLength: bigint) => bigint
  /** Squarings that a byte of the exponent beyond the first 32 counts for. */
  readonly iterationsPerByte: bigint
  readonly divisor: bigint
}

const TERMS: Readonly<Record<ModexpPricing, ModexpTerms>> = {
  'eip-198': {
    minimum: 0n,
    multiplication: (x) => {
      if (x <= 64n) return x * x
      return x <= 1024n ? (x * x) / 4n + 96n * x - 3_072n : (x * x) / 16n + 480n * x - 199_680n
    },
    iterationsPerByte: 8n,
    divisor: 20n,
  },
  'eip-2565': {
    minimum: 200n,
    multiplication: (x) => wordsOf(x) ** 2n,
    iterationsPerByte: 8n,
    divisor: 3n,
  },
  'eip-7883': {
    minimum: 500n,
    multiplication: (x) => (x <= 32n ? 16n : 2n * wordsOf(x) ** 2n),
    iterationsPerByte: 16n,
    divisor: 1n,
  },
}

const GREATEST = BigInt(Number.MAX_SAFE_INTEGER)

/** What a modular exponentiation costs; 2^53-1 where that or more. */
export function modexpGas(pricing: ModexpPricing, input: Uint8Array): number {
  const terms = TERMS[pricing]
  const { base, exponent, modulus } = readModexpLengths(input)
  let longest = base
  if (modulus > longest) longest = modulus
  const gas = (terms.multiplication(longest) * iterations(terms, input, base, exponent)) / terms.divisor
  if (gas < terms.minimum) return Number(terms.minimum)
  return Number(gas < GREATEST ? gas : GREATEST)
}

/** How many squarings an exponent counts for, at least one: 8 or 16 a byte, but the highest bit that is set of the first 32 bytes. */
function iterations(terms: ModexpTerms, input: Uint8Array, baseLength: bigint, length: bigint): bigint {
  const headLength = length < 32n ? length : 32n
  const present = presentBytes(input, BigInt(OPERANDS_START) + baseLength, headLength)
  const head = toBigint(present) << (8n * (headLength - BigInt(present.length)))
  const highest = head === 0n ? 0n : BigInt(head.toString(2).length - 1)
  const count = terms.iterationsPerByte * (length - headLength) + highest
  return count === 0n ? 1n : count
}

/** Words of eight bytes, the last one counted whole. */
function wordsOf(byteLength: bigint): bigint {
  return (byteLength + 7n) / 8n
}
