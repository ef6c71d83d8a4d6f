import { fromHex, type Hex, toHex, toWord } from '../text/hex.ts'
import type { CallLog, EvmCall } from './call-trace.ts'

/** What a call has logged, without where it stands. */
export type TracedLog = Pick<CallLog, 'address' | 'topics' | 'data'>

/** The address that transfers of value are told under. Source: execution-apis, `eth_simulateV1`. */
const TRANSFERS: Hex = `0x${'ee'.repeat(20)}`
/** `Transfer(address,address,uint256)`. */
const TRANSFER_TOPIC: Hex = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const WORD_LENGTH = 32

/** What calls have logged, in the order in which it happened; of those that failed nothing. @param hasTransfers whether transfers of value are logs too */
export function logsOfCalls(calls: readonly EvmCall[], hasTransfers: boolean): TracedLog[] {
  return calls.flatMap((call): TracedLog[] => {
    if (call.exitCode !== 0) return []
    const inside: TracedLog[] = []
    let told = 0
    for (const { address, data, position, topics } of call.logs) {
      inside.push(...logsOfCalls(call.calls.slice(told, position), hasTransfers), { address, topics, data })
      told = position
    }
    return [
      ...(hasTransfers ? transferOf(call) : []),
      ...inside,
      ...logsOfCalls(call.calls.slice(told), hasTransfers),
    ]
  })
}

function transferOf({ from, to, type, value }: EvmCall): TracedLog[] {
  if (value === 0n || to === undefined || type === 'delegatecall') return []
  return [
    { address: TRANSFERS, topics: [TRANSFER_TOPIC, addressWord(from), addressWord(to)], data: toWord(value) },
  ]
}

function addressWord(address: Hex): Hex {
  const word = new Uint8Array(WORD_LENGTH)
  const bytes = fromHex(address) as Uint8Array
  word.set(bytes, WORD_LENGTH - bytes.length)
  return toHex(word)
}
