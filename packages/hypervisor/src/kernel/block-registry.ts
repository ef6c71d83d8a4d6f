import { ErrorNumber } from '../actor/error-number.ts'
import { SyscallError } from './errors.ts'

/** Bytes with the codec that says how to read them. Not to be written to: blocks are shared between the registries of caller and callee. */
export interface Block {
  readonly codec: number
  readonly data: Uint8Array
}

/** The handle that stands for no block. */
export const NO_BLOCK = 0

/** Most blocks that one invocation can hold. */
const MAX_BLOCKS = 2 ** 31 - 1

/** The blocks that one invocation has at hand, by handle: 1 for the first, and so on. Handles are never freed. */
export class BlockRegistry {
  readonly #blocks: Block[] = []
  readonly #codecs: readonly number[]

  /** @param codecs what it accepts */
  constructor(codecs: readonly number[]) {
    this.#codecs = codecs
  }

  get isFull(): boolean {
    return this.#blocks.length >= MAX_BLOCKS
  }

  /** Adds a block, and gives its handle. @throws {SyscallError} LimitExceeded, IllegalCodec */
  put(block: Block): number {
    if (this.isFull) throw new SyscallError(ErrorNumber.LimitExceeded, 'too many blocks')
    if (!this.#codecs.includes(block.codec))
      throw new SyscallError(
        ErrorNumber.IllegalCodec,
        `blocks may not have the codec 0x${block.codec.toString(16)}`,
      )
    this.#blocks.push(block)
    return this.#blocks.length
  }

  /** The block of a handle. @throws {SyscallError} InvalidHandle */
  get(handle: number): Block {
    const block = this.#blocks[handle - 1]
    if (block === undefined) throw new SyscallError(ErrorNumber.InvalidHandle, `there is no block ${handle}`)
    return block
  }
}
