import { type Cid, cidKey } from '@troupe/ipld'
import { ErrorNumber } from '../actor/error-number.ts'
import { SyscallError } from './errors.ts'

/** Bytes with the codec that says how to read them. Not to be written to: blocks are shared between the registries of caller and callee. */
export interface Block {
  readonly codec: number
  readonly data: Uint8Array
  /** The links in it, repeated where they occur repeatedly, as far as the rules track links; absent for none. */
  readonly links?: readonly Cid[]
}

/** The handle that stands for no block. */
export const NO_BLOCK = 0

/** Most blocks that one invocation can hold. */
const MAX_BLOCKS = 2 ** 31 - 1

/**
 * The blocks that one invocation has at hand, by handle: 1 for the first, and so on. Handles are never freed. It knows too which CIDs the
 * invocation may open and link, where the rules track that.
 */
export class BlockRegistry {
  readonly #blocks: Block[] = []
  readonly #codecs: readonly number[]
  readonly #maximum: number
  readonly #reachable = new Set<string>()
  /** Links that are reachable too. Many a block is read whose links nobody follows. */
  #linked: (readonly Cid[])[] = []

  /**
   * @param codecs what it accepts
   * @param maximum most blocks
   */
  constructor(codecs: readonly number[], maximum: number = MAX_BLOCKS) {
    this.#codecs = codecs
    this.#maximum = maximum
  }

  get isFull(): boolean {
    return this.#blocks.length >= this.#maximum
  }

  /** Adds a block that was reached, and with it what it links to; gives its handle. @throws {SyscallError} LimitExceeded, IllegalCodec */
  put(block: Block): number {
    return this.#add(block, (links) => this.#linked.push(links))
  }

  /** Adds a block that an actor has made. @throws {SyscallError} LimitExceeded, IllegalCodec; NotFound where it links to what is not reachable */
  putNew(block: Block): number {
    return this.#add(block, (links) => {
      const strange = links.find((link) => !this.isReachable(link))
      if (strange !== undefined)
        throw new SyscallError(
          ErrorNumber.NotFound,
          `the block links to ${strange}, which the actor cannot reach`,
        )
    })
  }

  /** The block of a handle. @throws {SyscallError} InvalidHandle */
  get(handle: number): Block {
    const block = this.#blocks[handle - 1]
    if (block === undefined) throw new SyscallError(ErrorNumber.InvalidHandle, `there is no block ${handle}`)
    return block
  }

  markReachable(cid: Cid): void {
    this.#reachable.add(cidKey(cid))
  }

  /** Whether a block may be opened and linked. The CID of a block that is part of its CID is as good as any other. */
  isReachable(cid: Cid): boolean {
    if (this.#linked.length > 0) {
      for (const links of this.#linked) for (const link of links) this.markReachable(link)
      this.#linked = []
    }
    return this.#reachable.has(cidKey(cid))
  }

  #add(block: Block, follow: (links: readonly Cid[]) => void): number {
    if (this.isFull) throw new SyscallError(ErrorNumber.LimitExceeded, 'too many blocks')
    if (!this.#codecs.includes(block.codec))
      throw new SyscallError(
        ErrorNumber.IllegalCodec,
        `blocks may not have the codec 0x${block.codec.toString(16)}`,
      )
    if (block.links !== undefined) follow(block.links)
    this.#blocks.push(block)
    return this.#blocks.length
  }
}
