/** @module Transactions and signatures of the chain's own accounts, and transactions that others have signed. */
import { type Address, toEthereumAddress } from '@troupe/hypervisor'
import { signTyped } from 'micro-eth-signer'
import type { MessageOutcome } from 'troupe'
import { encodeTransaction, personalMessageDigest, signatureBytes } from 'troupe/ethereum'
import { RpcError } from '../errors.ts'
import { findMessage } from '../ethereum/find-transaction.ts'
import { toEthereumReceipt } from '../ethereum/receipt.ts'
import { fillRequest, sendTransaction, signRequest } from '../ethereum/send-transaction.ts'
import { toUnsignedTransaction } from '../ethereum/transaction.ts'
import type { RpcHost } from '../host.ts'
import { type Method, method, unsupported } from '../method.ts'
import { callRequest } from '../parameters/call-request.ts'
import { invalid, optional, parameter, reader } from '../parameters/parameter.ts'
import { address, bytes, quantity } from '../parameters/readers.ts'
import { isJsonObject } from '../protocol/json.ts'
import { toHex } from '../text/hex.ts'

/** As with go-ethereum. */
const DEFAULT_WAIT_MS = 20_000n
const MAX_TYPED_LENGTH = 1_000_000
/** Stands where a signature is to be. */
const NO_SIGNATURE = { r: 0n, s: 0n, yParity: 0 } as const
const TRANSACTION = parameter('transaction', callRequest)
const ADDRESS = parameter('address', address)
const DATA = parameter('data', bytes)

/** Typed data of EIP-712, as an object or as its JSON. */
const typedData = reader('typed data of EIP-712', (value, at) => {
  const read = typeof value === 'string' ? parse(value, at) : value
  if (!isJsonObject(read) || !isJsonObject(read['types']) || typeof read['primaryType'] !== 'string')
    throw invalid(at, 'has no types and primaryType: it is no typed data of EIP-712')
  return read
})

/** eth_sendTransaction and the like. */
export const ACCOUNT_METHODS: readonly Method[] = [
  method('eth_sendRawTransaction', 'submit', [parameter('transaction', bytes)], ({ vm }, [raw]) =>
    vm.submitTransaction(raw),
  ),
  method(
    'eth_sendRawTransactionSync',
    'submit',
    [parameter('transaction', bytes), parameter('timeoutMs', optional(quantity))],
    async (host, [raw, timeoutMs = DEFAULT_WAIT_MS]) => {
      const transactionHash = await host.vm.submitTransaction(raw)
      const { cid } = await waitFor(host, transactionHash, Math.min(Number(timeoutMs), host.limits.waitMs))
      const found = findMessage(host, cid)
      return found === undefined ? null : toEthereumReceipt(host.setting, found.view, found.entry)
    },
  ),
  method('eth_sendTransaction', 'control', [TRANSACTION], (host, [request]) =>
    sendTransaction(host, request),
  ),
  method('eth_signTransaction', 'control', [TRANSACTION], (host, [request]) =>
    toHex(signRequest(host, request)),
  ),
  method('eth_sendUnsignedTransaction', 'control', [TRANSACTION], (host, [request]) =>
    sendTransaction(host, request, true),
  ),
  method('eth_fillTransaction', 'read', [TRANSACTION], (host, [request]) => {
    const { from, transaction } = fillRequest(host, request)
    const raw = encodeTransaction({ transaction, signature: NO_SIGNATURE })
    const who = toEthereumAddress(from, host.vm.crypto)?.toLowerCase() ?? null
    return { raw: toHex(raw), tx: { from: who, ...toUnsignedTransaction(transaction) } }
  }),
  method('eth_sign', 'control', [ADDRESS, DATA], (host, [who, data]) => signPersonal(host, who, data)),
  method('personal_sign', 'control', [DATA, ADDRESS], (host, [data, who]) => signPersonal(host, who, data)),
  method(
    'eth_signTypedData_v4',
    'control',
    [ADDRESS, parameter('typedData', typedData)],
    (host, [who, typed]) => {
      try {
        return signTyped(
          typed as unknown as Parameters<typeof signTyped>[0],
          toHex(host.account(who).secretKey),
        )
      } catch (cause) {
        if (cause instanceof RpcError) throw cause
        // The library throws plain errors for types and values that do not fit.
        throw new RpcError('rpc/invalid-params', `typedData: ${(cause as Error).message}`, { cause })
      }
    },
  ),
  ...['eth_signTypedData', 'eth_signTypedData_v3'].map((name) =>
    unsupported(name, 'of the forms of typed data only eth_signTypedData_v4 is signed here'),
  ),
]

/** @throws {RpcError} rpc/still-waiting */
async function waitFor({ vm }: RpcHost, transactionHash: string, timeoutMs: number): Promise<MessageOutcome> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await vm.waitFor(transactionHash, { signal })
  } catch (cause) {
    if (!signal.aborted || cause !== signal.reason) throw cause
    throw new RpcError(
      'rpc/still-waiting',
      `the transaction waits for a block, and did so for ${timeoutMs} ms`,
      { data: transactionHash },
    )
  }
}

function signPersonal(host: RpcHost, who: Address, data: Uint8Array): string {
  return toHex(signatureBytes(host.account(who).signDigest(personalMessageDigest(host.vm.crypto, data))))
}

function parse(text: string, at: string): unknown {
  if (text.length > MAX_TYPED_LENGTH)
    throw invalid(at, `has ${text.length} characters, more than ${MAX_TYPED_LENGTH}`)
  try {
    return JSON.parse(text)
  } catch {
    throw invalid(at, 'is no JSON')
  }
}
