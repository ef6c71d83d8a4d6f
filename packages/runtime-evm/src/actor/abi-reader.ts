import { ExitCode } from '@troupe/hypervisor'
import { ActorError } from '@troupe/runtime-native'

const WORD = 32

/**
 * Reads values of Solidity's ABI from bytes, after which zeros go on forever.
 *
 * Source: builtin-actors v18 actors/evm/src/reader.rs.
 */
export class AbiReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** How many bytes there are before the zeros. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  /** Goes on at an offset from the beginning. */
  seek(offset: number): void {
    this.#at = Math.min(offset, this.#bytes.length)
  }

  /** The next word. */
  word(): bigint {
    const end = Math.min(this.#at + WORD, this.#bytes.length)
    let digits = '0x'
    for (let at = this.#at; at < end; at++)
      digits += (this.#bytes[at] as number).toString(16).padStart(2, '0')
    const read = end - this.#at
    this.#at = end
    return read === 0 ? 0n : BigInt(digits) << BigInt(8 * (WORD - read))
  }

  /** The next word, which has to fit `bits` bits. @throws {ActorError} USR_SERIALIZATION where it does not */
  uint(bits: 32 | 64): bigint {
    const word = this.word()
    if (word >> BigInt(bits) !== 0n)
      throw new ActorError(ExitCode.USR_SERIALIZATION, `a number of more than ${bits} bits`)
    return word
  }

  /** The next `length` bytes, padded with zeros. A view of the input where there are as many. */
  bytes(length: number): Uint8Array {
    const there = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += there.length
    if (there.length === length) return there
    const padded = new Uint8Array(length)
    padded.set(there)
    return padded
  }
}

/** Writes words of Solidity's ABI, one after the other. @param words each below 2^256 @param tail bytes after them, padded to a whole word */
export function writeAbi(words: readonly bigint[], tail: Uint8Array): Uint8Array {
  const head = words.length * WORD
  const bytes = new Uint8Array(head + Math.ceil(tail.length / WORD) * WORD)
  const view = new DataView(bytes.buffer)
  words.forEach((word, index) => {
    for (let part = 0; part < 4; part++)
      view.setBigUint64(index * WORD + part * 8, word >> BigInt(192 - 64 * part))
  })
  bytes.set(tail, head)
  return bytes
}
