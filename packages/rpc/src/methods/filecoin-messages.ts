/** @module Messages on their way into a block, wallets, and the node itself. Source: lotus api/api_full.go, node/impl/full/{mpool,gas,wallet}.go. */
import type { Address, Message } from '@troupe/hypervisor'
import { BLOCK_GAS_LIMIT } from 'troupe'
import { RpcError } from '../errors.ts'
import { estimateGas } from '../ethereum/estimate-gas.ts'
import {
  addressText,
  base64,
  message as messageReader,
  signedMessage,
  tipsetKey,
  toFilecoinAddress,
  toMessage,
  toSigned,
} from '../filecoin/readers.ts'
import { bytesJson, cidJson, messageJson, signedMessageJson } from '../filecoin/to-json.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method } from '../method.ts'
import { optional, parameter } from '../parameters/parameter.ts'
import { objectOf, quantity } from '../parameters/readers.ts'
import type { Json } from '../protocol/json.ts'

const ADDRESS = parameter('address', addressText)
const MESSAGE = parameter('message', messageReader)
const SPEC = parameter('spec', optional(objectOf('an object', {})))
const KEY = parameter('tipsetKey', tipsetKey)
/** attoFIL for one gas that is suggested as a premium; see `eth_maxPriorityFeePerGas`. */
const SUGGESTED_PREMIUM = 100_000n
/** Version of Lotus' API that this is a part of: 2.3.0. */
const API_VERSION = 0x020300

/** Filecoin.Mpool*, Filecoin.Wallet*, Filecoin.GasEstimate*, and what a node says of itself. */
export const FILECOIN_MESSAGE_METHODS: readonly Method[] = [
  method('Filecoin.MpoolPush', 'submit', [parameter('message', signedMessage)], async ({ vm }, [fields]) =>
    cidJson(await vm.submit(toSigned(vm.crypto, fields))),
  ),
  method('Filecoin.MpoolPushMessage', 'control', [MESSAGE, SPEC], async (host, [fields]) => {
    const { vm } = host
    const message = withFees(host, toMessage(vm.crypto, fields))
    const signed = vm.sign({ ...message, sequence: vm.pool.nextSequence(message.from) })
    await vm.submit(signed)
    return signedMessageJson(vm, signed)
  }),
  method('Filecoin.MpoolGetNonce', 'read', [ADDRESS], ({ vm }, [who]) =>
    Number(vm.pool.nextSequence(toFilecoinAddress(vm.crypto, who), { impersonate: true })),
  ),
  method('Filecoin.MpoolPending', 'read', [KEY], ({ vm }) =>
    vm.pool.pending.flatMap(({ message, signature }): Json[] =>
      signature === undefined ? [] : [signedMessageJson(vm, { message, signature })],
    ),
  ),
  method('Filecoin.GasEstimateMessageGas', 'read', [MESSAGE, SPEC, KEY], (host, [fields]) =>
    messageJson(host.vm, withFees(host, toMessage(host.vm.crypto, fields))),
  ),
  method('Filecoin.GasEstimateGasLimit', 'read', [MESSAGE, KEY], (host, [fields]) =>
    Number(gasLimitOf(host, toMessage(host.vm.crypto, fields))),
  ),
  method(
    'Filecoin.GasEstimateFeeCap',
    'read',
    [MESSAGE, parameter('blocks', optional(quantity)), KEY],
    ({ vm }) => String(2n * vm.chain.baseFee + SUGGESTED_PREMIUM),
  ),
  method(
    'Filecoin.GasEstimateGasPremium',
    'read',
    [parameter('blocks', optional(quantity)), ADDRESS, parameter('gasLimit', optional(quantity)), KEY],
    () => String(SUGGESTED_PREMIUM),
  ),
  method('Filecoin.WalletBalance', 'read', [ADDRESS], async ({ vm }, [who]) =>
    String(await vm.balanceOf(toFilecoinAddress(vm.crypto, who))),
  ),
  method('Filecoin.WalletList', 'read', [], ({ vm }) =>
    vm.accounts.flatMap(({ address, delegated }) => [vm.format(address), vm.format(delegated)]),
  ),
  method('Filecoin.WalletDefaultAddress', 'read', [], ({ vm }) => {
    const [first] = vm.accounts
    if (first === undefined) throw new RpcError('rpc/failed', 'the chain has no accounts')
    return vm.format(first.address)
  }),
  method('Filecoin.WalletHas', 'read', [ADDRESS], ({ vm }, [who]) =>
    isOwn(vm.accounts, toFilecoinAddress(vm.crypto, who)),
  ),
  method('Filecoin.WalletSign', 'control', [ADDRESS, parameter('data', base64)], ({ vm }, [who, data]) => {
    const address = toFilecoinAddress(vm.crypto, who)
    const account = vm.accounts.find((one) => one.address.key === address.key)
    if (account === undefined)
      throw new RpcError('rpc/unauthorized', `the key of ${vm.format(address)} is not here`)
    const signature = account.sign(data)
    return { Type: signature.type, Data: bytesJson(signature.data) }
  }),
  method('Filecoin.WalletValidateAddress', 'read', [ADDRESS], ({ vm }, [who]) =>
    vm.format(toFilecoinAddress(vm.crypto, who)),
  ),
  method('Filecoin.Version', 'read', [], ({ clientVersion, vm }) => ({
    Version: clientVersion,
    APIVersion: API_VERSION,
    BlockDelay: Number(vm.chain.rules.epochSeconds),
  })),
]

function isOwn(accounts: RpcHost['vm']['accounts'], { key }: Address): boolean {
  return accounts.some(({ address, delegated }) => address.key === key || delegated.key === key)
}

/** A message with gas limit, fee cap and premium, as far as it has none. */
function withFees(host: RpcHost, message: Message): Message {
  const gasLimit = message.gasLimit > 0n ? message.gasLimit : gasLimitOf(host, message)
  const gasPremium = message.gasPremium > 0n ? message.gasPremium : SUGGESTED_PREMIUM
  const gasFeeCap = message.gasFeeCap > 0n ? message.gasFeeCap : 2n * host.vm.chain.baseFee + gasPremium
  const isTooHigh = gasPremium > gasFeeCap
  return { ...message, gasLimit, gasFeeCap, gasPremium: isTooHigh ? gasFeeCap : gasPremium }
}

/** @throws {RpcError} rpc/reverted, rpc/failed where the message fails */
function gasLimitOf({ vm }: RpcHost, message: Message): bigint {
  return estimateGas(() => vm.chain.machineAfter(undefined, {}, false), {
    ...message,
    gasLimit: BLOCK_GAS_LIMIT,
    gasFeeCap: 0n,
    gasPremium: 0n,
  })
}
