/** @module What Ethereum's methods are called among Filecoin's, and how names of the one are found by those of the other. Source: lotus api/eth_aliases.go, node/impl/eth/filecoin.go. */

import { RpcError } from '../errors.ts'
import { ethereumAddressOf } from '../ethereum/address.ts'
import { findState } from '../ethereum/find-block.ts'
import { findMessage } from '../ethereum/find-transaction.ts'
import { addressText, cid, toFilecoinAddress } from '../filecoin/readers.ts'
import { cidJson } from '../filecoin/to-json.ts'
import { alias, type Method, method } from '../method.ts'
import { blockReference, LATEST } from '../parameters/block-reference.ts'
import { optional, parameter } from '../parameters/parameter.ts'
import { address, hash } from '../parameters/readers.ts'
import { toHex } from '../text/hex.ts'

/** Ethereum's methods that Lotus has under its own names too. */
const ALIASED =
  /^(?:eth_(?:accounts|blockNumber|getBlock.*|getTransaction.*|getCode|getStorageAt|getBalance|chainId|syncing|baseFee|feeHistory|protocolVersion|maxPriorityFeePerGas|gasPrice|sendRawTransaction|estimateGas|call|getLogs|getFilter.*|new.*Filter|uninstallFilter|subscribe|unsubscribe)|trace_.*|net_(?:version|listening)|web3_clientVersion)$/u

/** Names of Filecoin for what there is already. */
export function filecoinAliases(methods: readonly Method[]): Method[] {
  return methods
    .filter(({ name, unsupported }) => unsupported === undefined && ALIASED.test(name))
    .map((one) => alias(`Filecoin.${filecoinName(one.name)}`, one))
}

/** `EthGetCode` of `eth_getCode`, `EthTraceBlock` of `trace_block`, `NetVersion` of `net_version`. */
function filecoinName(name: string): string {
  const words = name.replace(/^trace_/u, 'eth_trace_').split('_')
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** Names of the one world for those of the other. */
export const FILECOIN_ETHEREUM_METHODS: readonly Method[] = [
  method('Filecoin.EthAddressToFilecoinAddress', 'read', [parameter('address', address)], ({ vm }, [who]) =>
    vm.format(who),
  ),
  method(
    'Filecoin.FilecoinAddressToEthAddress',
    'read',
    [parameter('address', addressText), parameter('block', optional(blockReference))],
    (host, [who, block = LATEST]) => {
      const filecoin = toFilecoinAddress(host.vm.crypto, who)
      const found = ethereumAddressOf(host.block(findState(host.vm, block)).state, filecoin)
      if (found === undefined)
        throw new RpcError(
          'rpc/failed',
          `${host.vm.format(filecoin)} has no actor yet, and so no id that would stand for it`,
        )
      return found
    },
  ),
  method(
    'Filecoin.EthGetMessageCidByTransactionHash',
    'read',
    [parameter('transactionHash', hash)],
    ({ vm }, [name]) => {
      const found = vm.pool.find(name)?.cid ?? vm.chain.messageOfHash(name)
      return found === undefined ? null : cidJson(found)
    },
  ),
  method('Filecoin.EthGetTransactionHashByCid', 'read', [parameter('cid', cid)], (host, [name]) => {
    const found = findMessage(host, name)?.entry ?? host.vm.pool.find(name)
    return found === undefined ? null : toHex(found.hash)
  }),
]
