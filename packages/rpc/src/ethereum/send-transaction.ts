/** @module Transactions that the chain sends for its own accounts, and for those that are impersonated. */
import { type Address, ethereumAddressBytes, type Machine, type Message } from '@troupe/hypervisor'
import { encodeTransaction, signTransaction, type Transaction } from 'troupe/ethereum'
import { RpcError } from '../errors.ts'
import type { RpcHost } from '../host.ts'
import { LATEST } from '../parameters/block-reference.ts'
import type { CallRequest } from '../parameters/call-request.ts'
import { type Hex, toHex } from '../text/hex.ts'
import { toCallMessage } from './call.ts'
import { estimateGas } from './estimate-gas.ts'
import { findState } from './find-block.ts'
import { executePending } from './pending-state.ts'

/** attoFIL for one gas that the producer gets where a sender does not say. */
const DEFAULT_PREMIUM = 100_000n

/**
 * Sends a transaction, and gives its hash.
 * @param isUnsigned whether nobody need sign it, whoever it is of
 * @throws {RpcError} rpc/unauthorized for a sender whose key is not here, and who is not impersonated; rpc/reverted and rpc/failed where nobody said how much gas it may use, and it fails
 * @throws {TroupeError} message/…, pool/…
 */
export async function sendTransaction(host: RpcHost, request: CallRequest, isUnsigned = false): Promise<Hex> {
  const from = senderOf(host, request)
  if (!isUnsigned && !host.isImpersonated(from)) {
    const raw = await host.vm.read(() => signRequest(host, request))
    return (await host.vm.submitTransaction(raw)) as Hex
  }
  const { gasLimit, method, params, to, value } = await host.vm.read(() =>
    withGas(host, { ...request, from }),
  )
  const isAnAccount = await host.vm.read(() => isAccount(host, from))
  const isFree = !isAnAccount && request.gasPrice === undefined && request.maxFeePerGas === undefined
  const cid = await host.vm.post(
    {
      ...{ from, to, method, params, value, gasLimit },
      sequence: request.nonce,
      // What is no account is free, because it is not for it to have funds for gas.
      ...(isFree ? { gasFeeCap: 0n, gasPremium: 0n } : fees(host, request)),
    },
    { impersonate: true },
  )
  return toHex(cid.multihash.digest)
}

/** The bytes of a signed transaction of one of the chain's accounts. @throws as {@link sendTransaction} */
export function signRequest(host: RpcHost, request: CallRequest): Uint8Array {
  const account = host.account(senderOf(host, request))
  const { transaction } = fillRequest(host, request)
  return encodeTransaction(signTransaction(host.vm.crypto, account, transaction))
}

/**
 * A transaction with all that its sender has not said: nonce, gas and fees.
 * @throws {RpcError} rpc/invalid-params for another chain; rpc/reverted and rpc/failed where nobody said how much gas it may use, and it fails
 */
export function fillRequest(
  host: RpcHost,
  request: CallRequest,
): { readonly from: Address; readonly transaction: Transaction } {
  const from = senderOf(host, request)
  const { chainId } = host.setting
  if (request.chainId !== undefined && request.chainId !== chainId)
    throw new RpcError(
      'rpc/invalid-params',
      `transaction.chainId is ${request.chainId}, and this chain is ${chainId}`,
    )
  const { gasLimit } = withGas(host, { ...request, from })
  const { gasFeeCap, gasPremium } = fees(host, request)
  const common = {
    nonce: request.nonce ?? host.vm.pool.nextSequence(from),
    gasLimit,
    to: request.to === undefined ? undefined : ethereumAddressBytes(request.to),
    value: request.value,
    input: request.input,
  }
  const transaction: Transaction =
    request.gasPrice === undefined
      ? { kind: 'eip1559', chainId, ...common, maxFeePerGas: gasFeeCap, maxPriorityFeePerGas: gasPremium }
      : { kind: 'eip155', chainId, ...common, gasPrice: request.gasPrice }
  return { from, transaction }
}

function senderOf(host: RpcHost, { from, hasAccessList, type }: CallRequest): Address {
  if (hasAccessList)
    throw new RpcError(
      'rpc/unsupported',
      'transaction.accessList: Filecoin has no access lists, and what is in one would not be signed',
    )
  if (type !== undefined && type !== 0n && type !== 2n)
    throw new RpcError(
      'rpc/unsupported',
      `transaction.type is ${type}; Filecoin has transactions of type 0 and 2`,
    )
  const sender = from ?? host.vm.accounts[0]?.delegated
  if (sender === undefined)
    throw new RpcError('rpc/invalid-params', 'transaction.from is missing, and the chain has no accounts')
  return sender
}

/** The message of a request, with the gas that it needs where nobody says how much. */
function withGas(host: RpcHost, request: CallRequest): Message {
  const { chain } = host.vm
  const message = toCallMessage(request)
  if (request.gas !== undefined) return { ...message, gasLimit: request.gas }
  const tipset = findState(host.vm, LATEST)
  const open = (): Machine => {
    const machine = chain.machineAfter(tipset)
    executePending(host, machine, message.from)
    return machine
  }
  return { ...message, gasLimit: estimateGas(open, message) }
}

function fees(
  { vm }: RpcHost,
  request: CallRequest,
): { readonly gasFeeCap: bigint; readonly gasPremium: bigint } {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = request
  if (gasPrice !== undefined) return { gasFeeCap: gasPrice, gasPremium: gasPrice }
  const wanted = maxPriorityFeePerGas ?? DEFAULT_PREMIUM
  const gasFeeCap = maxFeePerGas ?? 2n * vm.chain.baseFee + wanted
  // A premium that nobody chose gives way to a low fee cap.
  const isTooHigh = wanted > gasFeeCap && maxPriorityFeePerGas === undefined
  return { gasFeeCap, gasPremium: isTooHigh ? gasFeeCap : wanted }
}

function isAccount({ vm }: RpcHost, address: Address): boolean {
  const { manifest, state } = vm.chain.machineAfter()
  const id = state.lookupId(address)
  const code = id === undefined ? undefined : state.getActor(id)?.code
  return (
    code !== undefined && ['account', 'ethaccount', 'placeholder'].some((name) => manifest.is(name, code))
  )
}
