import type { EmbeddedInstance } from '@troupe/container'

/** Bytes of a page of Wasm. */
export const PAGE_SIZE = 65_536
/** Bytes that are looked at together. */
export const CHUNK_SIZE = 4096

const WORDS = CHUNK_SIZE / 4

/** A part of a memory, in whole chunks. */
export interface MemoryRun {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** The chunks of a memory that are not all zeros, neighbours as one. They are views of it. */
export function memoryRuns(memory: Uint8Array): MemoryRun[] {
  const words = wordsOf(memory)
  const runs: MemoryRun[] = []
  for (let offset = 0; offset < memory.length; offset += CHUNK_SIZE)
    if (!isZero(words, offset / 4)) append(runs, offset, memory)
  return runs
}

/** What an instance was at one moment: its memory and its globals. What a later moment has in common with an earlier one, it shares with that. */
export class Snapshot {
  /** Bytes of the memory. */
  readonly length: number
  readonly globals: readonly number[]
  /** Bytes that it holds for itself. */
  readonly ownBytes: number
  readonly #runs: readonly MemoryRun[]
  #memory: Uint8Array | undefined

  private constructor(
    length: number,
    globals: readonly number[],
    runs: readonly MemoryRun[],
    ownBytes: number,
  ) {
    this.length = length
    this.globals = globals
    this.ownBytes = ownBytes
    this.#runs = runs
  }

  /** @param runs ascending, within `length`; kept */
  static of(length: number, globals: readonly number[], runs: readonly MemoryRun[]): Snapshot {
    return new Snapshot(length, globals, runs, length)
  }

  /** What an instance is now. @param earlier what it was before */
  static after(earlier: Snapshot, { memory, globals }: EmbeddedInstance): Snapshot {
    const before = earlier.#whole
    const [words, others] = [wordsOf(memory.bytes), wordsOf(before)]
    const shared: MemoryRun[] = []
    const own: MemoryRun[] = []
    for (let offset = 0; offset < memory.length; offset += CHUNK_SIZE) {
      if (isZero(words, offset / 4)) continue
      if (isSame(words, others, offset / 4)) append(shared, offset, before)
      else append(own, offset, memory.bytes)
    }
    const copies = own.map(({ offset, bytes }) => ({ offset, bytes: bytes.slice() }))
    const runs = [...shared, ...copies].sort((a, b) => a.offset - b.offset)
    const ownBytes = copies.reduce((sum, { bytes }) => sum + bytes.length, 0)
    return new Snapshot(memory.length, globals.map(Number), runs, ownBytes)
  }

  /** Makes an instance that it was at that moment, whose memory is not larger. */
  restore(instance: EmbeddedInstance): void {
    const { memory } = instance
    // What is added is zero, and is left alone: a page of the host that nobody has written to costs it nothing.
    const written = memory.length
    if (written < this.length) memory.grow((this.length - written) / PAGE_SIZE)
    const { bytes } = memory
    let end = 0
    for (const run of this.#runs) {
      bytes.fill(0, end, Math.min(run.offset, written))
      bytes.set(run.bytes, run.offset)
      end = run.offset + run.bytes.length
    }
    bytes.fill(0, end, written)
    instance.globals = this.globals
  }

  /** The memory in one piece, for later moments to share. */
  get #whole(): Uint8Array {
    if (this.#memory === undefined) {
      this.#memory = new Uint8Array(this.length)
      for (const { offset, bytes } of this.#runs) this.#memory.set(bytes, offset)
    }
    return this.#memory
  }
}

/** Adds a chunk of a memory to its runs. */
function append(runs: MemoryRun[], offset: number, memory: Uint8Array): void {
  const last = runs.at(-1)
  const start = last !== undefined && last.offset + last.bytes.length === offset ? last.offset : offset
  if (start !== offset) runs.pop()
  runs.push({ offset: start, bytes: memory.subarray(start, offset + CHUNK_SIZE) })
}

function wordsOf({ buffer, byteOffset, length }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length / 4)
}

function isZero(words: Int32Array, start: number): boolean {
  for (let i = start; i < start + WORDS; i++) if (words[i] !== 0) return false
  return true
}

function isSame(words: Int32Array, others: Int32Array, start: number): boolean {
  if (start + WORDS > others.length) return false
  for (let i = start; i < start + WORDS; i++) if (words[i] !== others[i]) return false
  return true
}
