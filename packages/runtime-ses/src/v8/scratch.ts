import { type EmbeddedInstance, Embedding } from '@troupe/container'
import type { RuleSet } from '@troupe/hypervisor'

/** A module that has a memory of 1 to 1,024 pages, and a function that does nothing: the container wants some code to meter. */
const MEMORY_MODULE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  // A type without parameters and results, a function of it, the memory, the function's body.
  ...[1, 4, 1, 0x60, 0, 0],
  ...[3, 2, 1, 0],
  ...[5, 5, 1, 1, 1, 0x80, 8],
  ...[10, 4, 1, 2, 0, 0x0b],
)
const PAGE_SIZE = 65_536
/** Offsets of what syscalls read and write are multiples of it. */
const ALIGNMENT = 8

/** Gives memories without code, in which syscalls find their parameters as they would in that of a Wasm actor. */
export class ScratchMemories {
  readonly #embedding: Embedding

  constructor(rules: RuleSet) {
    this.#embedding = new Embedding(() => MEMORY_MODULE, rules, { functions: [] })
  }

  create(): Scratch {
    return new Scratch(this.#embedding.instantiate(() => ({})))
  }
}

/** A memory without code. */
export class Scratch {
  readonly instance: EmbeddedInstance
  #end = 0

  constructor(instance: EmbeddedInstance) {
    this.instance = instance
  }

  /** Forgets what was put there. */
  clear(): void {
    this.#end = 0
  }

  /** Puts bytes there, and gives their offset. */
  put(bytes: Uint8Array): number {
    const { memory } = this.instance
    const offset = this.#end
    const end = offset + bytes.length
    if (end > memory.length) memory.grow(Math.ceil((end - memory.length) / PAGE_SIZE))
    memory.bytes.set(bytes, offset)
    this.#end = Math.ceil(end / ALIGNMENT) * ALIGNMENT
    return offset
  }

  /** Copies what is there now into bytes that were put there. */
  takeBack(offset: number, bytes: Uint8Array): void {
    bytes.set(this.instance.memory.bytes.subarray(offset, offset + bytes.length))
  }
}
