/**
 * @module `console.log` of Solidity: calls of an address that has no contract, which Hardhat's and Foundry's libraries make for nothing but to be seen.
 *
 * Source: hardhat `console.sol`, forge-std `console.sol`: `log(…)` of up to four numbers, texts, booleans and addresses, and `logBytes32(bytes32)` and the like.
 */

import { bytesToHex, bytesToNumberBE } from '@noble/curves/utils.js'
import type { CryptoProvider } from '@troupe/crypto'
import { type CallFrame, type CallTree, ethereumAddressBytes } from '@troupe/hypervisor'
import { byteString } from './byte-string.ts'

const CONSOLE = '000000000000000000636f6e736f6c652e6c6f67'
const WORD = 32
const MAX_TYPES = 4
/** Characters of a line, beyond which it is cut. */
export const MAX_CONSOLE_LINE_LENGTH = 10_000

/** The types whose combinations `log` takes. */
const TYPES = ['uint256', 'string', 'bool', 'address'] as const
const SINGLE = ['int256', 'bytes', ...Array.from({ length: WORD }, (_, index) => `bytes${index + 1}`)]
/** The names of Hardhat's older versions, by which they found selectors. */
const OLD_NAMES: Readonly<Record<string, string>> = { uint256: 'uint', int256: 'int' }

/** Reads what contracts say to the console. */
export class ConsoleReader {
  readonly #crypto: CryptoProvider
  #selectors: Map<string, readonly string[]> | undefined

  constructor(crypto: CryptoProvider) {
    this.#crypto = crypto
  }

  /** The lines of a message in their order, at most `limit` of them, each with the actor that said it. */
  read({ roots }: CallTree, limit: number): { readonly actor: bigint; readonly text: string }[] {
    const lines: { readonly actor: bigint; readonly text: string }[] = []
    const visit = (frame: CallFrame): void => {
      if (lines.length >= limit) return
      const text = this.line(frame)
      if (text !== undefined) lines.push({ actor: frame.call.from, text })
      frame.calls.forEach(visit)
    }
    roots.forEach(visit)
    return lines
  }

  /** What a call says; `undefined` for a call of anyone else, or in words that nobody knows. */
  line({ call }: Pick<CallFrame, 'call'>): string | undefined {
    const bytes = ethereumAddressBytes(call.to)
    if (bytes === undefined || bytesToHex(bytes) !== CONSOLE || call.parameters === undefined)
      return undefined
    const input = byteString(call.parameters.data) ?? call.parameters.data
    this.#selectors ??= selectorsOf(this.#crypto)
    const types = this.#selectors.get(bytesToHex(input.subarray(0, 4)))
    if (types === undefined) return undefined
    const values = types.map((type, index) => valueAt(input.subarray(4), index, type))
    return formatLine(values).slice(0, MAX_CONSOLE_LINE_LENGTH)
  }
}

function selectorsOf(crypto: CryptoProvider): Map<string, readonly string[]> {
  const selectors = new Map<string, readonly string[]>()
  const encoder = new TextEncoder()
  const add = (name: string, types: readonly string[]): void => {
    const olds = types.map((type) => OLD_NAMES[type] ?? type)
    for (const written of [olds, types])
      selectors.set(
        bytesToHex(crypto.keccak256(encoder.encode(`${name}(${written.join(',')})`)).subarray(0, 4)),
        types,
      )
  }
  const combine = (types: readonly string[]): void => {
    add('log', types)
    if (types.length < MAX_TYPES) for (const type of TYPES) combine([...types, type])
  }
  combine([])
  for (const type of [...TYPES, ...SINGLE]) {
    add('log', [type])
    add(`log${type.charAt(0).toUpperCase()}${type.slice(1).replace(/256$/u, '')}`, [type])
  }
  add('log', ['string', 'int256'])
  return selectors
}

/** A parameter in ABI encoding. What does not fit is shown as it is. */
function valueAt(body: Uint8Array, index: number, type: string): string {
  const word = body.subarray(index * WORD, (index + 1) * WORD)
  if (word.length < WORD) return '?'
  const number = bytesToNumberBE(word)
  if (type === 'uint256') return String(number)
  if (type === 'int256') return String(BigInt.asIntN(256, number))
  if (type === 'bool') return String(number !== 0n)
  if (type === 'address') return `0x${bytesToHex(word.subarray(12))}`
  if (type !== 'string' && type !== 'bytes') return `0x${bytesToHex(word.subarray(0, Number(type.slice(5))))}`
  if (number > BigInt(body.length - WORD)) return '?'
  const start = Number(number) + WORD
  const length = bytesToNumberBE(body.subarray(start - WORD, start))
  if (length > BigInt(body.length - start)) return '?'
  const data = body.subarray(start, start + Math.min(Number(length), MAX_CONSOLE_LINE_LENGTH))
  return type === 'bytes' ? `0x${bytesToHex(data)}` : new TextDecoder().decode(data)
}

/** `%s` and the like of a first text are filled with what comes after it; the rest is appended. */
function formatLine([first = '', ...rest]: readonly string[]): string {
  let next = 0
  const filled = first.replace(/%[sdifoOxeac%]/gu, (mark) => {
    if (mark === '%%') return '%'
    return rest[next] === undefined ? mark : (rest[next++] as string)
  })
  return [filled, ...rest.slice(next)].join(' ')
}
