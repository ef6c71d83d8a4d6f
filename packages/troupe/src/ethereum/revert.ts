/** @module Why an Ethereum contract reverted: what Solidity and its relatives put into the data of a revert. Source: Solidity's documentation, "Panic via assert and Error via require". */
import { bytesToHex, bytesToNumberBE } from '@noble/curves/utils.js'
import { byteString } from './byte-string.ts'

/** Exit code of a contract that reverted. */
export const EVM_CONTRACT_REVERTED = 33

/** What a contract reverted with. */
export interface Revert {
  /** What the contract gave: a selector and ABI-encoded parameters, as a rule. */
  readonly data: Uint8Array
  /** `Error(string)`, `Panic(uint256)`, an error of the contract's own, known by its selector, or none at all. */
  readonly kind: 'error' | 'panic' | 'custom' | 'empty'
  /** For people: the text of an error, what a panic means, the selector of an error of its own. At most {@link MAX_REASON_LENGTH} characters. */
  readonly reason: string
}

/** Most characters of a reason. */
export const MAX_REASON_LENGTH = 10_000

const ERROR_SELECTOR = '08c379a0'
const PANIC_SELECTOR = '4e487b71'
const SELECTOR_LENGTH = 4
const WORD_LENGTH = 32

const PANICS: ReadonlyMap<bigint, string> = new Map([
  [0x00n, 'generic panic'],
  [0x01n, 'assertion failed'],
  [0x11n, 'arithmetic overflow or underflow'],
  [0x12n, 'division or modulo by zero'],
  [0x21n, 'conversion to an enum that has no such value'],
  [0x22n, 'storage byte array that is incorrectly encoded'],
  [0x31n, 'pop of an empty array'],
  [0x32n, 'array index out of bounds'],
  [0x41n, 'too much memory allocated, or an array too large'],
  [0x51n, 'call of an uninitialised internal function'],
])

/** Why a contract reverted, from its receipt; `undefined` where it did not, or where the actor is no contract. */
export function revertOfReceipt(receipt: {
  readonly exitCode: number
  readonly returnData: Uint8Array
}): Revert | undefined {
  if (receipt.exitCode !== EVM_CONTRACT_REVERTED) return undefined
  const data = byteString(receipt.returnData)
  return data === undefined ? undefined : readRevert(data)
}

/** What the data of a revert says. Data that looks like an error of Solidity's and is not encoded as one is one of the contract's own. */
export function readRevert(data: Uint8Array): Revert {
  if (data.length === 0) return { data, kind: 'empty', reason: 'no reason given' }
  const selector = bytesToHex(data.subarray(0, SELECTOR_LENGTH))
  const body = data.subarray(SELECTOR_LENGTH)
  if (selector === PANIC_SELECTOR && body.length === WORD_LENGTH) {
    const code = bytesToNumberBE(body)
    const meaning = PANICS.get(code) ?? 'unknown panic'
    return { data, kind: 'panic', reason: `${meaning} (0x${code.toString(16).padStart(2, '0')})` }
  }
  const text = selector === ERROR_SELECTOR ? readText(body) : undefined
  if (text !== undefined) return { data, kind: 'error', reason: text }
  return {
    ...{ data, kind: 'custom' },
    reason: `custom error 0x${selector}${body.length === 0 ? '' : `, with ${body.length} bytes of parameters`}`,
  }
}

/** The one parameter of ABI-encoded ones, a text. */
function readText(body: Uint8Array): string | undefined {
  const offset = wordAt(body, 0)
  const length = offset === undefined ? undefined : wordAt(body, offset)
  if (offset === undefined || length === undefined) return undefined
  const start = offset + WORD_LENGTH
  if (start + length > body.length) return undefined
  const shown = body.subarray(start, start + Math.min(length, MAX_REASON_LENGTH))
  return new TextDecoder().decode(shown)
}

/** A word that says where something is, or how long: none is more than there is. */
function wordAt(body: Uint8Array, at: number): number | undefined {
  if (at + WORD_LENGTH > body.length) return undefined
  const number = bytesToNumberBE(body.subarray(at, at + WORD_LENGTH))
  return number <= BigInt(body.length) ? Number(number) : undefined
}
