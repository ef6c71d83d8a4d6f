/** @module What gas costs. Source: lotus node/impl/eth/gas.go. */
import { BLOCK_GAS_LIMIT, effectivePremium, nextBaseFee, type Tipset } from 'troupe'
import type { BlockEntry, BlockView } from '../ethereum/block-view.ts'
import { findState } from '../ethereum/find-block.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method, unsupported } from '../method.ts'
import { blockNumber } from '../parameters/block-reference.ts'
import { invalid, optional, parameter, type Reader, reader } from '../parameters/parameter.ts'
import { count, listOf } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'
import { toQuantity } from '../text/hex.ts'

/** attoFIL for one gas that is suggested as a premium: what Lotus suggests where nobody competes. */
const SUGGESTED_PREMIUM = 100_000n
const MAX_BLOCKS = 1024
const MAX_PERCENTILES = 100
const NO_BLOB_GAS = 'Filecoin has no blobs, so there is no price for their gas'

const percentile: Reader<number> = reader('a number from 0 to 100', (value, at) => {
  if (typeof value === 'number' && value >= 0 && value <= 100) return value
  throw invalid(at, 'is no number from 0 to 100')
})

/** eth_gasPrice and the like. */
export const FEE_METHODS: readonly Method[] = [
  method('eth_gasPrice', 'read', [], ({ vm }) => toQuantity(vm.chain.baseFee + SUGGESTED_PREMIUM)),
  method('eth_maxPriorityFeePerGas', 'read', [], () => toQuantity(SUGGESTED_PREMIUM)),
  method('eth_baseFee', 'read', [], ({ vm }) => toQuantity(vm.chain.baseFee)),
  unsupported('eth_blobBaseFee', NO_BLOB_GAS),
  method(
    'eth_feeHistory',
    'read',
    [
      parameter('blockCount', count(MAX_BLOCKS)),
      parameter('newestBlock', blockNumber),
      parameter('rewardPercentiles', optional(listOf(percentile, MAX_PERCENTILES))),
    ],
    (host, [blockCount, newest, percentiles]) => {
      percentiles?.forEach((value, index) => {
        if (value < (percentiles[index - 1] ?? 0))
          throw invalid(`rewardPercentiles[${index}]`, 'is smaller than the one before')
      })
      return feeHistory(host, findState(host.vm, newest), blockCount, percentiles)
    },
  ),
]

/**
 * Blocks only: an epoch without one has no fees.
 *
 * Differs: the base fee after the newest block is known here, because that block is executed; Lotus repeats the last one.
 */
function feeHistory(
  host: RpcHost,
  newest: Tipset,
  blockCount: number,
  percentiles: readonly number[] | undefined,
): Json {
  const { chain } = host.vm
  const tipsets: Tipset[] = []
  for (let at: Tipset | undefined = newest; at !== undefined && tipsets.length < blockCount; ) {
    tipsets.unshift(at)
    const parent: Tipset['cid'] | undefined = at.header.parents[0]
    at = parent === undefined ? undefined : chain.tipset(parent)
  }
  const views = tipsets.map((tipset) => host.block(tipset))
  const { parentBaseFee } = newest.header
  const messages = paying(host.block(newest)).map(({ message }) => message)
  const next = nextBaseFee(chain.rules.baseFeeRule, parentBaseFee, messages)
  return {
    oldestBlock: toQuantity(views[0]?.number ?? newest.header.height),
    baseFeePerGas: [...tipsets.map(({ header }) => header.parentBaseFee), next].map(toQuantity),
    gasUsedRatio: views.map(
      ({ entries }) => Number(entries.at(-1)?.cumulativeGas ?? 0n) / Number(BLOCK_GAS_LIMIT),
    ),
    ...(percentiles === undefined
      ? {}
      : {
          reward: views.map((view) => rewards(paying(view), view.baseFee, percentiles)),
        }),
  }
}

/** What pays for itself: what was left to the end of a block has been paid for by then. */
function paying({ entries }: BlockView): BlockEntry[] {
  return entries.filter(({ queued }) => queued === undefined)
}

/** The premium of the message at each percentile of the block's gas, the lowest premium first. */
function rewards(entries: readonly BlockEntry[], baseFee: bigint, percentiles: readonly number[]): Json {
  const paid = entries
    .map(({ message, receipt }) => ({ premium: effectivePremium(message, baseFee), gas: receipt.gasUsed }))
    .sort((a, b) => (a.premium < b.premium ? -1 : a.premium > b.premium ? 1 : 0))
  const total = Number(paid.reduce((sum, { gas }) => sum + gas, 0n))
  let [index, sum] = [0, 0]
  return percentiles.map((value) => {
    while (sum < Math.floor((total * value) / 100) && index < paid.length - 1)
      sum += Number(paid[index++]?.gas)
    return toQuantity(paid[index]?.premium ?? SUGGESTED_PREMIUM)
  })
}
