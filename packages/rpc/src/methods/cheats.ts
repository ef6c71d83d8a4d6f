/** @module Changes of the state that no transaction made, and transactions of accounts whose key nobody has: hardhat_* and anvil_*. */
import type { Address } from '@troupe/hypervisor'
import { findActor } from '../ethereum/contract.ts'
import { type ContractChange, contractEdit } from '../ethereum/edit-contract.ts'
import { blockHash } from '../ethereum/find-block.ts'
import type { RpcHost } from '../host.ts'
import { alias, type Method, method, silentAlias, unsupported } from '../method.ts'
import { parameter } from '../parameters/parameter.ts'
import { address, boolean, bytes, hash, quantity } from '../parameters/readers.ts'
import { toHex, toQuantity } from '../text/hex.ts'

const FIXED_BY_RULES = 'is a rule of the network, which follows from the messages of the block before'
const NO_COINBASE = 'no block has a coinbase on Filecoin: COINBASE is zero'
const NO_NODE = 'a chain stands on a state, not on the URL of a node'
const ADDRESS = parameter('address', address)

const setBalance = method(
  'hardhat_setBalance',
  'control',
  [ADDRESS, parameter('balance', quantity)],
  async ({ vm }, [who, balance]) => {
    await vm.edit([{ address: who, balance }])
    return true
  },
)
const addBalance = method(
  'anvil_addBalance',
  'control',
  [ADDRESS, parameter('amount', quantity)],
  async ({ vm }, [who, amount]) => {
    await vm.edit([{ address: who, balance: (await vm.balanceOf(who)) + amount }])
    return null
  },
)
const setCode = method(
  'hardhat_setCode',
  'control',
  [ADDRESS, parameter('code', bytes)],
  (host, [who, code]) => change(host, who, { code }),
)
const setStorageAt = method(
  'hardhat_setStorageAt',
  'control',
  [ADDRESS, parameter('slot', quantity), parameter('value', hash)],
  (host, [who, slot, value]) => change(host, who, { storage: [[slot, BigInt(toHex(value))]] }),
)
const setNonce = method(
  'hardhat_setNonce',
  'control',
  [ADDRESS, parameter('nonce', quantity)],
  async (host, [who, nonce]) => {
    if (findActor(host.vm, host.vm.chain.head, who)?.isContract === true) return change(host, who, { nonce })
    await host.vm.edit([{ address: who, sequence: nonce }])
    return true
  },
)
const impersonate = method('hardhat_impersonateAccount', 'control', [ADDRESS], (host, [who]) =>
  host.impersonate(who, true),
)
const stop = method('hardhat_stopImpersonatingAccount', 'control', [ADDRESS], (host, [who]) =>
  host.impersonate(who, false),
)
const drop = method(
  'hardhat_dropTransaction',
  'control',
  [parameter('transactionHash', hash)],
  ({ vm }, [name]) => {
    const pending = vm.pool.find(name)
    return pending !== undefined && vm.pool.drop(pending.cid)
  },
)
const metadata = method('hardhat_metadata', 'read', [], (host) => ({
  clientVersion: host.clientVersion,
  chainId: Number(host.setting.chainId),
  instanceId: host.instanceId,
  latestBlockNumber: Number(host.vm.head.epoch),
  latestBlockHash: blockHash(host.vm.chain.head),
  snapshots: {},
}))
const setLoggingEnabled = method(
  'hardhat_setLoggingEnabled',
  'control',
  [parameter('enabled', boolean)],
  (host, [isEnabled]) => {
    host.isLogging = isEnabled
    return true
  },
)

/** hardhat_* and anvil_* but for blocks and time. */
export const CHEAT_METHODS: readonly Method[] = [
  ...both(setBalance, 'tenderly_setBalance'),
  silentAlias('anvil_setBalance', setBalance),
  setCode,
  silentAlias('anvil_setCode', setCode),
  ...both(setStorageAt, 'anvil_setStorageAt'),
  ...both(setNonce, 'evm_setAccountNonce'),
  silentAlias('anvil_setNonce', setNonce),
  impersonate,
  silentAlias('anvil_impersonateAccount', impersonate),
  stop,
  silentAlias('anvil_stopImpersonatingAccount', stop),
  ...both(drop, 'anvil_dropTransaction'),
  ...both(metadata, 'anvil_metadata'),
  setLoggingEnabled,
  silentAlias('anvil_setLoggingEnabled', setLoggingEnabled),
  method('anvil_autoImpersonateAccount', 'control', [parameter('enabled', boolean)], (host, [isEnabled]) => {
    host.impersonatesAll = isEnabled
    return null
  }),
  ...both(addBalance, 'tenderly_addBalance'),
  method('anvil_dropAllTransactions', 'control', [], ({ vm }) => {
    vm.pool.clear()
    return null
  }),
  method('anvil_removePoolTransactions', 'control', [ADDRESS], ({ vm }, [who]) => {
    for (const { cid, message } of vm.pool.pending) if (message.from.key === who.key) vm.pool.drop(cid)
    return null
  }),
  method('anvil_nodeInfo', 'read', [], (host) => ({
    currentBlockNumber: toQuantity(host.vm.head.epoch),
    currentBlockTimestamp: Number(host.vm.head.timestamp),
    currentBlockHash: blockHash(host.vm.chain.head),
    hardFork: host.vm.chain.rules.rules.name,
    transactionOrder: 'fees',
    environment: {
      baseFee: toQuantity(host.vm.head.baseFee),
      chainId: Number(host.setting.chainId),
      gasLimit: '0x2540be400',
      gasPrice: toQuantity(host.vm.head.baseFee),
    },
    forkConfig: {},
  })),
  ...['hardhat_setNextBlockBaseFeePerGas', 'anvil_setNextBlockBaseFeePerGas'].map((name) =>
    unsupported(name, `the base fee ${FIXED_BY_RULES}`),
  ),
  ...['hardhat_setMinGasPrice', 'anvil_setMinGasPrice'].map((name) =>
    unsupported(name, `the least price of gas is the base fee, which ${FIXED_BY_RULES}`),
  ),
  ...['hardhat_setCoinbase', 'anvil_setCoinbase', 'eth_coinbase'].map((name) =>
    unsupported(name, NO_COINBASE),
  ),
  unsupported('hardhat_setPrevRandao', 'randomness comes from the seed of the chain, for all actors alike'),
  unsupported('anvil_setChainId', 'the chain id is one of the network, by which signatures are made'),
  unsupported('anvil_setRpcUrl', NO_NODE),
  unsupported('anvil_dumpState', 'a state is a CAR here: the command and `vm.exportCar()` write it'),
  unsupported(
    'anvil_loadState',
    'a chain begins with a state: `createTroupe({ state })`, `troupe dev --fork FILE.car`',
  ),
  unsupported(
    'anvil_dealERC20',
    'where a token keeps its balances is not known; impersonate a holder, or use hardhat_setStorageAt',
  ),
  unsupported(
    'anvil_setERC20Allowance',
    'where a token keeps its allowances is not known; impersonate the owner, or use hardhat_setStorageAt',
  ),
]

function both(first: Method, ...names: string[]): Method[] {
  return [first, ...names.map((name) => alias(name, first))]
}

async function change({ vm }: RpcHost, who: Address, what: ContractChange): Promise<boolean> {
  const { blocks, edit } = await vm.read(() => contractEdit(vm.chain.machineAfter(), who, what))
  await vm.edit([edit], { blocks })
  return true
}
