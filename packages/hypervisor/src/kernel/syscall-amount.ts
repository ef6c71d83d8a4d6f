import type { TokenAmount } from '../actor/token-amount.ts'
import { ProtocolFatal } from './errors.ts'

const MAX_UINT128 = 2n ** 128n - 1n

/**
 * An amount as a syscall can give it to an actor: from 0 to 2^128-1 attoFIL.
 *
 * Source: ref-fvm release/v3 shared/src/sys/mod.rs (`TokenAmount`).
 * @throws {ProtocolFatal} for any other amount
 */
export function syscallAmount(amount: TokenAmount): TokenAmount {
  if (amount < 0n || amount > MAX_UINT128)
    throw new ProtocolFatal(`an amount of ${amount} attoFIL does not fit 128 bits`)
  return amount
}
