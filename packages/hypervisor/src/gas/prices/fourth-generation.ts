import { gas, type PriceList, saturate } from './price-list.ts'
import {
  type ScalingPrice,
  type ThirdGenerationPrices,
  thirdGenerationPriceList,
} from './third-generation.ts'

/** What the price lists from network version 21 on are made of: those of the third generation, and what links, lookbacks and events cost, in gas. */
export interface FourthGenerationPrices extends ThirdGenerationPrices {
  /** A link that becomes reachable. */
  readonly linkTracked: number
  /** A link that is tested. */
  readonly linkChecked: number
  readonly scanItem: number
  readonly scanLink: number
  /** What the node is asked of the past, by epochs. */
  readonly lookback: ScalingPrice
  readonly blsPairing: number
  readonly blsHashingPerByte: number
  readonly eventEntries: ScalingPrice
  readonly utf8Validation: ScalingPrice
}

/** What an event takes beside its entries, in bytes. */
const EVENT_OVERHEAD = 12
/** What an entry takes beside its key and value, in bytes. */
const EVENT_ENTRY_OVERHEAD = 9
/** Copies that are made of an event, each with an allocation: to validate, to serialise, into the AMT and out to the client in one. */
const EVENT_COPIES = 3

const BLAKE2B_256 = 0xb220
const MAX_UINT64 = 2n ** 64n - 1n

/**
 * A price list of network versions 21 and later.
 *
 * Source: ref-fvm master fvm/src/gas/price_list.rs.
 */
export function fourthGenerationPriceList(prices: FourthGenerationPrices): PriceList {
  const before = thirdGenerationPriceList(prices)
  const memcpy = prices.memcpyPerByteMilligas + gas(prices.blockAllocatePerByte)
  const retained = gas(prices.memoryRetentionPerByte)
  const hash = gas(prices.hashingPerByte[BLAKE2B_256])
  const scaling = ({ flat, scale }: ScalingPrice, length: number): number => gas(flat) + gas(scale) * length
  // Whatever is done with a block, it costs at least what it costs to keep it.
  const block = (size: number, links: number, perLink: number): number =>
    saturate(Math.max(retained * size, memcpy * size + gas(perLink) * links))
  // A negative lookback is read as an unsigned integer, so that no gas limit allows it.
  const lookback = (epochs: bigint): bigint =>
    wide(BigInt(gas(prices.lookback.flat)) + BigInt(gas(prices.lookback.scale)) * BigInt.asUintN(64, epochs))

  return {
    ...before,
    onMethodInvocation: (_value, _method, links) =>
      saturate(gas(prices.sendInvokeMethod) + gas(prices.linkTracked) * links),
    onInnerReturnValue: (links) => saturate(gas(prices.linkTracked) * links),

    onBlockOpenBase: () => gas(prices.blockOpen + prices.linkChecked),
    onBlockOpen: (size, links) => block(size, links, prices.linkTracked),
    onBlockCreate: (size, links) => block(size, links, prices.linkChecked),
    onBlockLink: (size) => saturate(before.onBlockLink(size) + gas(prices.linkTracked)),
    onScanItem: () => gas(prices.scanItem),
    onScanLink: () => gas(prices.scanLink),
    onRoot: () => gas(prices.linkTracked),
    onSetRoot: () => gas(prices.linkChecked),

    onVerifyBlsAggregate: (signers, length) =>
      wide(
        BigInt(gas(prices.blsPairing)) * BigInt(signers + 1) +
          BigInt(gas(prices.blsHashingPerByte)) * BigInt(length),
      ),

    onRandomness: (_entropyLength, epochs) => lookback(epochs),
    onTipsetCid: lookback,

    onEventValidate: () => 0,
    onEventAccept: () => 0,
    onEvent: (entries, keyBytes, valueBytes) => {
      const size = EVENT_OVERHEAD + EVENT_ENTRY_OVERHEAD * entries + keyBytes + valueBytes
      const copies = EVENT_COPIES * memcpy * size
      const validation = scaling(prices.eventEntries, entries) + scaling(prices.utf8Validation, keyBytes)
      return saturate(copies + hash * size + validation)
    },
  }
}

/** An amount as the reference counts it: it saturates at 2^64-1 milligas, more than any limit. */
function wide(milligas: bigint): bigint {
  return milligas < MAX_UINT64 ? milligas : MAX_UINT64
}
