/** Refuses what is too much: « é 😀 ». */
export function checkAmount(amount: bigint): bigint {
  if (amount > 3n) {
    throw new RangeError('too much')
  }
  return amount
}

export const doubled = (amount: bigint): bigint => 2n * checkAmount(amount)
