/** @module As much of Solidity's ABI as the tour needs. Whoever has a project has viem or ethers for it: `examples` shows both. */
import type { CryptoProvider } from '@troupe/crypto'

/** An argument of a function: `uint…`, or a list of those. */
export type AbiValue = bigint | readonly bigint[]

const WORD = 32

/** Calldata: the selector of a function, and its arguments. @param signature `sell(uint64[])` */
export function calldata(crypto: CryptoProvider, signature: string, ...values: AbiValue[]): Uint8Array {
  return Buffer.concat([Buffer.from(selectorOf(crypto, signature), 'hex'), encodeArguments(...values)])
}

/** The four bytes by which a function is called, in hexadecimal digits. */
export function selectorOf(crypto: CryptoProvider, signature: string): string {
  return Buffer.from(crypto.keccak256(Buffer.from(signature))).toString('hex', 0, 4)
}

/** Arguments: a word for each; lists stand behind them all, and the word says where. */
export function encodeArguments(...values: AbiValue[]): Uint8Array {
  const heads: bigint[] = []
  const tails: bigint[] = []
  for (const value of values) {
    if (typeof value === 'bigint') heads.push(value)
    else {
      heads.push(BigInt(WORD * (values.length + tails.length)))
      tails.push(BigInt(value.length), ...value)
    }
  }
  return Buffer.from(
    [...heads, ...tails].map((word) => word.toString(16).padStart(2 * WORD, '0')).join(''),
    'hex',
  )
}

/** A result that is one word. */
export function decodeWord(data: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(data).toString('hex')}`)
}
