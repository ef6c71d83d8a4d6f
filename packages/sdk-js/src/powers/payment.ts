import harden from '@endo/harden'
import { SdkError } from '../errors.ts'
import type { Payment } from './powers.ts'

/** What payments are worth that have not been used. Module state, for the reason that references have it. */
const unspent = new WeakMap<object, bigint>()

/** Makes a payment. @throws {SdkError} payment/refused */
export function makePayment(value: bigint): Payment {
  if (typeof value !== 'bigint' || value < 0n)
    throw new SdkError('payment/refused', 'an amount has to be a bigint from 0')
  const payment = harden({})
  unspent.set(payment, value)
  return payment
}

/** What a payment is worth, once. @throws {SdkError} payment/refused the second time, and for what is none */
export function spend(payment: Payment | undefined): bigint {
  if (payment === undefined) return 0n
  const value = unspent.get(payment)
  if (value === undefined) throw new SdkError('payment/refused', 'a payment that has been used, or is none')
  unspent.delete(payment)
  return value
}
