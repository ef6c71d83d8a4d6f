/** @module What a message costs before anything of it is done, and at least. */
import { CborReader, IpldError } from '@troupe/ipld'
import type { Message } from '../actor/message.ts'
import { METHOD_SEND } from '../actor/method-number.ts'
import { ETHEREUM_ADDRESS_MANAGER_ACTOR_ID } from '../address/singletons.ts'
import { gas, MILLIGAS_PER_GAS, saturate } from '../gas/prices/price-list.ts'
import { CREATE_EXTERNAL, type EthereumGasRules, INVOKE_CONTRACT } from '../network/ethereum-gas.ts'
import type { RuleSet } from '../network/rule-set.ts'

/** The price of having a message in a block. */
export interface Inclusion {
  /** What is charged before the call. Milligas. */
  readonly milligas: number
  /** The least gas limit that a message must have: what is charged, and what it uses at least. Gas. */
  readonly least: bigint
  /** What the message uses at least, whatever it gives back. Gas; 0 where the rules have no such floor. */
  readonly floor: bigint
  /** Whether Ethereum has the prices for the call as well. */
  readonly isTransaction: boolean
}

/** A byte that is not 0 counts as so many tokens (EIP-7623). */
const TOKENS = 4
const WORD = 32

/** What the inclusion of a message costs. @param length bytes of the message on chain; see `chainLength` */
export function inclusionOf(
  { ethereumGas, prices }: RuleSet,
  message: Pick<Message, 'method' | 'params' | 'to'>,
  length: number,
): Inclusion {
  if (ethereumGas === undefined || !isTransaction(message)) {
    const milligas = prices.onChainMessage(length)
    const least = BigInt(Math.ceil(milligas / MILLIGAS_PER_GAS))
    return { milligas, least, floor: 0n, isTransaction: false }
  }
  return inclusionOfTransaction(ethereumGas, message)
}

/** Whether a message is what a transaction of Ethereum becomes. */
function isTransaction({ method, to }: Pick<Message, 'method' | 'to'>): boolean {
  return method === METHOD_SEND || method === INVOKE_CONTRACT || isCreation({ method, to })
}

function isCreation({ method, to }: Pick<Message, 'method' | 'to'>): boolean {
  return method === CREATE_EXTERNAL && to.id === ETHEREUM_ADDRESS_MANAGER_ACTOR_ID
}

function inclusionOfTransaction(
  rules: EthereumGasRules,
  message: Pick<Message, 'method' | 'params' | 'to'>,
): Inclusion {
  const input = inputOf(message.params)
  let zeros = 0
  for (const byte of input) if (byte === 0) zeros++
  const others = input.length - zeros
  let charged = rules.transaction + zeros * rules.zeroByte + others * rules.nonZeroByte
  if (isCreation(message)) charged += rules.creation + rules.initCodeWord * Math.ceil(input.length / WORD)
  const { floorPerToken } = rules
  const floor = floorPerToken === 0 ? 0 : rules.transaction + floorPerToken * (zeros + TOKENS * others)
  return {
    milligas: saturate(gas(charged)),
    least: BigInt(Math.max(charged, floor)),
    floor: BigInt(floor),
    isTransaction: true,
  }
}

/** The input of a transaction: what parameters have as a CBOR byte string, and parameters that are none as they are. */
function inputOf(params: Uint8Array): Uint8Array {
  try {
    const reader = new CborReader(params)
    const input = reader.bytes()
    reader.end()
    return input
  } catch (error) {
    if (error instanceof IpldError) return params
    throw error
  }
}
