import type { EmbeddedInstance } from '@troupe/container'

/** Bytes that are looked at together. */
const CHUNK = 4096
const WORDS = CHUNK / 4

/** A part of a memory that is not all zeros. */
interface Run {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** What an instance was at one moment: its memory and its globals. What a later moment has in common with an earlier one, it shares with that. */
export class Snapshot {
  /** Bytes of the memory. */
  readonly length: number
  readonly globals: readonly number[]
  /** Bytes that it holds for itself. */
  readonly ownBytes: number
  readonly #runs: readonly Run[]
  /** The whole memory, where this is the first moment. */
  readonly #memory: Uint8Array<ArrayBuffer>

  private constructor(memory: Uint8Array<ArrayBuffer>, globals: readonly number[], earlier?: Snapshot) {
    const before = earlier === undefined ? undefined : wordsOf(earlier.#memory)
    const now = wordsOf(memory)
    const runs: { offset: number; bytes: Uint8Array }[] = []
    let ownBytes = 0
    for (let offset = 0; offset < memory.length; offset += CHUNK) {
      const at = offset / 4
      if (isZero(now, at)) continue
      const isShared = before !== undefined && isSame(now, before, at)
      const source = isShared && earlier !== undefined ? earlier.#memory : memory
      const bytes = source.subarray(offset, offset + CHUNK)
      if (!isShared) ownBytes += CHUNK
      const last = runs.at(-1)
      if (
        last !== undefined &&
        last.offset + last.bytes.length === offset &&
        last.bytes.buffer === bytes.buffer
      )
        last.bytes = source.subarray(last.offset, offset + CHUNK)
      else runs.push({ offset, bytes })
    }
    this.length = memory.length
    this.globals = globals
    this.ownBytes = ownBytes
    this.#memory = memory
    this.#runs = earlier === undefined ? runs : runs.map((run) => copied(run, memory.buffer))
    if (earlier !== undefined) this.#memory = earlier.#memory
  }

  /** The first moment. @param memory whole pages; kept */
  static of(memory: Uint8Array<ArrayBuffer>, globals: readonly number[]): Snapshot {
    return new Snapshot(memory, globals)
  }

  /** A later moment: what an instance is now. @param earlier the first */
  static after(earlier: Snapshot, { memory, globals }: EmbeddedInstance): Snapshot {
    return new Snapshot(memory.bytes as Uint8Array<ArrayBuffer>, globals.map(Number), earlier)
  }

  /** Makes an instance that it was at that moment, whose memory is not larger. */
  restore(instance: EmbeddedInstance): void {
    const { memory } = instance
    if (memory.length < this.length) memory.grow((this.length - memory.length) / PAGE_SIZE)
    const { bytes } = memory
    let end = 0
    for (const run of this.#runs) {
      if (run.offset > end) bytes.fill(0, end, run.offset)
      bytes.set(run.bytes, run.offset)
      end = run.offset + run.bytes.length
    }
    bytes.fill(0, end)
    instance.globals = this.globals
  }
}

/** Bytes of a page of Wasm. */
export const PAGE_SIZE = 65_536

/** A run of its own, where it is a part of `buffer`. */
function copied(run: Run, buffer: ArrayBufferLike): Run {
  return run.bytes.buffer === buffer ? { offset: run.offset, bytes: run.bytes.slice() } : run
}

function wordsOf({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Int32Array {
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
