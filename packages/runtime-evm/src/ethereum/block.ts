import { EvmError } from '../errors.ts'

/** What a transaction can learn of its block. */
export interface EthereumBlock {
  readonly number: bigint
  readonly timestamp: bigint
  readonly coinbase: bigint
  readonly gasLimit: bigint
  /** The beacon chain's randomness; before Paris the difficulty. */
  readonly prevRandao: bigint
  readonly baseFee: bigint
  readonly excessBlobGas: bigint
  readonly chainId: bigint
  /** Hash of an earlier block, one of the last 256. */
  readonly blockHash: (number: bigint) => bigint
}

/** e^178 is more than any balance is. */
const MAX_EXPONENT = 178n

/**
 * The price of a unit of gas for blobs: `e^(excess / fraction)`, as a sum of whole numbers.
 *
 * Source: EIP-4844, `fake_exponential`.
 * @throws {EvmError} `evm/unsupported` where it would be more than 2^256
 */
export function blobBaseFeeOf(excessBlobGas: bigint, updateFraction: bigint): bigint {
  if (excessBlobGas > updateFraction * MAX_EXPONENT) {
    throw new EvmError('evm/unsupported', 'blobs would cost more than there can be', {
      feature: 'blob price',
    })
  }
  let sum = 0n
  let term = updateFraction
  for (let index = 1n; term > 0n; index++) {
    sum += term
    term = (term * excessBlobGas) / (updateFraction * index)
  }
  return sum / updateFraction
}
