/** @module Syscalls of the module `gas`. Amounts that actors name are whole gas. */
import { MILLIGAS_PER_GAS } from '../gas/prices/price-list.ts'
import type { Kernel } from './kernel.ts'

const MILLIGAS = BigInt(MILLIGAS_PER_GAS)
const MAX_CHARGE = 2n ** 63n - 1n

/** `gas.charge`. Generation 2 takes a signed amount, and so gives gas back for a negative one. Saturates at 2^63-1 milligas. */
export function charge(kernel: Kernel, name: string, compute: bigint): void {
  const milligas = compute * MILLIGAS
  kernel.gas.chargeWide(
    name,
    milligas > MAX_CHARGE ? MAX_CHARGE : milligas < -MAX_CHARGE ? -MAX_CHARGE - 1n : milligas,
  )
}

/** `gas.available` (generation 3): rounded down. */
export function available(kernel: Kernel): { value: bigint } {
  return { value: kernel.gas.available / MILLIGAS }
}
