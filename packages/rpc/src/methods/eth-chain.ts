/** @module What the chain is, and where it stands. */
import { blockHash, firstBlock } from '../ethereum/find-block.ts'
import type { RpcHost } from '../host.ts'
import { type Method, type MethodGroup, method } from '../method.ts'
import { parameter } from '../parameters/parameter.ts'
import { bytes } from '../parameters/readers.ts'
import { toHex, toQuantity } from '../text/hex.ts'

const MODULES: readonly MethodGroup[] = [
  ...(['eth', 'net', 'web3', 'debug', 'trace', 'txpool', 'evm', 'hardhat', 'anvil'] as const),
  ...(['personal', 'tenderly', 'troupe', 'Filecoin', 'rpc'] as const),
]

/** eth_chainId and the like, net_* and web3_*. */
export const CHAIN_METHODS: readonly Method[] = [
  method('eth_chainId', 'read', [], ({ vm }) => toQuantity(vm.chain.rules.chainId)),
  method('eth_blockNumber', 'read', [], ({ vm }) => toQuantity(vm.head.epoch)),
  method('eth_syncing', 'read', [], () => false),
  // As Lotus answers: there is no protocol between Ethereum's nodes.
  method('eth_protocolVersion', 'read', [], ({ vm }) => toQuantity(vm.chain.rules.rules.networkVersion)),
  method('eth_accounts', 'read', [], accountsOf),
  method('eth_requestAccounts', 'read', [], accountsOf),
  method('eth_capabilities', 'read', [], (host) => {
    const { chain, head } = host.vm
    const oldest = { disabled: false, oldestBlock: toQuantity(firstBlock(chain).header.height) }
    return {
      head: { number: toQuantity(head.epoch), hash: blockHash(chain.head) },
      ...{ state: oldest, tx: oldest, logs: oldest, receipts: oldest, blocks: oldest },
      stateproofs: { disabled: true },
    }
  }),
  method('anvil_getGenesisTime', 'read', [], ({ vm }) => Number(vm.chain.rules.genesisTimestamp)),
  // What a console of go-ethereum asks first.
  method('rpc_modules', 'read', [], () => Object.fromEntries(MODULES.map((name) => [name, '1.0']))),
  method('net_version', 'read', [], ({ vm }) => String(vm.chain.rules.chainId)),
  method('net_listening', 'read', [], () => true),
  method('net_peerCount', 'read', [], () => '0x0'),
  method('web3_clientVersion', 'read', [], ({ clientVersion }) => clientVersion),
  method('web3_sha3', 'read', [parameter('data', bytes)], ({ vm }, [data]) =>
    toHex(vm.crypto.keccak256(data)),
  ),
]

function accountsOf({ vm }: RpcHost): string[] {
  return vm.accounts.map(({ ethereum }) => ethereum.toLowerCase())
}
