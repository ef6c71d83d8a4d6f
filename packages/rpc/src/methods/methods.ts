import type { Method } from '../method.ts'
import { CHAIN_METHODS } from './eth-chain.ts'
import { SUBSCRIPTION_METHODS } from './eth-subscriptions.ts'

/** Every method, by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [...CHAIN_METHODS, ...SUBSCRIPTION_METHODS].map((method) => [method.name, method]),
)
